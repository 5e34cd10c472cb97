/* faults.c -- LD_PRELOAD: makes calls of a program and of its libraries fail.
 *
 *	FAULT=CALL:N:HOW	the N-th call of CALL fails (from 1; if N is 0, none fails)
 *	FAULT=CALL:N+:HOW	all calls of CALL from the N-th on fail
 *	FAULT=worker.CALL:...	only in forked processes, and only calls after the fork are counted
 *	FAULT_COUNTS=FILE	write to FILE how many calls have failed, and for each CALL the
 *				most calls that one process has made
 *
 * CALL is a function's name in `names` below.  Some names stand for several similar functions:
 * "memory" for all that allocate or map memory, and "map_input" for the mapping of a file that is
 * only read.  HOW is the name of an error, or "short": then half of the bytes are read or written.
 * Each process counts its own calls.  A forked process begins with the numbers of its parent.
 * Calls that libc itself makes do not fail, except for its allocations.
 *
 * FILE is opened and mapped at the start, since workers in a sandbox cannot open files.  It is an
 * array of struct entry; the first one is named "failed".
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

enum call {
	FAILED,
	MEMORY,
	MMAP,
	MAP_INPUT,
	MREMAP,
	FALLOCATE,
	FTRUNCATE,
	MEMFD_CREATE,
	MKOSTEMP,
	OPEN,
	FOPEN,
	FDOPEN,
	OPENDIR,
	READDIR,
	READ,
	PREAD,
	WRITE,
	PWRITE,
	CLOSE,
	FCLOSE,
	LSEEK,
	FSTAT,
	STAT,
	ACCESS,
	FORK,
	PIPE,
	DUP,
	FCNTL,
	POLL,
	NANOSLEEP,
	SIGACTION,
	SIGTIMEDWAIT,
	WAITPID,
	PRCTL,
	SYSCALL,
	GETENTROPY,
	SCHED_GETAFFINITY,
	FSYNC,
	FCHMOD,
	RENAME,
	LINK,
	UNLINK,
	READLINK,
	REALPATH,
	DLOPEN,
	CALLS
};

static const char *const names[CALLS] = {
	[FAILED] = "failed",
	[MEMORY] = "memory",
	[MMAP] = "mmap",
	[MAP_INPUT] = "map_input",
	[MREMAP] = "mremap",
	[FALLOCATE] = "fallocate",
	[FTRUNCATE] = "ftruncate",
	[MEMFD_CREATE] = "memfd_create",
	[MKOSTEMP] = "mkostemp",
	[OPEN] = "open",
	[FOPEN] = "fopen",
	[FDOPEN] = "fdopen",
	[OPENDIR] = "opendir",
	[READDIR] = "readdir",
	[READ] = "read",
	[PREAD] = "pread",
	[WRITE] = "write",
	[PWRITE] = "pwrite",
	[CLOSE] = "close",
	[FCLOSE] = "fclose",
	[LSEEK] = "lseek",
	[FSTAT] = "fstat",
	[STAT] = "stat",
	[ACCESS] = "access",
	[FORK] = "fork",
	[PIPE] = "pipe",
	[DUP] = "dup",
	[FCNTL] = "fcntl",
	[POLL] = "poll",
	[NANOSLEEP] = "nanosleep",
	[SIGACTION] = "sigaction",
	[SIGTIMEDWAIT] = "sigtimedwait",
	[WAITPID] = "waitpid",
	[PRCTL] = "prctl",
	[SYSCALL] = "syscall",
	[GETENTROPY] = "getentropy",
	[SCHED_GETAFFINITY] = "sched_getaffinity",
	[FSYNC] = "fsync",
	[FCHMOD] = "fchmod",
	[RENAME] = "rename",
	[LINK] = "link",
	[UNLINK] = "unlink",
	[READLINK] = "readlink",
	[REALPATH] = "realpath",
	[DLOPEN] = "dlopen",
};

enum { WHOLE = 16 };

struct entry {
	char name[24];
	_Atomic uint64_t n;
};

static struct {
	enum call call; /* FAILED: no call fails */
	uint64_t at;
	bool on;    /* all calls from .at on fail */
	int error;  /* 0 if the call is not to fail but to be short */
	bool forks; /* only forked processes count */
} fault;

static bool forked;
static uint64_t done[CALLS];
static struct entry *counts; /* NULL if FAULT_COUNTS is not set */

/* Define `real` as a pointer to the function that this library hides. */
#define REAL(name, symbol)                                                                         \
	static __typeof__(name) *real;                                                             \
	if (!real)                                                                                 \
	*(void **)&real = dlsym(RTLD_NEXT, symbol)

/* --- Which call fails -------------------------------------------------------------- */

static void be_sure(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "faults.c: %s\n", what);
	abort();
}

static int error_named(const char *name)
{
	for (int i = 1; i < 200; i++)
		if (strerrorname_np(i) && strcmp(strerrorname_np(i), name) == 0)
			return i;
	be_sure(strcmp(name, "short") == 0, "FAULT: unknown error");
	return 0;
}

static void read_fault(const char *text)
{
	char call[24], on[2] = "", how[24];
	unsigned long at;

	fault.forks = strncmp(text, "worker.", 7) == 0;
	text += fault.forks ? 7 : 0;
	be_sure(sscanf(text, "%23[a-z_]:%lu:%23s", call, &at, how) == 3 ||
			sscanf(text, "%23[a-z_]:%lu%1[+]:%23s", call, &at, on, how) == 4,
		"FAULT is not CALL:N:HOW");
	fault.at = at;
	fault.on = *on;
	fault.error = error_named(how);
	fault.call = MEMORY;
	while (fault.call < CALLS && strcmp(call, names[fault.call]) != 0)
		fault.call++;
	be_sure(fault.call < CALLS, "FAULT: unknown call");
}

static void open_counts(const char *file)
{
	size_t size = CALLS * sizeof *counts;
	long fd = syscall(SYS_openat, AT_FDCWD, file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	be_sure(fd >= 0 && syscall(SYS_ftruncate, fd, size) == 0, "FAULT_COUNTS: cannot write");
	struct entry *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, (int)fd, 0);
	be_sure(at != MAP_FAILED, "FAULT_COUNTS: cannot map");
	syscall(SYS_close, fd);
	for (int i = 0; i < CALLS; i++)
		strcpy(at[i].name, names[i]);
	counts = at;
}

__attribute__((constructor)) static void begin(void)
{
	const char *text = getenv("FAULT"), *file = getenv("FAULT_COUNTS");

	if (file)
		open_counts(file);
	if (text)
		read_fault(text);
	memset(done, 0, sizeof done);
}

/* Count a call.  True if it fails (errno) or is short. */
static bool fails(enum call call)
{
	if (fault.forks && !forked)
		return false;
	uint64_t n = ++done[call];
	if (counts && atomic_load(&counts[call].n) < n)
		atomic_store(&counts[call].n, n); /* too small if two processes store at once */
	if (call != fault.call || !fault.at || (fault.on ? n < fault.at : n != fault.at))
		return false;
	if (counts)
		atomic_fetch_add(&counts[FAILED].n, 1);
	errno = fault.error;
	return true;
}

/* Count a call that transfers *size bytes, and halve *size if the call is to be short.  True if the
 * call fails.  Transfers of at most WHOLE bytes are never short: processes send each other such
 * short messages, and a pipe transfers them as a whole. */
static bool transfer_fails(enum call call, size_t *size)
{
	if (!fails(call))
		return false;
	if (fault.error)
		return true;
	if (*size > WHOLE)
		*size /= 2;
	return false;
}

/* --- Memory ------------------------------------------------------------------------ */

/* A sanitizer replaces these functions by its own. */
#ifndef SANITIZED
/* NOLINTBEGIN(bugprone-reserved-identifier): glibc names them so */
extern void *__libc_malloc(size_t), *__libc_calloc(size_t, size_t), *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);
/* NOLINTEND(bugprone-reserved-identifier) */

void *malloc(size_t size)
{
	return fails(MEMORY) ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails(MEMORY) ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails(MEMORY) ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails(MEMORY) ? NULL : __libc_memalign(alignment, size);
}

int posix_memalign(void **to, size_t alignment, size_t size)
{
	int saved = errno;
	void *at = fails(MEMORY) ? NULL : __libc_memalign(alignment, size);

	errno = saved;
	if (!at)
		return ENOMEM;
	*to = at;
	return 0;
}
#endif

void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t from)
{
	REAL(mmap, "mmap64");
	if (fd >= 0 && protection == PROT_READ && fails(MAP_INPUT))
		return MAP_FAILED;
	return fails(MEMORY) || fails(MMAP) ? MAP_FAILED
					    : real(at, size, protection, flags, fd, from);
}

void *mremap(void *old, size_t old_size, size_t size, int flags, ...)
{
	void *to = NULL;
	REAL(mremap, "mremap");

	if (flags & MREMAP_FIXED) {
		va_list more;
		va_start(more, flags);
		to = va_arg(more, void *);
		va_end(more);
	}
	return fails(MEMORY) || fails(MREMAP) ? MAP_FAILED : real(old, old_size, size, flags, to);
}

int fallocate(int fd, int mode, off_t from, off_t len)
{
	REAL(fallocate, "fallocate64");
	return fails(FALLOCATE) ? -1 : real(fd, mode, from, len);
}

int ftruncate(int fd, off_t size)
{
	REAL(ftruncate, "ftruncate64");
	return fails(FTRUNCATE) ? -1 : real(fd, size);
}

int memfd_create(const char *name, unsigned flags)
{
	REAL(memfd_create, "memfd_create");
	return fails(MEMFD_CREATE) ? -1 : real(name, flags);
}

/* --- Files ------------------------------------------------------------------------- */

int mkostemp(char *template, int flags)
{
	REAL(mkostemp, "mkostemp64");
	return fails(MKOSTEMP) ? -1 : real(template, flags);
}

int open(const char *name, int flags, ...)
{
	mode_t mode = 0;
	va_list args;

	REAL(open, "open64");
	if (flags & (O_CREAT | O_TMPFILE)) {
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
	}
	return fails(OPEN) ? -1 : real(name, flags, mode);
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier): _FORTIFY_SOURCE calls it for open() */
int __open64_2(const char *name, int flags)
{
	return open(name, flags);
}

FILE *fopen(const char *name, const char *mode)
{
	REAL(fopen, "fopen64");
	return fails(FOPEN) ? NULL : real(name, mode);
}

FILE *fdopen(int fd, const char *mode)
{
	REAL(fdopen, "fdopen");
	return fails(FDOPEN) ? NULL : real(fd, mode);
}

DIR *opendir(const char *name)
{
	REAL(opendir, "opendir");
	return fails(OPENDIR) ? NULL : real(name);
}

struct dirent *readdir(DIR *dir)
{
	REAL(readdir, "readdir64");
	return fails(READDIR) ? NULL : real(dir);
}

ssize_t read(int fd, void *to, size_t size)
{
	REAL(read, "read");
	return transfer_fails(READ, &size) ? -1 : real(fd, to, size);
}

ssize_t pread(int fd, void *to, size_t size, off_t from)
{
	REAL(pread, "pread64");
	return transfer_fails(PREAD, &size) ? -1 : real(fd, to, size, from);
}

/* Writing to stderr never fails: otherwise no message could say what has failed. */
ssize_t write(int fd, const void *from, size_t size)
{
	REAL(write, "write");
	return fd != STDERR_FILENO && transfer_fails(WRITE, &size) ? -1 : real(fd, from, size);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t to)
{
	REAL(pwrite, "pwrite64");
	return transfer_fails(PWRITE, &size) ? -1 : real(fd, from, size, to);
}

/* As in Linux, the descriptor is closed even if close() fails. */
int close(int fd)
{
	REAL(close, "close");
	bool failed = fails(CLOSE);
	int error = errno, result = real(fd);

	if (!failed)
		return result;
	errno = error;
	return -1;
}

int fclose(FILE *file)
{
	REAL(fclose, "fclose");
	bool failed = fails(FCLOSE);
	int error = errno, result = real(file);

	if (!failed)
		return result;
	errno = error;
	return EOF;
}

off_t lseek(int fd, off_t to, int whence)
{
	REAL(lseek, "lseek64");
	return fails(LSEEK) ? -1 : real(fd, to, whence);
}

int fstat(int fd, struct stat *st)
{
	REAL(fstat, "fstat64");
	return fails(FSTAT) ? -1 : real(fd, st);
}

int stat(const char *name, struct stat *st)
{
	REAL(stat, "stat64");
	return fails(STAT) ? -1 : real(name, st);
}

int lstat(const char *name, struct stat *st)
{
	REAL(lstat, "lstat64");
	return fails(STAT) ? -1 : real(name, st);
}

int fstatat(int fd, const char *name, struct stat *st, int flags)
{
	REAL(fstatat, "fstatat64");
	return fails(STAT) ? -1 : real(fd, name, st, flags);
}

int access(const char *name, int mode)
{
	REAL(access, "access");
	return fails(ACCESS) ? -1 : real(name, mode);
}

int fsync(int fd)
{
	REAL(fsync, "fsync");
	return fails(FSYNC) ? -1 : real(fd);
}

int fchmod(int fd, mode_t mode)
{
	REAL(fchmod, "fchmod");
	return fails(FCHMOD) ? -1 : real(fd, mode);
}

int rename(const char *from, const char *to)
{
	REAL(rename, "rename");
	return fails(RENAME) ? -1 : real(from, to);
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
	REAL(linkat, "linkat");
	return fails(LINK) ? -1 : real(from_fd, from, to_fd, to, flags);
}

int unlink(const char *name)
{
	REAL(unlink, "unlink");
	return fails(UNLINK) ? -1 : real(name);
}

ssize_t readlink(const char *name, char *to, size_t size)
{
	REAL(readlink, "readlink");
	return fails(READLINK) ? -1 : real(name, to, size);
}

char *realpath(const char *name, char *to)
{
	REAL(realpath, "realpath");
	return fails(REALPATH) ? NULL : real(name, to);
}

/* NOLINTNEXTLINE(bugprone-reserved-identifier): _FORTIFY_SOURCE calls it for realpath() */
char *__realpath_chk(const char *name, char *to, size_t room)
{
	(void)room;
	return realpath(name, to);
}

/* --- Processes, and messages between them ------------------------------------------ */

pid_t fork(void)
{
	REAL(fork, "fork");
	if (fails(FORK))
		return -1;
	pid_t pid = real();
	forked = forked || pid == 0;
	return pid;
}

pid_t waitpid(pid_t pid, int *status, int options)
{
	REAL(waitpid, "waitpid");
	/* Only a process that sleeps can be interrupted. */
	return !(options & WNOHANG) && fails(WAITPID) ? -1 : real(pid, status, options);
}

int pipe2(int ends[2], int flags)
{
	REAL(pipe2, "pipe2");
	return fails(PIPE) ? -1 : real(ends, flags);
}

int dup(int fd)
{
	REAL(dup, "dup");
	return fails(DUP) ? -1 : real(fd);
}

int fcntl(int fd, int command, ...)
{
	va_list args;

	REAL(fcntl, "fcntl64");
	va_start(args, command);
	long arg = va_arg(args, long);
	va_end(args);
	/* F_GETFD fails only for a closed descriptor. */
	return command != F_GETFD && fails(FCNTL) ? -1 : real(fd, command, arg);
}

int poll(struct pollfd *fds, nfds_t n, int ms)
{
	REAL(poll, "poll");
	return fails(POLL) ? -1 : real(fds, n, ms);
}

int nanosleep(const struct timespec *period, struct timespec *rest)
{
	REAL(nanosleep, "nanosleep");
	if (!fails(NANOSLEEP))
		return real(period, rest);
	if (rest)
		*rest = *period;
	return -1;
}

int sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	REAL(sigaction, "sigaction");
	return fails(SIGACTION) ? -1 : real(number, action, old);
}

int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *period)
{
	REAL(sigtimedwait, "sigtimedwait");
	return fails(SIGTIMEDWAIT) ? -1 : real(set, info, period);
}

int prctl(int option, ...)
{
	va_list args;
	unsigned long a[4];

	REAL(prctl, "prctl");
	va_start(args, option);
	for (int i = 0; i < 4; i++)
		a[i] = va_arg(args, unsigned long);
	va_end(args);
	return fails(PRCTL) ? -1 : real(option, a[0], a[1], a[2], a[3]);
}

long syscall(long number, ...)
{
	va_list args;
	long a[6];

	REAL(syscall, "syscall");
	va_start(args, number);
	for (int i = 0; i < 6; i++)
		a[i] = va_arg(args, long);
	va_end(args);
	return fails(SYSCALL) ? -1 : real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int getentropy(void *to, size_t size)
{
	REAL(getentropy, "getentropy");
	return fails(GETENTROPY) ? -1 : real(to, size);
}

int sched_getaffinity(pid_t pid, size_t size, cpu_set_t *cpus)
{
	REAL(sched_getaffinity, "sched_getaffinity");
	return fails(SCHED_GETAFFINITY) ? -1 : real(pid, size, cpus);
}

void *dlopen(const char *name, int flags)
{
	REAL(dlopen, "dlopen");
	return fails(DLOPEN) ? NULL : real(name, flags);
}
