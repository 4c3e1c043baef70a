/* plan.h - what cpod-stage has to do, as one flat piece of bytes.
 * Shape:  header, then a table of fixed-size operations, then a pool of strings and arrays. Offsets only, no pointers;
 *         the same machine and the same build write and read it, so integers are in host order.
 *         Each operation is a code, a few numbers and up to PLAN_REFS pieces of the pool; what they mean is one row of
 *         plan_rows, which drives the reader's checks and the text form. plan_words.h has their names.
 * Owner:  a plan is borrowed memory (a mapped memfd in the stage, a buffer in the engine).
 * Errors: plan_check answers -EPROTO (not a plan of this version), -E2BIG, or -EINVAL. Whatever passed it can be walked
 *         without another bounds check.
 * Spec:   docs/formats/plan.md
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	PLAN_MAGIC = 0x4e4c5043, /* "CPLN" */
	PLAN_VERSION = 6,
	PLAN_MAX_BYTES = 8 << 20,
	PLAN_MAX_OPS = 4096,
	PLAN_MAX_PATH = 4096, /* with its NUL */
	PLAN_REFS = 4,
	PLAN_NUMBERS = 5,
	PLAN_SLOTS = 64,     /* mount trees taken before they are placed */
	PLAN_MAX_GROUPS = 65536,
	PLAN_MAX_FILTER = 4096 * 8, /* bytes; the kernel takes 4096 instructions */
	PLAN_MAX_LAYERS = 500,
};

/* In the order in which a plan has them, more or less. */
enum plan_code {
	PLAN_NONE,
	PLAN_ENTER,	/* setns to descriptor num[0], CLONE_NEW* flags num[1] */
	PLAN_HOSTNAME,	/* name */
	PLAN_DOMAINNAME, /* name */
	PLAN_LOOPBACK,	/* lo up */
	PLAN_LABEL,	/* module ("apparmor", "selinux"), text for the next exec */
	PLAN_OPEN_TREE, /* source; slot num[0]; flags: RECURSIVE */
	PLAN_TAKE_TREE, /* descriptor num[1]: a tree that the engine has opened; slot num[0] */
	PLAN_PROPAGATION, /* of the whole tree: MS_* num[0] */
	PLAN_ROOT_DIR,	/* directory; MS_* num[0] its propagation */
	PLAN_ROOT_OVERLAY, /* layers (list, top first), upper or "", work or "", where to attach; flags: VOLATILE, USERXATTR */
	PLAN_ROOT_TREE,	/* descriptor num[0]: a tree that another stage has made */
	PLAN_GIVE_ROOT,	/* sends the root to the engine and ends: the last of a plan that only makes one */
	PLAN_APPEND,	/* path, text: to a file of the root, made when missing; nothing where a link is in the way */
	PLAN_MOUNT,	/* type, source name, target, options; num[0] attributes; flags: COPY_UP, COPY_MODE, NO_LINKS, OR_BIND; MS_* num[1] */
	PLAN_BIND,	/* source or "" (then slot num[3]), target; attributes to set num[0], to clear num[1], MS_* num[2];
			   with GIVE user << 32 | group num[4]; flags: RECURSIVE, ATTR_RECURSIVE, IS_FILE, COPY_UP, REPLACE_LINK, GIVE */
	PLAN_DEVICE,	/* path, host path; num: mode with S_IF*, major, minor, uid, gid; flags: BIND */
	PLAN_SYMLINK,	/* target, path; flags: REPLACE_LINK */
	PLAN_SYSCTL,	/* path below /proc/sys, value */
	PLAN_READONLY,	/* path */
	PLAN_MASK,	/* path */
	PLAN_WORKDIR,	/* path; made when missing */
	PLAN_ROOT_READONLY,
	PLAN_PIVOT,
	PLAN_STANDS,	/* says that the tree stands, and goes on */
	PLAN_RLIMIT,	/* name; resource, soft, hard num[0..2]; flags: DEFAULT */
	PLAN_OOM_SCORE, /* num[0], signed */
	PLAN_PERSONALITY, /* num[0] */
	PLAN_SESSION,	/* setsid, and a session keyring of its own; flags: KEEP_KEYS the caller's */
	PLAN_TERMINAL,	/* rows num[0], columns num[1], owner num[2]; flags: CONSOLE_LINK */
	PLAN_CHDIR,	/* path */
	PLAN_UMASK,	/* num[0] */
	PLAN_BOUNDING,	/* capabilities to keep num[0] */
	PLAN_GROUPS,	/* uint32_t[] */
	PLAN_USER,	/* uid num[0], gid num[1] */
	PLAN_COMMAND,	/* looks words[0] up, in PATH of the environment: words, environment */
	PLAN_NO_NEW_PRIVS,
	PLAN_SECCOMP,	/* struct sock_filter[] */
	PLAN_CAPS,	/* effective, permitted, inheritable, ambient num[0..3] */
	PLAN_RUN,	/* says ready, waits for the release, execs; always the last (or GIVE_ROOT is), and nowhere else */
	PLAN_CODE_COUNT
};

enum plan_flag {
	PLAN_RECURSIVE = 1 << 0,
	PLAN_ATTR_RECURSIVE = 1 << 1,
	PLAN_IS_FILE = 1 << 2,
	PLAN_COPY_UP = 1 << 3,
	PLAN_NO_LINKS = 1 << 4,	   /* no component of the target may be a symlink */
	PLAN_OR_BIND = 1 << 5,	   /* where the kernel refuses: bind the host's, read-only */
	PLAN_VOLATILE = 1 << 6,
	PLAN_USERXATTR = 1 << 7,
	PLAN_DEFAULT = 1 << 8,	   /* nobody asked for it: does without, and says so */
	PLAN_CONSOLE_LINK = 1 << 9, /* /dev/console points at the terminal */
	PLAN_REPLACE_LINK = 1 << 10, /* a symlink at the target, in the root itself, makes room for it; nothing else does */
	PLAN_COPY_MODE = 1 << 11,   /* the mode of what it covers */
	PLAN_GIVE = 1 << 12,	    /* what is copied belongs to num[4] */
	PLAN_KEEP_KEYS = 1 << 13,
	PLAN_FLAGS_ALL = (1 << 14) - 1,
};

/* A piece of the pool. Texts end with a NUL that is counted; an absent text has length 0. */
struct plan_ref {
	uint32_t offset, length;
};

struct plan_op {
	uint16_t code, flags;
	uint32_t reserved; /* 0 */
	uint64_t num[PLAN_NUMBERS];
	struct plan_ref ref[PLAN_REFS];
};

struct plan_header {
	uint32_t magic;
	uint16_t version, op_bytes; /* sizeof(struct plan_op) */
	uint32_t total_bytes, op_count;
	uint32_t pool_offset, pool_bytes;
	uint32_t stdio_fds;  /* 1: descriptors 0-2 are the process's; 0: the terminal will be */
	uint32_t preserve_fds; /* how many more stay open, for the reader */
};

enum plan_ref_kind {
	PLAN_REF_NONE,
	PLAN_REF_TEXT,	/* any text */
	PLAN_REF_NAME,	/* not empty */
	PLAN_REF_PATH,	/* absolute, no component "..", at most PLAN_MAX_PATH */
	PLAN_REF_LIST,	/* texts one after the other; may be empty */
	PLAN_REF_PATHS, /* the same, each a PLAN_REF_PATH, at least one */
	PLAN_REF_GROUPS,
	PLAN_REF_FILTER,
	PLAN_REF_OPT = 16, /* flag: may be absent */
};

struct plan_row {
	uint16_t flags;  /* the flags it knows */
	uint8_t numbers; /* how many it uses; the others are 0 */
	uint8_t refs[PLAN_REFS];
};
extern const struct plan_row plan_rows[PLAN_CODE_COUNT];

/* Everything a reader relies on, checked once. */
int plan_check(const void *data, size_t bytes);

/* The rest is for plans that passed plan_check. */
static inline const struct plan_op *plan_ops(const struct plan_header *plan)
{
	return (const struct plan_op *)(plan + 1);
}
static inline const void *plan_bytes(const struct plan_header *plan, struct plan_ref ref)
{
	return (const char *)plan + plan->pool_offset + ref.offset;
}
/* NULL where it is absent. */
static inline const char *plan_text(const struct plan_header *plan, struct plan_ref ref)
{
	return ref.length ? (const char *)plan_bytes(plan, ref) : NULL;
}
/* The text after `at` in a list; NULL: the first. NULL at its end. */
const char *plan_list_next(const struct plan_header *plan, struct plan_ref list, const char *at);
uint32_t plan_list_len(const struct plan_header *plan, struct plan_ref list);

/* --- what the stage says, over its SOCK_SEQPACKET control socket ---
 * stage → engine: struct plan_message. engine → stage: the one byte PLAN_RELEASE. End of file without a failure, after
 * the release, means that execve has happened. */
enum plan_message_kind {
	PLAN_SAYS_READY = 1,
	PLAN_SAYS_FAILED,   /* op, errnum, subjects */
	PLAN_SAYS_TERMINAL, /* the master comes along (SCM_RIGHTS) */
	PLAN_SAYS_NOTE,	    /* op did without; subjects */
	PLAN_SAYS_STANDS,   /* namespaces, limits and mounts will not change any more */
	PLAN_SAYS_ROOT,	    /* the tree comes along (SCM_RIGHTS) */
};
enum { PLAN_RELEASE = 'G', PLAN_SUBJECT_BYTES = 512 };

/* Why a command cannot be run; in plan_message.reason. */
enum plan_reason {
	PLAN_REASON_NONE,
	PLAN_REASON_NOT_IN_PATH,
	PLAN_REASON_NOT_FOUND,
	PLAN_REASON_NOT_REGULAR,
	PLAN_REASON_NOT_EXECUTABLE,
	PLAN_REASON_EMPTY,
	PLAN_REASON_EXEC, /* execve itself */
};

struct plan_message {
	uint32_t kind;
	int32_t errnum;
	uint32_t op, reason;
	char subject[2][PLAN_SUBJECT_BYTES]; /* cut where longer; NUL-terminated */
};
