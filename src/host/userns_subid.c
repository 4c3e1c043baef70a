#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "host/userns_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

enum { ADVICE_FIRST = 100000, ADVICE_COUNT = 65536 };

/* SPEC subuid(5): NAME:FIRST:COUNT or UID:FIRST:COUNT a line; the first that fits is used. */

static bool parse_line(char *line, const char *name, const char *uid, struct userns_range *ret)
{
	char *first = strchr(line, ':'), *count = first ? strchr(first + 1, ':') : NULL;
	uint64_t from, n;
	if (!count)
		return false;
	*first++ = 0;
	*count++ = 0;
	if (strcmp(line, uid) != 0 && !(name && strcmp(line, name) == 0))
		return false;
	if (num_u64(first, UINT32_MAX, &from) < 0 || num_u64(count, UINT32_MAX, &n) < 0 || n == 0 || from + n > UINT32_MAX)
		return false;
	*ret = (struct userns_range){ .first = (uint32_t)from, .count = (uint32_t)n };
	return true;
}

static int read_range(const char *path, const char *name, uid_t uid, struct userns_range *ret, struct err *err)
{
	auto_free char *text = NULL;
	size_t len;
	char number[16];
	*ret = (struct userns_range){ 0 };
	int rc = file_read(AT_FDCWD, path, LIMIT_CONFIG_FILE_BYTES, &text, &len);
	if (rc == -ENOENT)
		return 0;
	if (rc < 0)
		return err_sys(err, -rc, "cannot read '%s'", path);
	snprintf(number, sizeof(number), "%u", uid);
	for (char *line = text, *next; line && *line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		if (parse_line(line, name, number, ret))
			return 0;
	}
	return 0;
}

/* Whom only a directory service knows: getent asks as the host is set up to, whatever C library we have. */
static char *ask_getent(const char *who)
{
	int status = -1;
	auto_str line = { 0 };
	struct err ignored = { 0 };
	const char *const argv[] = { "getent", "passwd", "--", who, NULL };
	if (proc_run(argv, NULL, &status, &line, NULL, &ignored) < 0 || status)
		return NULL;
	size_t end = strcspn(str_text(&line), "\n");
	return end ? mem_strndup(str_text(&line), end) : NULL;
}

static bool is_line_of(const char *line, const char *who)
{
	size_t len = strlen(who);
	const char *password = strchr(line, ':'), *id = password ? strchr(password + 1, ':') : NULL;
	return (strncmp(line, who, len) == 0 && line[len] == ':') || (id && strncmp(id + 1, who, len) == 0 && id[1 + len] == ':');
}

char *userns_user_line_dup(const char *who)
{
	auto_free char *text = NULL;
	size_t len;
	if (file_read(AT_FDCWD, "/etc/passwd", LIMIT_CONFIG_FILE_BYTES, &text, &len) >= 0) {
		for (char *line = text, *next; line && *line; line = next) {
			next = strchr(line, '\n');
			if (next)
				*next++ = 0;
			if (is_line_of(line, who))
				return mem_strdup(line);
		}
	}
	return ask_getent(who);
}

char *userns_user_name_dup(uid_t uid)
{
	char number[12];
	snprintf(number, sizeof(number), "%u", uid);
	auto_free char *line = userns_user_line_dup(number);
	return line ? mem_strndup(line, strcspn(line, ":")) : NULL;
}

int userns_subids(uid_t uid, const char *user_name, struct userns_range *ret_uid, struct userns_range *ret_gid, struct err *err)
{
	return read_range("/etc/subuid", user_name, uid, ret_uid, err) < 0 ? -1 : read_range("/etc/subgid", user_name, uid, ret_gid, err);
}

/* The first id behind every range of the file that makes sense, beyond those of the machine's own users. */
static uint64_t free_in(const char *path, uint64_t first)
{
	auto_free char *text = NULL;
	size_t len;
	if (file_read(AT_FDCWD, path, LIMIT_CONFIG_FILE_BYTES, &text, &len) < 0)
		return first;
	auto_strv lines = strv_split(text, '\n');
	for (char **line = lines; line && *line; line++) {
		struct userns_range range;
		auto_free char *name = mem_strndup(*line, strcspn(*line, ":"));
		if (parse_line(*line, name, name, &range) && (uint64_t)range.first + range.count > first)
			first = (uint64_t)range.first + range.count;
	}
	return first;
}

char *userns_subid_advice_dup(void)
{
	uint64_t first = free_in("/etc/subgid", free_in("/etc/subuid", ADVICE_FIRST)), last = first + ADVICE_COUNT - 1;
	uid_t uid = userns_caller_uid();
	auto_free char *known = userns_user_name_dup(uid), *name = known ? take_ptr(known) : mem_printf("%u", uid);
	if (last >= UINT32_MAX)
		return mem_printf("lines %s:FIRST:%d in /etc/subuid and /etc/subgid, with ids that nobody has", name, ADVICE_COUNT);
	return mem_printf("usermod --add-subuids %llu-%llu --add-subgids %llu-%llu %s", (unsigned long long)first, (unsigned long long)last,
			  (unsigned long long)first, (unsigned long long)last, name);
}
