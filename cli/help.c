#include "cli/help.h"

#include <stdio.h>
#include <string.h>

#include "cli/completion.h"
#include "codec/codec.h"
#include "formats/logformat.h"
#include "scan/scan.h"

#ifndef WF_VERSION
#define WF_VERSION "unknown"
#endif

static void print_version(FILE *out)
{
	const struct scan *scan = scan_choose();

	fprintf(out, "wf %s (%s", WF_VERSION, scan ? scan->name : "no such CPU variant");
	for (const struct codec *const *c = codecs; *c; c++)
		if ((*c)->available)
			fprintf(out, ", %s by %s", (*c)->name, (*c)->library);
	fputs(")\n", out);
}

/* --- Help ------------------------------------------------------------------------ */

/* Print an option, such as "-e, --regexp RE", and its help.  All lines of help begin in the same
 * column. */
static void print_row(FILE *out, const struct option_row *row)
{
	enum { COLUMN = 24 };
	char left[64], letter[8] = "   ";

	if (row->letter)
		snprintf(letter, sizeof letter, "-%c,", row->letter);
	snprintf(left, sizeof left, "  %s --%s%s%s", letter, row->name,
		row->arg && *row->arg != '[' ? " " : "", row->arg ? row->arg : "");
	fprintf(out, "%-*s ", COLUMN, left);
	for (const char *p = row->help; *p; p++) {
		putc(*p, out);
		if (*p == '\n')
			fprintf(out, "%*s", COLUMN + 1, "");
	}
	putc('\n', out);
}

static void print_rows(FILE *out, bool all)
{
	for (const struct option_row *row = option_rows; row->name; row++)
		if (row->help && (all || row->flags & OPTION_IN_SUMMARY))
			print_row(out, row);
}

static void print_help(FILE *out, bool all)
{
	fprintf(out, "usage: wf [OPTION]... [FILE]...%s\n", all ? "\n" : "");
	fputs("Rank the contents of logs: the most requested URLs, any other field, or what a\n"
	      "regular expression (PCRE2) captures. '-' or no FILE is standard input.\n",
		out);
	fputs(all ? "\n" : "", out);
	print_rows(out, all);
	fputs("\n"
	      "  wf access.log                             the ten most requested URLs\n"
	      "  wf -f path -s p99,avg:request_time a.log  the slowest paths\n"
	      "  wf -f status,url -w 'status>=500' -n 20 access.log access.log.*.gz\n",
		out);
	fputs(all ? "  wf -f client -s bytes access.log          the biggest downloaders\n"
		    "  wf -r overview access.log                 seven rankings in one pass\n\n"
		    "Exit status: 0 something was counted, 1 nothing matched, 2 an error, 130 "
		    "Ctrl-C.\nMore: man wf (before installation: man ./wf.1)\n"
		  : "More: wf --help=all lists every option; man wf (or man ./wf.1) explains "
		    "them.\n",
		out);
}

/* --- Completion ------------------------------------------------------------------ */

/* Words separated by blanks; words for which .text has no room are left out. */
struct words {
	char text[4096];
	size_t len;
};

static void add_word(struct words *w, const char *word)
{
	if (w->len < sizeof w->text)
		w->len += (size_t)snprintf(
			w->text + w->len, sizeof w->text - w->len, "%s%s", w->len ? " " : "", word);
}

static void add_words(struct words *w, const char *const *words)
{
	for (size_t i = 0; words[i]; i++)
		add_word(w, words[i]);
}

/* Find out how to complete the argument of an option from the argument's name, such as "FILE".
 * Adds the possible words, if there are any, to `w`; *is_field becomes true if they are fields.  Do
 * not call this for an option that has .words. */
static enum completion_kind kind_of(const struct option_row *row, struct words *w, bool *is_field)
{
	static const struct {
		const char *arg;
		enum completion_kind kind;
		bool is_field;
	} kinds[] = {{"LIST", COMPLETE_LIST, true}, {"FUNCS:FIELD", COMPLETE_WORDS, true},
		{"COND", COMPLETE_PREFIX, true}, {"F", COMPLETE_WORDS, false},
		{"FILE", COMPLETE_FILES, false}, {"DIR", COMPLETE_FOLDERS, false}};
	size_t i = 0, n = sizeof kinds / sizeof *kinds;

	while (i < n && strcmp(row->arg, kinds[i].arg) != 0)
		i++;
	if (i == n)
		return COMPLETE_NOTHING;
	if (strcmp(row->arg, "F") == 0) {
		add_word(w, "auto");
		add_words(w, logformat_known);
	}
	*is_field = kinds[i].is_field;
	for (size_t k = 0; *is_field && fields_known(k); k++)
		add_word(w, fields_known(k));
	return kinds[i].kind;
}

/* Describe how an option is completed.  .words of the result points into `w`. */
static struct completion completion_of(const struct option_row *row, struct words *w)
{
	bool has_arg = row->arg && *row->arg != '[';
	struct completion c = {.letter = row->letter,
		.name = row->name,
		.arg = has_arg ? row->arg : NULL,
		.help = row->help};

	if (has_arg && row->words) {
		c.kind = COMPLETE_WORDS;
		add_words(w, row->words);
	} else if (has_arg) {
		c.kind = kind_of(row, w, &c.is_field);
	}
	c.words = w->text;
	return c;
}

/* Return all FIELD/WHAT of the fields that all formats share. */
static struct words all_parts(void)
{
	struct words w = {.len = 0};
	char name[64];
	const char *part;

	for (size_t f = 0; fields_known(f); f++)
		for (size_t i = 0; (part = field_known_part(fields_known(f), i)); i++) {
			snprintf(name, sizeof name, "%s/%s", fields_known(f), part);
			add_word(&w, name);
		}
	return w;
}

static void print_completion(FILE *out, const char *shell)
{
	enum { MOST = 64 };
	struct completion all[MOST];
	struct words words[MOST] = {{.len = 0}}, parts = all_parts();
	size_t n = 0;

	for (const struct option_row *row = option_rows; row->name && n < MOST; row++) {
		if (row->help) {
			all[n] = completion_of(row, &words[n]);
			n++;
		}
	}
	completion_print(out, shell, all, n, parts.text);
}

/* --- All ------------------------------------------------------------------------- */

bool help_is_wanted(const struct options *o)
{
	return o->help || o->version || o->completion;
}

void help_print(FILE *out, const struct options *o)
{
	if (o->help)
		print_help(out, *o->help);
	if (o->version)
		print_version(out);
	if (o->completion)
		print_completion(out, o->completion);
}
