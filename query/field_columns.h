/* field_columns.h -- the memory in which block_columns.c keeps the values of a block's lines.
 *
 * Each column is an array with one element for each line of the block.  The memory is allocated
 * once, and used for one block after another.
 */
#ifndef QUERY_FIELD_COLUMNS_H
#define QUERY_FIELD_COLUMNS_H

#include <stdint.h>

#include "lib/decimal.h"
#include "query/compiled.h"

/* The most lines of a block that are handled together.  The columns of so few lines stay in the
 * cache. */
enum { COLUMN_LINES = 256 };

/* The most groupings and fields that a query by columns may have.  Each line has a 64-bit set of
 * groupings, and each field has a column. */
enum { COLUMN_GROUPINGS_MAX = 64, COLUMN_FIELDS_MAX = 64 };

/* The values of one field of the query. */
struct column {
	struct span *values;  /* .at of a value is NULL if the line has none */
	bool is_found;        /* true if .values has the values of the current lines */
	struct sum *numbers;  /* the values as numbers; NULL unless the field gives numbers */
	unsigned char *reads; /* for each number, the enum number_result of reading it */
	bool is_read;         /* true if .numbers has the numbers of the current lines */
	bool are_all_read;    /* true if each of these is NUMBER_OK */
};

struct field_columns {
	char *memory;          /* owns everything below */
	size_t used;           /* the number of its bytes */
	struct column *fields; /* one for each field of the query */
	size_t n_fields;
	struct span **slots; /* the values in the slots of a cut; NULL for slots that the query does
			      * not need */
	size_t n_slots;
	uint32_t *needed; /* the numbers of the slots that the query needs */
	size_t n_needed;

	/* The numbers of the open lines, which have no verdict yet, in ascending order. */
	uint32_t *lines;
	size_t n;
	uint32_t *some; /* room for the numbers of some open lines */
	bool are_usual; /* true if all open lines are usual */

	/* The numbers of the lines that must be judged one by one (judge.h). */
	uint32_t *left;
	size_t n_left;

	/* For each open line. */
	bool *is_left;      /* the line is among .left */
	bool *has_bad_time; /* the line is counted in record.bad_times; also for lines that are left */
	uint64_t *takes;    /* the set of groupings whose conditions the line meets */
	bool *has_key;      /* a grouping has found a key in the line */
	bool all_have_keys; /* true if all open lines are known to have a key; then .has_key does
			     * not matter */
	bool *meets; /* for each condition of a statistic COLUMN_LINES of these: the line meets it */
	bool *lacks_number; /* a field that should be a number is none in the line */
};

/* Allocate the columns that a query needs.  The caller frees them with field_columns_free().  NULL
 * if out of memory. */
struct field_columns *field_columns_new(const struct query *);
void field_columns_free(struct field_columns *);

#endif
