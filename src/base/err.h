/* err.h - one failure: its kind, its errno, and the sentence a person reads.
 * Owner:  the caller provides a zeroed struct err, never NULL; nothing to free.
 * Errors: functions above base return int: >= 0 success, < 0 failure, and the err is set exactly then.
 *
 * A sentence is built from the inside out: the function that failed sets it, each caller that knows more
 * puts its own words in front (`doing X: doing Y: reason`). Branch on kinds, never on text. Setting an err
 * twice is a bug and asserts. struct err holds no pointers: it crosses a fork through a pipe as it is.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

enum err_kind {
	ERR_NONE = 0,
	ERR_INTERNAL,	 /* a bug of ours */
	ERR_SYSTEM,	 /* a system call failed; errnum says how */
	ERR_USAGE,	 /* words, flags or values that make no sense */
	ERR_NOT_FOUND,	 /* no such object */
	ERR_EXISTS,	 /* the name is taken */
	ERR_IN_USE,	 /* the object is needed by another */
	ERR_STATE,	 /* the object is not in a state that allows this */
	ERR_DENIED,	 /* permission, policy, refused login */
	ERR_UNSUPPORTED, /* not done by this program, or not possible on this host */
	ERR_NO_SPACE,	 /* disk full or quota */
	ERR_LIMIT,	 /* an input is larger than its maximum */
	ERR_INVALID,	 /* bytes from outside are not what they claim to be */
	ERR_MISMATCH,	 /* a digest or size differs from the one promised */
	ERR_NETWORK,	 /* unreachable, reset, timed out */
	ERR_CORRUPT,	 /* an object of the store is damaged */
	ERR_CMD_NOT_EXECUTABLE, /* 126 */
	ERR_CMD_NOT_FOUND,	/* 127 */
	ERR_CANCELLED,	 /* stopped by a signal */
	ERR_LIBRARIES,	 /* this program is the static one, and a library is needed (dl.h): the command starts again as the full one */
	ERR_KIND_COUNT
};

enum { ERR_TEXT_MAX = 2048 };

struct err {
	enum err_kind kind;
	int errnum;
	char text[ERR_TEXT_MAX];
};

/* What a kind means to the outside: one row each, in err.c. */
struct err_kind_row {
	const char *name;  /* "not-found" */
	int exit_code;	   /* 125 unless Podman's differs */
	int http_status;
	const char *sentence;
};
const struct err_kind_row *err_kind_row(enum err_kind kind);

/* Sets `err` and returns -1. */
int err_set(struct err *err, enum err_kind kind, const char *fmt, ...) __attribute__((format(printf, 3, 4), cold));
/* The same for a failed system call: the kind follows from errnum (positive), and ": <reason>" is appended. */
int err_sys(struct err *err, int errnum, const char *fmt, ...) __attribute__((format(printf, 3, 4), cold));
/* Puts "words: " in front of what is set already; returns -1. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3), cold));
/* -1 is told where it is called, so that compilers and analyzers know what cannot follow. */
static inline int err_failed(int rc)
{
	(void)rc;
	return -1;
}
#define err_set(...) err_failed((err_set)(__VA_ARGS__))
#define err_sys(...) err_failed((err_sys)(__VA_ARGS__))
#define err_wrap(...) err_failed((err_wrap)(__VA_ARGS__))
/* Forgets the failure, where it was expected. */
void err_clear(struct err *err);

static inline bool err_is(const struct err *err, enum err_kind kind)
{
	return err->kind == kind;
}

/* The exit code for an err that ends the program. */
int err_exit_code(const struct err *err);
/* The kind that stands for an errno value (positive). */
enum err_kind err_kind_of_errno(int errnum);
/* strerror in lower case ("permission denied"), never NULL, static storage. */
const char *err_reason(int errnum);

#define must_check __attribute__((warn_unused_result))
