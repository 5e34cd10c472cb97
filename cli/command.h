/* command.h -- carries out a command, from its options to its exit status; shared by wf and wf-mpi.
 *
 * wf, and wf-mpi with a single rank, let command_run() do everything.  Several ranks take the
 * steps one by one, because they have to agree with each other in between:
 *
 *	command_options
 *	command_try_save
 *	command_compile
 *	    command_find_files
 *	    command_open_inputs
 *	    command_detect
 *	    command_check_save
 *	    command_count
 *	    command_outcome
 *	command_close
 *
 * Where a step fails, it prints why and exits, unless it says otherwise.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"
#include "cli/outcome.h"
#include "input/walk.h"

struct command {
	const struct options *options;
	double start;      /* of the process, in seconds of clock_seconds() */
	struct walk files; /* the names of the inputs, in files and in directories */
	struct inputs inputs;
	struct job job; /* .inputs points to the inputs above, so the struct must not move */
};

/* Prepare this process: call it before anything opens a file. */
void command_prepare_process(void);

/* Read the command line.  --help, --version and --completion print, and exit with 0. */
struct options command_options(int argc, char **argv);

/* All of it, by this process and its workers.  Returns the exit status. */
int command_run(const struct options *, double start);

/* Check, before anything is read, that the file of --save can be written. */
void command_try_save(const struct options *);

/* Compile the query and the log format.  No input is touched. */
void command_compile(struct command *, const struct options *, double start);

/* Find the names of the inputs.  The files of -R that can't be read are counted in
 * .files.unreadable. */
void command_find_files(struct command *);

/* Open the inputs.  Those that can't be read are counted in .inputs.unreadable, including
 * those of .files. */
void command_open_inputs(struct command *);

/* Detect the format of every input, if the query needs one.  Returns the number of inputs that were
 * dropped because their format is unknown; each has been reported on stderr. */
size_t command_detect(struct command *);

/* Check that --save would not replace an input. */
void command_check_save(const struct command *);

/* Count chunks of the inputs, and write the file of --unmatched.  If a signal ends the workers,
 * this process dies of the same signal. */
struct result command_count(struct command *, const struct chunker_spec *);

/* The result, ready for outcome_deliver().  Both arguments must outlive it. */
struct outcome command_outcome(const struct command *, struct result *);

void command_close(struct command *);

#endif
