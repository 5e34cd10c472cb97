/* options.h -- wf's options: their table, and the values that the user gives them.
 *
 *	command line	arguments_parse   --+
 *					    +--> option_set --> struct options
 *	reports file	reports_file_read --+
 *
 * Everything about an option is in its row of the table: a new one needs a row, and a member to
 * set.  --help, --completion and the keys of reports files are made from the rows.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "chunker.h"
#include "lib/complaint.h"
#include "lib/strlist.h"
#include "progress/meter.h"
#include "query/query.h"
#include "report/report.h"
#include "workers.h"

struct options {
	struct strlist files;   /* FILEs */
	struct strlist folders; /* -R */
	struct query_spec query;
	struct chunker_spec chunker;
	struct workers_spec workers;
	struct report_spec report;
	struct meter_spec meter;
	const char *unmatched; /* --unmatched FILE; NULL: not wanted */
	const char *save;      /* --save FILE; NULL: print */
	bool merge;            /* FILEs are snapshots */
	const char *watch;     /* --watch FILE; NULL: count */
	bool local;            /* --local: each rank of wf-mpi reads inputs of its own */
	const char *resume;    /* --resume DIR, where ranks keep what they have counted; or NULL */
	bool explain;
	enum { MMAP_AUTO, MMAP_NEVER } mmap;

	/* Print this instead: */
	const char *help; /* "", or "all"; NULL: no help */
	bool version;
	const char *completion; /* a shell's script; or NULL */

	/* Used while options are read. */
	const char *preset, *reports_file; /* -r, --reports */
	struct grouping_spec *section;     /* of the reports file, while one is read */
	uint64_t given;                    /* on the command line: bit i for row i */
	size_t top;                        /* -n, for groupings that have none of their own */
	enum order order;                  /* the same for --order */
	struct strlist owned;              /* strings to be freed */
};

enum option_kind {
	OPTION_FLAG,     /* bool */
	OPTION_TEXT,     /* const char * */
	OPTION_WORD,     /* const char *: one of words */
	OPTION_CHOICE,   /* an enum: the number of one of words */
	OPTION_NUMBER,   /* an unsigned integer, from least to most */
	OPTION_SIZE,     /* the same in bytes, with K, M, G or T; at least least */
	OPTION_LIST,     /* struct strlist: all values */
	OPTION_NAME,     /* const char *: becomes the option's name, as csv for --csv */
	OPTION_PROPERTY, /* a property of the query of the same name: see spec.h */
};

/* Where an option may be given, and with what. */
enum {
	OPTION_IN_HEAD = 1,     /* in a reports file before the first section, for all rankings */
	OPTION_IN_SECTION = 2,  /* in a section, for one ranking */
	OPTION_ONLY_FILE = 4,   /* only there, not on the command line */
	OPTION_WITH_MERGE = 8,  /* with --merge */
	OPTION_FORMAT = 16,     /* chooses an output format, so not with --save */
	OPTION_ENDS = 32,       /* what follows on the command line is not read */
	OPTION_IN_SUMMARY = 64, /* --help shows it, not only --help=all */
};

struct option_row {
	int letter;       /* 0: there is only the long form */
	const char *name; /* the long form, and the key in a reports file */
	const char *arg;  /* its argument's name; NULL: it takes none; "[=NAME]": it may have one */
	const char *help; /* up to two lines; NULL: it is not listed */
	enum option_kind kind;
	unsigned flags;
	struct option_member {
		size_t offset, size;
	} member;                     /* of struct options; not for properties */
	struct option_member section; /* of struct grouping_spec, for OPTION_IN_SECTION */
	const char *const *words;     /* up to NULL; for a flag in a file: no and yes */
	uint64_t least, most;
	const char *means; /* what its number is, for messages; NULL: a number from least to most */
	const char *once;  /* it can't be given twice: what to do instead, or ""; NULL: it can */
};

/* The rows, up to one without a name. */
extern const struct option_row option_rows[];

/* NULL if there is none. */
const struct option_row *option_by_letter(int letter);
const struct option_row *option_by_name(const char *name);

/* True if it was given on the command line. */
bool option_was_given(const struct options *, const struct option_row *);

/* True if all its values count when it is given several times; else the last one does. */
bool option_adds_up(const struct option_row *);

/* Set an option's member to a value, NULL for none.  origin is the option as it was written, for
 * messages; it and the value must outlive the options. */
bool option_set(struct options *, const struct option_row *, struct arg, struct complaint *);

/* Defaults.  False where memory is out. */
bool options_init(struct options *);

/* A copy that lives as long as the options; NULL where memory is out. */
const char *options_keep(struct options *, const char *text);

void options_free(struct options *);

#endif
