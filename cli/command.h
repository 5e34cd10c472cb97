/* command.h -- carries out a command, from its options to its exit status; wf and wf-mpi share it.
 *
 * wf, and wf-mpi with a single rank, call command_run(), which takes all steps.  wf-mpi with
 * several ranks takes the steps one by one, because the ranks have to agree in between:
 *
 *	command_options
 *	command_try_save
 *	command_compile
 *	command_settle_workers
 *	    command_find_files
 *	    command_open_inputs
 *	    command_detect
 *	    command_find_newest, command_settle_period
 *	    command_search
 *	    command_check_save
 *	    command_count
 *	    command_outcome
 *	command_close
 *
 * A step that fails prints why and exits, unless its comment says otherwise.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/option_table.h"
#include "cli/print_or_save.h"
#include "count/search.h"
#include "input/find_files.h"

struct command {
	const struct options *options;
	double start;             /* when the process started, by clock_seconds() */
	struct found_files files; /* the names of the inputs: FILEs, and what -R has found */
	struct memory_limit memory;
	struct workers_spec workers;
	struct inputs inputs;
	struct period_room period; /* texts of the query's spec */
	struct covered covered;    /* the times that the searched inputs begin and end with */
	struct job job; /* .job.inputs points to .inputs, so this struct must not move */
};

/* Prepare this process: make sure that stdin, stdout and stderr are open, and ignore SIGXFSZ.  Call
 * this before anything opens a file. */
void command_prepare_process(void);

/* Read the command line.  `now` is the time of the run, in seconds since 1970.  With --help,
 * --version or --completion, prints the text and exits with 0. */
struct options command_options(int argc, char **argv, int64_t now);

/* Carry out the whole command, with this process and its workers.  Returns the exit status. */
int command_run(const struct options *, double start);

/* Check, before anything is read, that the file of --save can be written. */
void command_try_save(const struct options *);

/* Compile the query and the log format.  No input is touched. */
void command_compile(struct command *, const struct options *, double start);

/* Set .workers: as many as there are CPUs, with half of the free memory, unless the options say
 * otherwise. */
void command_settle_workers(struct command *);

/* The same, but if the inputs are small, do not examine the machine. */
void command_settle_few_workers(struct command *);

/* Choose the functions that search bytes, for this CPU. */
const struct scan *command_scan(void);

/* Open the meter that shows the progress of counting.  NULL if no progress is shown. */
struct meter *command_open_meter(const struct command *);

/* Find the names of the inputs.  .files.unreadable becomes the number of files and directories
 * that -R has found but can't read. */
void command_find_files(struct command *);

/* Open the inputs.  .inputs.unreadable becomes the number of inputs that can't be read, including
 * .files.unreadable. */
void command_open_inputs(struct command *);

/* Detect the format of every input, if the query needs one.  Returns the number of inputs that were
 * dropped because their format is unknown; each has been reported on stderr. */
size_t command_detect(struct command *);

/* Find the newest time in the inputs, in seconds since 1970, if the period depends on it.  0 if
 * it does not. */
int64_t command_find_newest(struct command *);

/* Set the period of the query, if it depends on the newest time. */
void command_settle_period(struct command *, int64_t newest);

/* Find the parts of the inputs that may have lines of the period, and set the windows of the
 * inputs. */
void command_search(struct command *);

/* Check that the file of --save is not one of the inputs: --save would replace that input. */
void command_check_save(const struct command *);

/* Count the inputs in chunks, and write the file of --unmatched.  If a signal stops the workers,
 * this process dies of the same signal. */
struct result command_count(struct command *, const struct chunker_spec *);

/* Combine the command and its result for print_or_save().  Both must outlive the outcome. */
struct outcome command_outcome(const struct command *, struct result *);

/* Free everything that the steps have opened and compiled. */
void command_close(struct command *);

#endif
