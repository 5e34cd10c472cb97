/* option_table.h -- the table of wf's options, and the values that the user has given them.
 *
 *	command line	arguments_parse   --+
 *					    +--> option_set --> struct options
 *	reports file	reports_file_read --+
 *
 * Everything about an option is in its row of the table: a new option needs a row, and a member for
 * its value.  --help, --completion and the keys of reports files are made from the rows.
 */
#ifndef CLI_OPTION_TABLE_H
#define CLI_OPTION_TABLE_H

#include "chunker.h"
#include "lib/complaint.h"
#include "lib/strlist.h"
#include "progress/meter.h"
#include "query/query.h"
#include "rank/changes.h"
#include "report/print_report.h"
#include "workers.h"

struct options {
	struct strlist files;   /* FILEs */
	struct strlist folders; /* -R */
	struct strlist mmdb;    /* --mmdb */
	struct databases *databases;
	struct query_spec query;
	struct chunker_spec chunker;
	struct workers_spec workers;
	struct report_spec report;
	struct meter_spec meter;
	const char *unmatched; /* --unmatched FILE; NULL if it was not given */
	const char *save;      /* --save FILE; NULL if it was not given */
	bool merge;            /* --merge: FILEs are snapshots */
	const char *watch;     /* --watch FILE; NULL if it was not given */
	bool local;            /* --local: each host of wf-mpi reads inputs of its own */
	const char *resume;    /* --resume DIR, where ranks save their counts; NULL if it was not
				* given */
	bool explain;
	enum mapping mmap;
	struct arg slack;      /* --slack */
	int64_t slack_seconds; /* how far out of order lines may be, for count/search.h */
	bool diff;                     /* --diff: compare FILEs with other FILEs */
	bool has_sides;                /* "--" divides the FILEs and DIRs */
	size_t old_files, old_folders; /* of these, how many precede it */
	enum changes_order changes_order;

	/* If one of these is given, print its text and count nothing. */
	const char *help; /* --help: "" or "all"; NULL if it was not given */
	bool version;
	const char *completion; /* --completion: the name of a shell; NULL if it was not given */

	/* Used to read the options, and by arguments_settle_merge(). */
	const char *preset, *reports_file; /* -r, --reports */
	struct grouping_spec *section;     /* the section that is being read; NULL if none is */
	uint64_t given;                    /* bit I is set if the option of row I was on the command
					    * line */
	size_t top;                        /* -n, for each grouping without a number of its own */
	struct arg order;                  /* --order, for each grouping without an order of its
					    * own */
	uint64_t least;                    /* --min, likewise */
	struct strlist owned;              /* strings to be freed */
};

/* The type of an option's value in struct options. */
enum option_kind {
	OPTION_FLAG,     /* bool */
	OPTION_TEXT,     /* const char * */
	OPTION_ARG,      /* struct arg: a text, and where it was given */
	OPTION_WORD,     /* const char *: one of .words */
	OPTION_CHOICE,   /* an enum, whose value is the number of one of .words */
	OPTION_NUMBER,   /* an unsigned integer, from .least to .most */
	OPTION_SIZE,     /* an unsigned integer: a number of bytes, at least .least; the user may
			  * write K, M, G or T after a number */
	OPTION_LIST,     /* struct strlist: one value for each time that the option is given */
	OPTION_NAME,     /* const char *: the name of the option itself, such as "csv" for --csv */
	OPTION_LINES,    /* adds each line of a file, but empty lines, to the query's property of the
			  * same name */
	OPTION_PROPERTY, /* sets the query's property of the same name; see query/spec.h */
};

/* Where an option may be given, and with which other options. */
enum {
	OPTION_IN_HEAD = 1,     /* allowed in a reports file before the first section, for all
				 * rankings */
	OPTION_IN_SECTION = 2,  /* allowed in a section of a reports file, for one ranking */
	OPTION_ONLY_FILE = 4,   /* allowed in a reports file, but not on the command line */
	OPTION_WITH_MERGE = 8,  /* allowed with --merge, and with --diff if snapshots are compared */
	OPTION_FORMAT = 16,     /* chooses an output format, which is not allowed with --save */
	OPTION_ENDS = 32,       /* what follows this option on the command line is not read */
	OPTION_IN_SUMMARY = 64, /* listed by --help, not only by --help=all */
	OPTION_NOT_DIFF = 128,  /* not allowed with --diff */
};

struct option_row {
	int letter;       /* the short form; 0 if there is only the long form */
	const char *name; /* the long form, and the key in a reports file */
	const char *arg;  /* the name of the argument; NULL if there is none; "[=NAME]" if it is
			   * optional */
	const char *help; /* at most two lines; NULL if --help=all does not list the option */
	enum option_kind kind;
	unsigned flags;
	struct option_member {
		size_t offset, size;
	} member;                     /* where the value is in struct options */
	struct option_member section; /* where the value is in struct grouping_spec */
	const char *const *words;     /* the possible values, or some of those of an OPTION_ARG; NULL ends
				       * the list.  A flag has "no"
				       * and "yes", for reports files */
	uint64_t least, most;
	const char *means; /* what the number is, for messages; NULL for "a number from .least to
			    * .most" */
	const char *once;  /* NULL if the option may be repeated; else what follows "given twice" in
			    * the message */
};

/* The table.  A row whose .name is NULL ends it. */
extern const struct option_row option_rows[];

/* Find an option's row; NULL if there is no such option. */
const struct option_row *option_by_letter(int letter);
const struct option_row *option_by_name(const char *name);

/* True if the option was given on the command line. */
bool option_was_given(const struct options *, const struct option_row *);

/* True if an option that is given several times keeps all its values; false if the last value
 * replaces the others. */
bool option_adds_up(const struct option_row *);

/* Store the value of an option in the member that belongs to it.  The argument's .value is NULL if
 * the option has no argument; its .origin is the option as the user wrote it, for messages.  Both
 * texts must outlive the options.  False and a complaint on a mistake. */
bool option_set(struct options *, const struct option_row *, struct arg, struct complaint *);

/* Set all options to their defaults.  False if out of memory; options_free() is allowed then,
 * too. */
bool options_init(struct options *);

/* Copy a text.  The copy is valid until options_free().  NULL if out of memory. */
const char *options_keep(struct options *, const char *text);

void options_free(struct options *);

#endif
