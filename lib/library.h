/* library.h -- calls libraries that are loaded only when they are needed.
 *
 * Most runs need no library but libc.  If the program were linked with the other libraries, the
 * loader would map and relocate all of them at the start of every run.  In a short run, this took a
 * third of the time.
 *
 *	#define FUNCTIONS(F) F(BZ2_bzDecompress) F(BZ2_bzDecompressEnd)
 *	LIBRARY(bzlib, FUNCTIONS)
 *
 * declares `bzlib`, a struct of pointers to these functions, and bzlib_load().  After bzlib_load()
 * has returned true, bzlib.BZ2_bzDecompress(...) can be called.
 *
 * The Makefile defines LOAD_LIBRARIES.  It also defines SONAME_bzlib as the name of the library's
 * file, which is the name that the linker would record.  If LOAD_LIBRARIES is not defined, as in a
 * static build, the library is linked, and bzlib_load() has nothing to do.
 */
#ifndef LIB_LIBRARY_H
#define LIB_LIBRARY_H

#include <stdbool.h>

#if defined(LOAD_LIBRARIES)

/* Load a library.  `names` contains the names of the functions to load, each with a NUL at the end,
 * and an empty name after the last one.  `pointers` becomes an array of pointers to the functions.
 * False if the library or a function is missing, or if there is not enough memory.  A process in a
 * sandbox (sandbox.h) cannot load libraries.  This function may be called again. */
bool library_load(const char *soname, const char *names, void *pointers);

/* NOLINTBEGIN(bugprone-macro-parentheses): the arguments are names */
#define LIBRARY_MEMBER(function) __typeof__(function) *function;
#define LIBRARY_TEXT(function)   #function "\0"
#define LIBRARY_NAME(function)   LIBRARY_TEXT(function)
#define LIBRARY(library, FUNCTIONS)                                                                \
	static struct {                                                                            \
		FUNCTIONS(LIBRARY_MEMBER)                                                          \
		bool loaded;                                                                       \
	} library;                                                                                 \
                                                                                                   \
	static bool library##_load(void)                                                           \
	{                                                                                          \
		if (!library.loaded)                                                               \
			library.loaded =                                                           \
				library_load(SONAME_##library, FUNCTIONS(LIBRARY_NAME), &library); \
		return library.loaded;                                                             \
	}

#else

#define LIBRARY_MEMBER(function)  __typeof__(function) *function;
#define LIBRARY_ADDRESS(function) function,
#define LIBRARY(library, FUNCTIONS)                                                                \
	static const struct {                                                                      \
		FUNCTIONS(LIBRARY_MEMBER)                                                          \
	} library = {FUNCTIONS(LIBRARY_ADDRESS)};                                                  \
                                                                                                   \
	static bool library##_load(void)                                                           \
	{                                                                                          \
		return true;                                                                       \
	}
/* NOLINTEND(bugprone-macro-parentheses) */

#endif
#endif
