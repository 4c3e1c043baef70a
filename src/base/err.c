/* err.c - see err.h */
#include "base/err.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct err_kind_row kinds[ERR_KIND_COUNT] = {
	[ERR_NONE]               = { "none",               0,   200, "no failure" },
	[ERR_INTERNAL]           = { "internal",           125, 500, "this is a defect of cpod" },
	[ERR_SYSTEM]             = { "system",             125, 500, "a system call failed" },
	[ERR_USAGE]              = { "usage",              125, 400, "the command line makes no sense" },
	[ERR_NOT_FOUND]          = { "not-found",          125, 404, "no such object" },
	[ERR_EXISTS]             = { "exists",             125, 409, "the name is in use" },
	[ERR_IN_USE]             = { "in-use",             125, 409, "the object is in use" },
	[ERR_STATE]              = { "state",              125, 409, "the object's state does not allow this" },
	[ERR_DENIED]             = { "denied",             125, 403, "not permitted" },
	[ERR_UNSUPPORTED]        = { "unsupported",        125, 501, "not supported" },
	[ERR_NO_SPACE]           = { "no-space",           125, 507, "no space left" },
	[ERR_LIMIT]              = { "limit",              125, 413, "larger than allowed" },
	[ERR_INVALID]            = { "invalid",            125, 400, "malformed input" },
	[ERR_MISMATCH]           = { "mismatch",           125, 502, "content differs from what was promised" },
	[ERR_NETWORK]            = { "network",            125, 502, "the network failed" },
	[ERR_CORRUPT]            = { "corrupt",            125, 500, "a stored object is damaged" },
	[ERR_CMD_NOT_EXECUTABLE] = { "cmd-not-executable", 126, 400, "the command cannot be executed" },
	[ERR_CMD_NOT_FOUND]      = { "cmd-not-found",      127, 400, "the command was not found" },
	[ERR_CANCELLED]          = { "cancelled",          130, 499, "cancelled" },
	[ERR_LIBRARIES]          = { "libraries",          125, 500, "libraries are needed" },
};

const struct err_kind_row *err_kind_row(enum err_kind kind)
{
	assert(kind >= 0 && kind < ERR_KIND_COUNT);
	return &kinds[kind];
}

enum err_kind err_kind_of_errno(int errnum)
{
	switch (errnum) {
	case ENOENT:
	case ESRCH:
		return ERR_NOT_FOUND;
	case EEXIST:
		return ERR_EXISTS;
	case EBUSY:
		return ERR_IN_USE;
	case EACCES:
	case EPERM:
	case EROFS:
		return ERR_DENIED;
	case ENOSPC:
	case EDQUOT:
		return ERR_NO_SPACE;
	case ENOSYS:
	case EOPNOTSUPP:
		return ERR_UNSUPPORTED;
	case EFBIG:
	case E2BIG:
	case ENAMETOOLONG:
		return ERR_LIMIT;
	default:
		return ERR_SYSTEM;
	}
}

const char *err_reason(int errnum)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s", strerror(errnum));
	/* "I/O error" and the like keep their capitals */
	if (isupper((unsigned char)text[0]) && islower((unsigned char)text[1]))
		text[0] = (char)tolower((unsigned char)text[0]);
	return text;
}

static void set_v(struct err *err, enum err_kind kind, int errnum, const char *fmt, va_list ap)
{
	assert(err->kind == ERR_NONE);
	assert(kind != ERR_NONE);
	err->kind = kind;
	err->errnum = errnum;
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
}

int (err_set)(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_v(err, kind, 0, fmt, ap);
	va_end(ap);
	return -1;
}

int (err_sys)(struct err *err, int errnum, const char *fmt, ...)
{
	va_list ap;
	size_t len;

	va_start(ap, fmt);
	set_v(err, err_kind_of_errno(errnum), errnum, fmt, ap);
	va_end(ap);
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s", err_reason(errnum));
	return -1;
}

int (err_wrap)(struct err *err, const char *fmt, ...)
{
	char front[ERR_TEXT_MAX];
	char inner[ERR_TEXT_MAX];
	va_list ap;

	assert(err->kind != ERR_NONE);
	va_start(ap, fmt);
	vsnprintf(front, sizeof(front), fmt, ap);
	va_end(ap);
	memcpy(inner, err->text, sizeof(inner));
	/* the reason is worth more than the path to it: cut the front when both do not fit */
	size_t inner_len = strnlen(inner, sizeof(inner) - 1);
	size_t room = sizeof(err->text) - 1 - inner_len;
	int front_max = room > 2 ? (int)(room - 2) : 0;
	snprintf(err->text, sizeof(err->text), "%.*s: %.*s", front_max, front, (int)inner_len, inner);
	return -1;
}

void err_clear(struct err *err)
{
	err->kind = ERR_NONE;
	err->errnum = 0;
	err->text[0] = '\0';
}

int err_exit_code(const struct err *err)
{
	return err_kind_row(err->kind)->exit_code;
}
