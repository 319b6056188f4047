// SPDX-License-Identifier: GPL-2.0-only
/*
 * Landlock: which files a confined program may touch.  It reads the system's libraries and the
 * directories that the program was installed with, reads and writes its work directory, and
 * executes itself, its loader and the programs that it was given.  No TCP, no signal and no
 * abstract socket to anything outside, where the kernel knows of these.
 *
 * Landlock knows nothing of stat(2), chmod(2) and sockets other than TCP: seccomp.c refuses the
 * latter two.  Kernel headers may be older than the kernel, so the interface is declared here.
 */
#include "proc/proc_internal.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/mem.h"
#include "util/path.h"

/* The same numbers on all machines but alpha. */
#define CREATE_RULESET 444
#define ADD_RULE 445
#define RESTRICT_SELF 446

#define CREATE_RULESET_VERSION 1U
#define RULE_PATH_BENEATH 1

/* include/uapi/linux/landlock.h; the number is the ABI that brought it. */
#define EXECUTE (1ULL << 0)
#define WRITE_FILE (1ULL << 1)
#define READ_FILE (1ULL << 2)
#define READ_DIR (1ULL << 3)
#define REMOVE_DIR (1ULL << 4)
#define REMOVE_FILE (1ULL << 5)
#define MAKE_DIR (1ULL << 7)
#define MAKE_REG (1ULL << 8)
#define FS_1 ((1ULL << 13) - 1)
#define REFER (1ULL << 13)     /* 2: rename and link between directories */
#define TRUNCATE (1ULL << 14)  /* 3 */
#define IOCTL_DEV (1ULL << 15) /* 5 */
#define NET_4 3ULL	       /* bind and connect, TCP */
#define SCOPED_6 3ULL	       /* abstract sockets, signals */
#define OF_A_FILE (EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV)

#define READ (READ_FILE | READ_DIR)
/* No links, pipes and devices: we read there afterwards. */
#define WRITE \
	(WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER | TRUNCATE)

/* Its size tells the kernel how much of it is known to us. */
struct ruleset {
	uint64_t fs, net, scoped;
};

struct path_beneath {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

int rq_landlock_abi(void)
{
	long abi = syscall(CREATE_RULESET, NULL, 0, CREATE_RULESET_VERSION);

	return abi > 0 ? (int)abi : 0;
}

static int create(int abi, struct ruleset *set)
{
	size_t size = abi >= 6 ? sizeof(*set) : abi >= 4 ? 16 : 8;

	set->fs = FS_1 | (abi >= 2 ? REFER : 0) | (abi >= 3 ? TRUNCATE : 0) |
		  (abi >= 5 ? IOCTL_DEV : 0);
	set->net = abi >= 4 ? NET_4 : 0;
	set->scoped = abi >= 6 ? SCOPED_6 : 0;
	return (int)syscall(CREATE_RULESET, set, size, 0);
}

/* What is not there needs no rule. */
static int allow(int ruleset, const struct ruleset *set, const char *path,
		 uint64_t rights)
{
	struct path_beneath rule = { .allowed = rights & set->fs };
	struct stat st;
	int rc = 0, saved;

	rule.parent = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
	if (fstat(rule.parent, &st) < 0 || !S_ISDIR(st.st_mode))
		rule.allowed &= OF_A_FILE;
	rc = (int)syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0);
	saved = errno;
	close(rule.parent);
	errno = saved;
	return rc;
}

/* The loader that an ELF program names; NULL: none.  The caller frees. */
static char *loader_of(const char *program)
{
	int fd = open(program, O_RDONLY | O_CLOEXEC);
	char *loader = NULL;
	Elf64_Phdr part;
	Elf64_Ehdr head;

	if (fd < 0)
		return NULL;
	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
	    head.e_ident[EI_CLASS] != ELFCLASS64)
		head.e_phnum = 0;
	for (int i = 0; i < head.e_phnum && !loader; i++) {
		off_t at = (off_t)head.e_phoff + i * (off_t)sizeof(part);

		if (pread(fd, &part, sizeof(part), at) != sizeof(part))
			break;
		if (part.p_type != PT_INTERP || part.p_filesz > 4096)
			continue;
		loader = rq_xcalloc(part.p_filesz + 1, 1);
		if (pread(fd, loader, part.p_filesz, (off_t)part.p_offset) !=
		    (ssize_t)part.p_filesz)
			loader[0] = '\0';
	}
	close(fd);
	return loader;
}

static int allow_program(int ruleset, const struct ruleset *set, const char *program)
{
	_cleanup_free_ char *loader = loader_of(program);
	int rc = allow(ruleset, set, program, EXECUTE | READ_FILE);

	return rc || !loader ? rc : allow(ruleset, set, loader, EXECUTE | READ_FILE);
}

/* PREFIX/lib and PREFIX/share of PREFIX/bin/PROGRAM, for one that is not below /usr. */
static int allow_prefix(int ruleset, const struct ruleset *set, const char *program)
{
	_cleanup_free_ char *real = realpath(program, NULL);
	_cleanup_free_ char *bin = real ? rq_path_parent(real) : NULL;
	_cleanup_free_ char *prefix = bin ? rq_path_parent(bin) : NULL;
	_cleanup_free_ char *lib = prefix ? rq_path_join(prefix, "lib") : NULL;
	_cleanup_free_ char *share = prefix ? rq_path_join(prefix, "share") : NULL;

	if (!bin || strcmp(rq_path_base(bin), "bin") != 0)
		return 0;
	return allow(ruleset, set, lib, READ) || allow(ruleset, set, share, READ) ? -1
										  : 0;
}

static int allow_all(int ruleset, const struct ruleset *set,
		     const struct rq_confine *confine, const char *program)
{
	static const struct {
		const char *path;
		uint64_t rights;
	} system[] = {
		{ "/usr", READ },
		{ "/lib", READ },
		{ "/lib32", READ },
		{ "/lib64", READ },
		{ "/etc/ld.so.cache", READ },
		{ "/etc/ld.so.conf", READ },
		{ "/etc/ld.so.conf.d", READ },
		{ "/etc/ld.so.preload", READ },
		{ "/etc/localtime", READ },
		{ "/dev/null", READ | WRITE },
		{ "/dev/zero", READ },
		{ "/dev/random", READ },
		{ "/dev/urandom", READ },
	};
	int rc = 0;

	for (size_t i = 0; i < ARRAY_SIZE(system) && !rc; i++)
		rc = allow(ruleset, set, system[i].path, system[i].rights);
	if (!rc)
		rc = allow_program(ruleset, set, program);
	if (!rc)
		rc = allow_prefix(ruleset, set, program);
	for (size_t i = 0; confine->programs && confine->programs[i] && !rc; i++) {
		_cleanup_free_ char *path = rq_proc_find(confine->programs[i]);

		rc = path ? allow_program(ruleset, set, path) : 0;
	}
	return rc || !confine->work ? rc
				    : allow(ruleset, set, confine->work, READ | WRITE);
}

int rq_landlock_new(const struct rq_confine *confine, const char *program)
{
	struct ruleset set;
	int ruleset = create(rq_landlock_abi(), &set), saved;

	if (ruleset < 0 || allow_all(ruleset, &set, confine, program) == 0)
		return ruleset;
	saved = errno;
	close(ruleset);
	errno = saved;
	return -1;
}

int rq_landlock_enter(int ruleset)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(RESTRICT_SELF, ruleset, 0);
}
