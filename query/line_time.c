#include "query/line_time.h"

#include "query/judge.h"

enum line_time line_time(
	struct logformat *format, struct span line, struct block_result *b, int64_t *seconds)
{
	struct span text;

	if (format != b->format)
		block_result_begin(b, format);
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	record_begin(&b->record, line);
	enum verdict verdict = judge_cut(b, line, NULL);
	bool ok = verdict == VERDICT_MATCHED &&
		  record_time_text(&b->record, &text) == FIELD_VALUE &&
		  local_time_instant(&b->record.times, text, seconds);
	arena_reset(&b->arena);
	if (ok)
		return LINE_TIME_FOUND;
	return verdict == VERDICT_FILTERED || lines_is_blank(line) ? LINE_TIME_COMMENT
								   : LINE_TIME_NONE;
}
