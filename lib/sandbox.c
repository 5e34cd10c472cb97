#include "lib/sandbox.h"

#if defined(__linux__) && __has_include(<linux/seccomp.h>)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#endif

#if defined(__x86_64__) && !defined(__ILP32__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__i386__)
#define MACHINE AUDIT_ARCH_I386
#elif defined(__aarch64__) && defined(__AARCH64EL__)
#define MACHINE AUDIT_ARCH_AARCH64
#elif defined(__arm__) && defined(__ARMEL__)
#define MACHINE AUDIT_ARCH_ARM
#endif

/* A build with a sanitizer has no sandbox, because a sanitizer opens /proc/self/maps to report an
 * error. */
#if defined(SECCOMP_SET_MODE_FILTER) && defined(SYS_seccomp) && defined(MACHINE) &&                \
	!defined(SANITIZED)

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <unistd.h>

/* Without this flag, kernels before 5.16 would protect each process that has a filter from Spectre,
 * which slows down all of its code. */
#ifndef SECCOMP_FILTER_FLAG_SPEC_ALLOW
#define SECCOMP_FILTER_FLAG_SPEC_ALLOW (1UL << 2)
#endif

/* The system calls that a C library may need to read and write open files, to allocate memory, to
 * wait and to end the process.  The most frequent calls come first. */
static const uint32_t allowed[] = {
	SYS_read,
	SYS_pread64,
	SYS_write,
	SYS_pwrite64,
	SYS_futex,
	SYS_madvise,
	SYS_munmap,
	SYS_mremap,
	SYS_mprotect,
	SYS_brk,
	SYS_readv,
	SYS_writev,
	SYS_lseek,
	SYS_close,
	SYS_dup,
	SYS_fstat,
	SYS_ftruncate,
	SYS_fallocate,
	SYS_ppoll,
	SYS_exit,
	SYS_exit_group,
	SYS_rt_sigaction,
	SYS_rt_sigprocmask,
	SYS_rt_sigreturn,
	SYS_restart_syscall,
	SYS_sigaltstack,
	SYS_getpid,
	SYS_getppid,
	SYS_gettid,
	SYS_getuid,
	SYS_clock_gettime,
	SYS_clock_nanosleep,
	SYS_nanosleep,
	SYS_sched_yield,
	SYS_sched_getaffinity,
	SYS_getrandom,
	SYS_sysinfo,
	SYS_uname,
	SYS_membarrier,
#ifdef SYS_mmap
	SYS_mmap,
#endif
#ifdef SYS_mmap2
	SYS_mmap2,
#endif
#ifdef SYS_poll
	SYS_poll,
#endif
#ifdef SYS__llseek
	SYS__llseek,
#endif
#ifdef SYS_fstat64
	SYS_fstat64,
#endif
#ifdef SYS_newfstatat
	SYS_newfstatat,
#endif
#ifdef SYS_fstatat64
	SYS_fstatat64,
#endif
#ifdef SYS_statx
	SYS_statx,
#endif
#ifdef SYS_ftruncate64
	SYS_ftruncate64,
#endif
#ifdef SYS_getrlimit
	SYS_getrlimit,
#endif
#ifdef SYS_ugetrlimit
	SYS_ugetrlimit,
#endif
#ifdef SYS_sigreturn
	SYS_sigreturn,
#endif
#ifdef SYS_clock_gettime64
	SYS_clock_gettime64,
#endif
#ifdef SYS_clock_nanosleep_time64
	SYS_clock_nanosleep_time64,
#endif
#ifdef SYS_ppoll_time64
	SYS_ppoll_time64,
#endif
#ifdef SYS_futex_time64
	SYS_futex_time64,
#endif
};

enum { ALLOWED = sizeof allowed / sizeof *allowed, ROOM = 2 * ALLOWED + 60 };

/* A program for the kernel's virtual machine, BPF. */
struct program {
	unsigned short n;
	struct sock_filter at[ROOM];
};

static void add(struct program *p, uint16_t code, uint32_t k, uint8_t if_true, uint8_t if_false)
{
	p->at[p->n++] = (struct sock_filter)BPF_JUMP(code, k, if_true, if_false);
}

static void load(struct program *p, size_t offset)
{
	add(p, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

/* Return the offset of the lower half of an argument.  It holds all of an int. */
static size_t argument(unsigned i)
{
	size_t offset = offsetof(struct seccomp_data, args) + i * sizeof(uint64_t);

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	offset += sizeof(uint32_t);
#endif
	return offset;
}

static void end(struct program *p, uint32_t action)
{
	add(p, BPF_RET | BPF_K, action, 0, 0);
}

static const uint32_t denied = SECCOMP_RET_ERRNO | EPERM;

/* Allow a system call if the given bits of its argument `i` are equal to `value`; otherwise deny
 * it. */
static void allow_if(struct program *p, uint32_t call, unsigned i, uint32_t bits, uint32_t value)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 5);
	load(p, argument(i));
	add(p, BPF_ALU | BPF_AND | BPF_K, bits, 0, 0);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1);
	end(p, SECCOMP_RET_ALLOW);
	end(p, denied);
}

/* Allow opening existing files for reading. */
static void allow_reading(struct program *p)
{
	/* O_TMPFILE contains the bit of O_DIRECTORY, which is allowed. */
	uint32_t writing = O_ACCMODE | O_CREAT | O_TRUNC | O_APPEND | (O_TMPFILE & ~O_DIRECTORY);

#ifdef SYS_open
	allow_if(p, SYS_open, 1, writing, O_RDONLY);
#endif
	allow_if(p, SYS_openat, 2, writing, O_RDONLY);
}

/* Allow copying a descriptor, and reading and setting its flags, but not making it send signals. */
static void allow_fcntl(struct program *p, uint32_t call)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, call, 0, 5);
	load(p, argument(1));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, F_DUPFD_CLOEXEC, 1, 0);
	add(p, BPF_JMP | BPF_JGT | BPF_K, F_SETFL, 1, 0);
	end(p, SECCOMP_RET_ALLOW);
	end(p, denied);
}

/* Allow sending SIGCHLD to the parent. */
static void allow_waking(struct program *p)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, SYS_kill, 0, 6);
	load(p, argument(0));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)getppid(), 0, 3);
	load(p, argument(1));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, SIGCHLD, 0, 1);
	end(p, SECCOMP_RET_ALLOW);
	end(p, denied);
}

static void compile(struct program *p, bool opens)
{
	load(p, offsetof(struct seccomp_data, arch));
	add(p, BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0);
	end(p, denied);
	load(p, offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < ALLOWED; i++) {
		add(p, BPF_JMP | BPF_JEQ | BPF_K, allowed[i], 0, 1);
		end(p, SECCOMP_RET_ALLOW);
	}
	/* abort() sends a signal to its own process. */
	allow_if(p, SYS_tgkill, 0, UINT32_MAX, (uint32_t)getpid());
	/* Allow getrlimit() and setrlimit() of the process itself. */
	allow_if(p, SYS_prlimit64, 0, UINT32_MAX, 0);
#ifdef SYS_fcntl
	allow_fcntl(p, SYS_fcntl);
#endif
#ifdef SYS_fcntl64
	allow_fcntl(p, SYS_fcntl64);
#endif
	allow_waking(p);
	if (opens)
		allow_reading(p);
	end(p, denied);
}

bool sandbox_enter(bool opens)
{
	struct program p = {0};
	struct sock_fprog filter = {.filter = p.at};

	compile(&p, opens);
	filter.len = p.n;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW,
		       &filter) == 0;
}

#else

bool sandbox_enter(bool opens)
{
	(void)opens;
	return false;
}

#endif
