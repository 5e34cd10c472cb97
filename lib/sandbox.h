/* sandbox.h -- take from this process what it does not need to decode, cut and count lines.
 *
 * Decoders and patterns read bytes that an attacker may have chosen.  If such bytes ever took over
 * a process in the sandbox, they could compute, and use the descriptors that are open; but they
 * could neither open or change files by name, create sockets, start programs, nor signal other
 * processes, except for SIGCHLD to the parent.
 *
 * The sandbox is a filter of system calls (seccomp, Linux 4.17) that allows those in a list, and
 * lets all others fail with EPERM.  It cannot be left again.
 */
#ifndef LIB_SANDBOX_H
#define LIB_SANDBOX_H

#include <stdbool.h>

/* Enter the sandbox.  If `opens`, existing files can still be opened for reading.  False if the
 * system has no such filters, or wf knows none for this kind of CPU: then there is
 * no sandbox. */
bool sandbox_enter(bool opens);

#endif
