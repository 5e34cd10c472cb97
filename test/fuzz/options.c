/* options.c -- fuzz command lines: wf understands them or names a mistake, and compiles the query.
 *
 * Input: the arguments, each ended by a newline.  Options that name a reports file are left out: no
 * file may be read here.
 */
#include <string.h>

#include "lib/lines.h"
#include "test/fuzz/arguments.h"

enum { MOST = 1000 };

static bool may_read_file(struct span arg)
{
	return arg.len >= 3 && memcmp(arg.at, "--r", 3) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span rest = {(const char *)data, size}, arg;
	char *argv[MOST + 2] = {fuzz_string(span_text("wf"))};
	int argc = 1;

	while (argc <= MOST && lines_next(&rest, &arg))
		if (!may_read_file(arg))
			argv[argc++] = fuzz_string(arg);
	fuzz_arguments(argc, argv);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return 0;
}
