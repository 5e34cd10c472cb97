/* sandbox.h -- takes from this process the system calls that it does not need to decode, cut and
 * count lines.
 *
 * Decoders and patterns read bytes that an attacker may have chosen.  If an attacker took over a
 * process in the sandbox, the process could compute, and use the descriptors that are open.  But it
 * could not change files by name, create sockets, start programs, or signal other processes, except
 * for SIGCHLD to the parent.  It could open files only for reading, and only if sandbox_enter() has
 * allowed that.
 *
 * The sandbox is a filter of system calls (seccomp, Linux 4.17) that allows the calls in a list,
 * and lets all other calls fail with EPERM.  A process cannot leave the sandbox.
 */
#ifndef LIB_SANDBOX_H
#define LIB_SANDBOX_H

#include <stdbool.h>

/* Enter the sandbox.  If `opens`, existing files can still be opened for reading.  False if the
 * system has no such filters, or if wf has no filter for this kind of CPU: then there is no
 * sandbox. */
bool sandbox_enter(bool opens);

#endif
