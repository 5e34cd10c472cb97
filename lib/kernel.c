#include "lib/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH = 4096 };

static FILE *open_file(const char *folder, const char *file)
{
	char path[PATH + 64];

	snprintf(path, sizeof path, "%s/%s", folder, file);
	return fopen(path, "re");
}

static uint64_t read_number(FILE *f)
{
	char text[32], *end;

	if (fscanf(f, "%31s", text) != 1 || text[0] == '-')
		return UINT64_MAX;
	uint64_t n = strtoull(text, &end, 10);
	return end == text ? UINT64_MAX : n;
}

void kernel_numbers(const char *folder, const char *file, uint64_t *numbers, size_t n)
{
	FILE *f = open_file(folder, file);

	for (size_t i = 0; i < n; i++)
		numbers[i] = f ? read_number(f) : UINT64_MAX;
	if (f)
		fclose(f);
}

uint64_t kernel_number(const char *folder, const char *file)
{
	uint64_t n;

	kernel_numbers(folder, file, &n, 1);
	return n;
}

uint64_t kernel_statistic(const char *folder, const char *file, const char *name)
{
	uint64_t n = 0;
	size_t len = strlen(name);
	char line[256];
	FILE *f = open_file(folder, file);

	if (!f)
		return 0;
	while (fgets(line, sizeof line, f)) {
		if (strncmp(line, name, len) == 0 && line[len] == ' ') {
			n = strtoull(line + len, NULL, 10);
			break;
		}
	}
	fclose(f);
	return n;
}
