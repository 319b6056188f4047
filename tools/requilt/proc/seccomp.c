// SPDX-License-Identifier: GPL-2.0-only
/*
 * A filter of system calls for a confined program: it refuses what a converter of text never
 * needs and Landlock does not decide about, with EPERM, and what is newer than this list with
 * ENOSYS, as an older kernel would.  clone3() is one of the latter, since a filter cannot see its
 * flags; the C library then uses clone().
 *
 * What remains: files (Landlock's), memory, time, and processes of its own group, which it cannot
 * leave, so that killing the group ends them all.
 */
#include "proc/proc_internal.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/mem.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#define FOREIGN 0x40000000 /* x32's numbers start here */
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#define ARCH AUDIT_ARCH_RISCV64
#endif

/* mseal(); from 424 on the numbers are the same on all machines. */
#define NEWEST 462
#define CLONE3 435

static const unsigned int refused[] = {
	/* other programs, and files that Landlock does not see */
	__NR_execveat,
	__NR_memfd_create,
	447, /* memfd_secret */
	__NR_open_by_handle_at,
	__NR_name_to_handle_at,
	/* the network, and others' memory */
	__NR_socket,
	__NR_shmget,
	__NR_shmat,
	__NR_semget,
	__NR_msgget,
	__NR_mq_open,
	__NR_mq_unlink,
	/* other processes */
	__NR_kill,
	__NR_tkill,
	__NR_rt_sigqueueinfo,
	__NR_rt_tgsigqueueinfo,
	424, /* pidfd_send_signal */
	438, /* pidfd_getfd */
	440, /* process_madvise */
	448, /* process_mrelease */
	__NR_ptrace,
	__NR_process_vm_readv,
	__NR_process_vm_writev,
	__NR_kcmp,
	__NR_migrate_pages,
	__NR_move_pages,
	__NR_setpriority,
	__NR_ioprio_set,
	__NR_sched_setaffinity,
	__NR_sched_setattr,
	__NR_sched_setparam,
	__NR_sched_setscheduler,
	/* out of its group */
	__NR_setpgid,
	__NR_setsid,
	/* what files are, other than their bytes; links and devices */
	__NR_fchmod,
	__NR_fchmodat,
	452, /* fchmodat2 */
	__NR_fchown,
	__NR_fchownat,
	__NR_setxattr,
	__NR_lsetxattr,
	__NR_fsetxattr,
	__NR_removexattr,
	__NR_lremovexattr,
	__NR_fremovexattr,
	__NR_utimensat,
	__NR_truncate,
	__NR_linkat,
	__NR_symlinkat,
	__NR_mknodat,
#ifdef __NR_chmod
	__NR_chmod,
	__NR_chown,
	__NR_lchown,
	__NR_utime,
	__NR_utimes,
	__NR_futimesat,
	__NR_link,
	__NR_symlink,
	__NR_mknod,
#endif
	/* the machine */
	__NR_acct,
	__NR_add_key,
	__NR_adjtimex,
	__NR_bpf,
	__NR_chroot,
	__NR_clock_adjtime,
	__NR_clock_settime,
	__NR_delete_module,
	__NR_fanotify_init,
	__NR_finit_module,
	__NR_init_module,
	__NR_io_setup,
	425, /* io_uring_setup */
	426, /* io_uring_enter */
	427, /* io_uring_register */
	__NR_kexec_load,
	__NR_keyctl,
	__NR_lookup_dcookie,
	__NR_mount,
	428, /* open_tree */
	429, /* move_mount */
	430, /* fsopen */
	431, /* fsconfig */
	432, /* fsmount */
	433, /* fspick */
	442, /* mount_setattr */
	__NR_perf_event_open,
	__NR_personality,
	__NR_pivot_root,
	__NR_quotactl,
	443, /* quotactl_fd */
	__NR_reboot,
	__NR_request_key,
	__NR_setdomainname,
	__NR_sethostname,
	__NR_setns,
	__NR_settimeofday,
	__NR_swapoff,
	__NR_swapon,
	__NR_syslog,
	__NR_umount2,
	__NR_unshare,
	__NR_userfaultfd,
	__NR_vhangup,
#ifdef __NR_ioperm
	__NR_ioperm,
	__NR_iopl,
	__NR_modify_ldt,
#endif
#ifdef __NR_kexec_file_load
	__NR_kexec_file_load,
#endif
};

#define NAMESPACES                                                                     \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | \
	 CLONE_NEWPID | CLONE_NEWNET)

#define REFUSE(error) (SECCOMP_RET_ERRNO | (error))

#ifdef ARCH
static void add(struct rq_filter *f, struct sock_filter one)
{
	*rq_vec_push(&f->code) = one;
}

static void load(struct rq_filter *f, size_t offset)
{
	add(f, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (unsigned)offset));
}

static void answer(struct rq_filter *f, unsigned int what)
{
	add(f, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, what));
}

/* Goes on with the next @skip instructions only where @test holds for @value. */
static void when(struct rq_filter *f, unsigned short test, unsigned int value,
		 unsigned char skip)
{
	add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | test | BPF_K, value, 0, skip));
}

/* The low half of an argument, on a machine that stores it first. */
static size_t argument(size_t i)
{
	return offsetof(struct seccomp_data, args) + i * sizeof(uint64_t);
}

/* Calls that are refused for some of their arguments. */
static void judge_arguments(struct rq_filter *f, bool namespaced)
{
	when(f, BPF_JEQ, __NR_clone, 4);
	load(f, argument(0));
	when(f, BPF_JSET, NAMESPACES, 1);
	answer(f, REFUSE(EPERM));
	answer(f, SECCOMP_RET_ALLOW);
	when(f, BPF_JEQ, __NR_ioctl, 4);
	load(f, argument(1));
	when(f, BPF_JEQ, TIOCSTI, 1);
	answer(f, REFUSE(EPERM));
	answer(f, SECCOMP_RET_ALLOW);
	when(f, BPF_JEQ, __NR_prlimit64, 4);
	load(f, argument(0));
	when(f, BPF_JEQ, 0, 1);
	answer(f, SECCOMP_RET_ALLOW);
	answer(f, REFUSE(EPERM));
	if (namespaced)
		return;
	/* abort() signals itself with it. */
	when(f, BPF_JEQ, __NR_tgkill, 4);
	load(f, argument(0));
	f->own_pid = f->code.n;
	when(f, BPF_JEQ, 0, 1);
	answer(f, SECCOMP_RET_ALLOW);
	answer(f, REFUSE(EPERM));
}

bool rq_filter_make(struct rq_filter *f, bool namespaced)
{
	load(f, offsetof(struct seccomp_data, arch));
	add(f, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0));
	answer(f, REFUSE(EPERM));
	load(f, offsetof(struct seccomp_data, nr));
#ifdef FOREIGN
	when(f, BPF_JGE, FOREIGN, 1);
	answer(f, REFUSE(ENOSYS));
#endif
	when(f, BPF_JGT, NEWEST, 1);
	answer(f, REFUSE(ENOSYS));
	when(f, BPF_JEQ, CLONE3, 1);
	answer(f, REFUSE(ENOSYS));
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++) {
		when(f, BPF_JEQ, refused[i], 1);
		answer(f, REFUSE(EPERM));
	}
	judge_arguments(f, namespaced);
	answer(f, SECCOMP_RET_ALLOW);
	return true;
}
#else
bool rq_filter_make(struct rq_filter *f, bool namespaced)
{
	(void)f;
	(void)namespaced;
	(void)refused;
	return false;
}
#endif

int rq_filter_enter(const struct rq_filter *f)
{
	struct sock_fprog program = { .len = (unsigned short)f->code.n,
				      .filter = f->code.v };

	if (f->own_pid)
		f->code.v[f->own_pid].k = (unsigned int)getpid();
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

void rq_filter_release(struct rq_filter *f)
{
	rq_vec_release(&f->code);
}
