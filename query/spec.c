#include "query/spec.h"

#include <stdlib.h>
#include <string.h>

#define OF_QUERY(member) .scope = SCOPE_QUERY, .offset = offsetof(struct query_spec, member)
#define OF_GROUPING(member)                                                                        \
	.scope = SCOPE_GROUPING, .offset = offsetof(struct grouping_spec, member)

const struct property properties[] = {
	{"report", "report", "-r", OF_QUERY(preset), .kind = PROPERTY_TEXT,
		.phrase = "uses the report"},
	{"log-format", "log-format", "--log-format", OF_QUERY(log_format), .kind = PROPERTY_TEXT,
		.phrase = "reads lines as", .usual = "auto", .json = 5, .label = "log format"},
	{"delimiter", "delimiter", "-d", OF_QUERY(delimiter), .kind = PROPERTY_BYTE,
		.phrase = "splits columns at", .json = 6},
	{"ignore-case", "ignore-case", "-i", OF_QUERY(ignore_case), .kind = PROPERTY_FLAG,
		.phrase = "ignores case", .json = 4},
	{"where", "where", "-w", OF_QUERY(where), .kind = PROPERTY_LIST,
		.phrase = "keeps only lines where", .json = 3, .label = "only where"},
	{"grep", "grep", "-g", OF_QUERY(grep), .kind = PROPERTY_LIST,
		.phrase = "keeps only lines that match", .json = 1, .label = "only lines with"},
	{"vgrep", "vgrep", "-v", OF_QUERY(vgrep), .kind = PROPERTY_LIST,
		.phrase = "drops lines that match", .json = 2, .label = "no lines with"},
	{"since", "since", "--since", OF_QUERY(since), .kind = PROPERTY_TEXT,
		.phrase = "keeps only lines since", .json = 7, .label = "since"},
	{"until", "until", "--until", OF_QUERY(until), .kind = PROPERTY_TEXT,
		.phrase = "keeps only lines until", .json = 8, .label = "until"},
	{"tz", "tz", "--tz", OF_QUERY(tz), .kind = PROPERTY_TEXT, .phrase = "converts times to",
		.json = 9, .label = "time zone"},
	{"list", "list", "-w", OF_QUERY(lists), .kind = PROPERTY_LIST, .phrase = "reads the list"},
	{"totals", "totals", "totals", OF_QUERY(totals), .kind = PROPERTY_FLAG,
		.phrase = "has totals"},
	{"missing", "lenient", "missing", OF_QUERY(missing_fields_ok), .kind = PROPERTY_FLAG,
		.phrase = "accepts missing fields"},
	{"mmdb", "mmdb", "--mmdb", OF_QUERY(mmdb), .kind = PROPERTY_LIST,
		.phrase = "looks up addresses in"},

	{"name", "question", "question", OF_GROUPING(name), .kind = PROPERTY_NAME,
		.phrase = "has the ranking"},
	{"regexp", "regexp", "-e", OF_GROUPING(regexps), .kind = PROPERTY_LIST,
		.phrase = "counts matches of", .json = 1, .label = "what matches", .single = true},
	{"only-matching", "only-matching", "-o", OF_GROUPING(every_match), .kind = PROPERTY_FLAG,
		.phrase = "counts every match in a line", .json = 9},
	{"patterns", "patterns", "-E", OF_GROUPING(patterns), .kind = PROPERTY_LIST,
		.phrase = "counts lines with", .json = 10},
	{"fields", "fields", "-f", OF_GROUPING(fields), .kind = PROPERTY_FIELDS, .phrase = "counts",
		.json = 3},
	{"over", "over", "-t", OF_GROUPING(over), .kind = PROPERTY_TEXT,
		.phrase = "makes a table over time, with rows of", .json = 12,
		.label = "over time, in rows of"},
	{"key", "key", "-k", OF_GROUPING(key), .kind = PROPERTY_TEXT, .phrase = "forms keys as",
		.json = 2, .label = "as"},
	{"sub", "sub", "--sub", OF_GROUPING(subs), .kind = PROPERTY_LIST,
		.phrase = "edits keys by", .json = 11, .label = "keys edited by"},
	{"sum", "sum", "-s", OF_GROUPING(sum), .kind = PROPERTY_LIST, .phrase = "computes -s",
		.json = 4, .single = true},
	{"ignore-case", "question.ignore-case", "-i", OF_GROUPING(ignore_case),
		.kind = PROPERTY_FLAG, .phrase = "ignores case", .json = 8},
	{"where", "question.where", "-w", OF_GROUPING(where), .kind = PROPERTY_LIST,
		.phrase = "counts only lines where", .json = 7, .label = "only where"},
	{"grep", "question.grep", "-g", OF_GROUPING(grep), .kind = PROPERTY_LIST,
		.phrase = "counts only lines that match", .json = 5, .label = "only lines with"},
	{"vgrep", "question.vgrep", "-v", OF_GROUPING(vgrep), .kind = PROPERTY_LIST,
		.phrase = "leaves out lines that match", .json = 6, .label = "no lines with"},
};

const size_t n_properties = sizeof properties / sizeof *properties;

const struct property *property_find(enum property_scope scope, const char *name)
{
	for (size_t i = 0; i < n_properties; i++)
		if (properties[i].scope == scope && strcmp(properties[i].name, name) == 0)
			return &properties[i];
	return NULL;
}

const void *property_at(const struct property *p, const void *spec)
{
	return (const char *)spec + p->offset;
}

size_t property_count(const struct property *p, const void *spec)
{
	const void *at = property_at(p, spec);

	switch (p->kind) {
	case PROPERTY_TEXT:
		return ((const struct arg *)at)->value != NULL;
	case PROPERTY_FIELDS:
		return grouping_spec_fields(spec) != NULL;
	case PROPERTY_LIST:
		return ((const struct args *)at)->n;
	case PROPERTY_FLAG:
		return *(const bool *)at;
	case PROPERTY_BYTE:
		return *(const int *)at >= 0;
	default:
		return 1; /* the name of a grouping is always given, even if it is empty, because it
			   * begins the grouping */
	}
}

const char *property_value(const struct property *p, const void *spec, size_t i, char byte[2])
{
	const void *at = property_at(p, spec);
	const char *const *name = at;

	switch (p->kind) {
	case PROPERTY_TEXT:
		return ((const struct arg *)at)->value;
	case PROPERTY_FIELDS:
		return grouping_spec_fields(spec);
	case PROPERTY_LIST:
		return ((const struct args *)at)->at[i].value;
	case PROPERTY_FLAG:
		return "yes";
	case PROPERTY_BYTE:
		byte[0] = (char)*(const int *)at;
		byte[1] = '\0';
		return byte;
	default:
		return *name ? *name : "";
	}
}

bool property_set(const struct property *p, void *spec, struct arg value)
{
	void *at = (char *)spec + p->offset;

	switch (p->kind) {
	case PROPERTY_LIST:
		return args_add(at, value);
	case PROPERTY_FLAG:
		*(bool *)at = strcmp(value.value, "yes") == 0;
		break;
	case PROPERTY_BYTE:
		*(int *)at = (unsigned char)value.value[0];
		break;
	case PROPERTY_NAME:
		*(const char **)at = *value.value ? value.value : NULL;
		break;
	default:
		*(struct arg *)at = value;
	}
	return true;
}

const char *grouping_spec_fields(const struct grouping_spec *spec)
{
	if (spec->fields.value || spec->regexps.n || spec->patterns.n || spec->over.value)
		return spec->fields.value;
	return "url";
}

void query_spec_free(struct query_spec *q)
{
	args_free(&q->grep);
	args_free(&q->vgrep);
	args_free(&q->where);
	args_free(&q->lists);
	args_free(&q->mmdb);
	for (size_t i = 0; i < q->n_groupings; i++) {
		args_free(&q->groupings[i].regexps);
		args_free(&q->groupings[i].patterns);
		args_free(&q->groupings[i].subs);
		args_free(&q->groupings[i].grep);
		args_free(&q->groupings[i].vgrep);
		args_free(&q->groupings[i].where);
		args_free(&q->groupings[i].sum);
	}
	free(q->groupings);
}
