/* Compiled into the engine and into cpod-stage: libc's string functions only. */
#include "wire/plan.h"

#include <errno.h>
#include <string.h>

#define OPT(kind) ((kind) | PLAN_REF_OPT)

const struct plan_row plan_rows[PLAN_CODE_COUNT] = {
	[PLAN_NONE] = { 0 },
	[PLAN_ENTER] = { .numbers = 2 },
	[PLAN_HOSTNAME] = { .refs = { PLAN_REF_NAME } },
	[PLAN_DOMAINNAME] = { .refs = { PLAN_REF_NAME } },
	[PLAN_LOOPBACK] = { 0 },
	[PLAN_LABEL] = { .refs = { PLAN_REF_NAME, PLAN_REF_NAME } },
	[PLAN_TAKE_TREE] = { .numbers = 2 },
	[PLAN_OPEN_TREE] = { .flags = PLAN_RECURSIVE, 1, { PLAN_REF_PATH } },
	[PLAN_PROPAGATION] = { .numbers = 1 },
	[PLAN_ROOT_DIR] = { .numbers = 1, .refs = { PLAN_REF_PATH } },
	[PLAN_ROOT_OVERLAY] = { .flags = PLAN_VOLATILE | PLAN_USERXATTR, 0,
				{ PLAN_REF_PATHS, OPT(PLAN_REF_PATH), OPT(PLAN_REF_PATH), PLAN_REF_PATH } },
	[PLAN_ROOT_TREE] = { .numbers = 1 },
	[PLAN_GIVE_ROOT] = { 0 },
	[PLAN_APPEND] = { .flags = 0, 0, { PLAN_REF_PATH, PLAN_REF_NAME } },
	[PLAN_MOUNT] = { .flags = PLAN_COPY_UP | PLAN_COPY_MODE | PLAN_NO_LINKS | PLAN_OR_BIND, 2,
			 { PLAN_REF_NAME, PLAN_REF_NAME, PLAN_REF_PATH, OPT(PLAN_REF_TEXT) } },
	[PLAN_BIND] = { .flags = PLAN_RECURSIVE | PLAN_ATTR_RECURSIVE | PLAN_IS_FILE | PLAN_COPY_UP | PLAN_REPLACE_LINK | PLAN_GIVE, 5,
			{ OPT(PLAN_REF_PATH), PLAN_REF_PATH } },
	[PLAN_DEVICE] = { .flags = 0, 5, { PLAN_REF_PATH, PLAN_REF_PATH } },
	[PLAN_SYMLINK] = { .flags = PLAN_REPLACE_LINK, 0, { PLAN_REF_NAME, PLAN_REF_PATH } },
	[PLAN_SYSCTL] = { .flags = 0, 0, { PLAN_REF_NAME, PLAN_REF_TEXT } },
	[PLAN_READONLY] = { .flags = 0, 0, { PLAN_REF_PATH } },
	[PLAN_MASK] = { .flags = 0, 0, { PLAN_REF_PATH } },
	[PLAN_WORKDIR] = { .flags = 0, 0, { PLAN_REF_PATH } },
	[PLAN_ROOT_READONLY] = { 0 },
	[PLAN_PIVOT] = { 0 },
	[PLAN_STANDS] = { 0 },
	[PLAN_RLIMIT] = { .flags = PLAN_DEFAULT, 3, { PLAN_REF_NAME } },
	[PLAN_OOM_SCORE] = { .numbers = 1 },
	[PLAN_PERSONALITY] = { .numbers = 1 },
	[PLAN_SESSION] = { .flags = PLAN_KEEP_KEYS },
	[PLAN_TERMINAL] = { .flags = PLAN_CONSOLE_LINK, 3 },
	[PLAN_CHDIR] = { .flags = 0, 0, { PLAN_REF_PATH } },
	[PLAN_UMASK] = { .numbers = 1 },
	[PLAN_BOUNDING] = { .numbers = 1 },
	[PLAN_GROUPS] = { .refs = { PLAN_REF_GROUPS } },
	[PLAN_USER] = { .numbers = 2 },
	[PLAN_COMMAND] = { .refs = { PLAN_REF_LIST, PLAN_REF_LIST } },
	[PLAN_NO_NEW_PRIVS] = { 0 },
	[PLAN_SECCOMP] = { .refs = { PLAN_REF_FILTER } },
	[PLAN_CAPS] = { .numbers = 4 },
	[PLAN_RUN] = { 0 },
};

static int check_text(const char *text, uint32_t length)
{
	return length > 0 && memchr(text, 0, length) == text + length - 1;
}

static int check_path(const char *path, uint32_t length)
{
	if (length < 2 || length > PLAN_MAX_PATH || !check_text(path, length) || path[0] != '/')
		return 0;
	for (const char *p = path; *p; p++)
		if (p[0] == '/' && p[1] == '.' && p[2] == '.' && (p[3] == '/' || !p[3]))
			return 0;
	return 1;
}

/* Every text of a list ends inside it, because the last byte is a NUL. */
static int check_list(const char *list, uint32_t length, int paths)
{
	if (!length)
		return !paths;
	if (list[length - 1])
		return 0;
	uint32_t count = 0;
	for (const char *at = list; paths && at < list + length; at += strlen(at) + 1)
		if (!check_path(at, (uint32_t)strlen(at) + 1) || ++count > PLAN_MAX_LAYERS)
			return 0;
	return 1;
}

static int check_ref(const char *data, uint32_t length, unsigned kind, uint32_t offset)
{
	switch (kind) {
	case PLAN_REF_NONE:
		return length == 0;
	case PLAN_REF_TEXT:
		return check_text(data, length);
	case PLAN_REF_NAME:
		return length > 1 && check_text(data, length);
	case PLAN_REF_PATH:
		return check_path(data, length);
	case PLAN_REF_LIST:
		return check_list(data, length, 0);
	case PLAN_REF_PATHS:
		return check_list(data, length, 1);
	case PLAN_REF_GROUPS:
		return length % 4 == 0 && offset % 4 == 0 && length <= PLAN_MAX_GROUPS * 4;
	case PLAN_REF_FILTER:
		return length && length % 8 == 0 && offset % 8 == 0 && length <= PLAN_MAX_FILTER;
	}
	return 0;
}

static int is_end(const struct plan_op *op)
{
	return op->code == PLAN_RUN || op->code == PLAN_GIVE_ROOT;
}

static int check_op(const struct plan_header *plan, const struct plan_op *op, int last)
{
	if (op->code == PLAN_NONE || op->code >= PLAN_CODE_COUNT || op->reserved || is_end(op) != last)
		return -EINVAL;
	const struct plan_row *row = &plan_rows[op->code];
	if (op->flags & ~row->flags)
		return -EINVAL;
	for (unsigned i = row->numbers; i < PLAN_NUMBERS; i++)
		if (op->num[i])
			return -EINVAL;
	for (unsigned i = 0; i < PLAN_REFS; i++) {
		struct plan_ref ref = op->ref[i];
		if (ref.offset > plan->pool_bytes || ref.length > plan->pool_bytes - ref.offset)
			return -EINVAL;
		if (!ref.length && (row->refs[i] & PLAN_REF_OPT))
			continue;
		if (!check_ref(plan_bytes(plan, ref), ref.length, row->refs[i] & ~PLAN_REF_OPT, ref.offset))
			return -EINVAL;
	}
	if (((op->code == PLAN_OPEN_TREE || op->code == PLAN_TAKE_TREE) && op->num[0] >= PLAN_SLOTS) || (op->code == PLAN_BIND && op->num[3] >= PLAN_SLOTS))
		return -EINVAL;
	return 0;
}

int plan_check(const void *data, size_t bytes)
{
	const struct plan_header *plan = data;
	if (bytes > PLAN_MAX_BYTES)
		return -E2BIG;
	if (bytes < sizeof(*plan) || plan->magic != PLAN_MAGIC || plan->version != PLAN_VERSION ||
	    plan->op_bytes != sizeof(struct plan_op) || plan->total_bytes != bytes)
		return -EPROTO;
	if (!plan->op_count || plan->op_count > PLAN_MAX_OPS || plan->preserve_fds > 1024 || plan->stdio_fds > 1)
		return -EINVAL;
	size_t pool = sizeof(*plan) + plan->op_count * sizeof(struct plan_op);
	if (plan->pool_offset != pool || pool > bytes || plan->pool_bytes != bytes - pool || pool % 8)
		return -EINVAL;
	/* PLAN_RUN takes what PLAN_COMMAND found */
	unsigned commands = 0;
	for (uint32_t i = 0; i < plan->op_count; i++) {
		const struct plan_op *op = &plan_ops(plan)[i];
		int rc = check_op(plan, op, i + 1 == plan->op_count);
		if (rc < 0)
			return rc;
		commands += op->code == PLAN_COMMAND;
	}
	return commands == (plan_ops(plan)[plan->op_count - 1].code == PLAN_RUN) ? 0 : -EINVAL;
}

const char *plan_list_next(const struct plan_header *plan, struct plan_ref list, const char *at)
{
	const char *begin = plan_bytes(plan, list), *end = begin + list.length;
	at = at ? at + strlen(at) + 1 : begin;
	return at < end ? at : NULL;
}

uint32_t plan_list_len(const struct plan_header *plan, struct plan_ref list)
{
	uint32_t n = 0;
	for (const char *at = NULL; (at = plan_list_next(plan, list, at));)
		n++;
	return n;
}
