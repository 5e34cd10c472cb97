#include "lib/library.h"

#if defined(LOAD_LIBRARIES)
#include <dlfcn.h>
#include <string.h>

bool library_load(const char *soname, const char *names, void *pointers)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);
	char *to = pointers;

	for (const char *name = names; library && *name; name += strlen(name) + 1) {
		void *function = dlsym(library, name);
		if (!function)
			return false;
		memcpy(to, &function, sizeof function);
		to += sizeof function;
	}
	return library != NULL;
}
#endif
