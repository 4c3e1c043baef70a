/* values_glob.c - see values_mount.h */
#include "options/values_mount.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "codec/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { BAD_PATTERN = -1 };

static uint32_t next_rune(const char **at)
{
	uint32_t rune;
	*at += utf8_next(*at, strlen(*at), &rune);
	return rune;
}

/* One end of a range: \x is x itself. */
static int class_rune(const char **p, uint32_t *ret)
{
	if (!**p || **p == '-' || **p == ']')
		return BAD_PATTERN;
	if (**p == '\\' && !*++*p)
		return BAD_PATTERN;
	*ret = next_rune(p);
	return **p ? 0 : BAD_PATTERN;
}

/* *p is behind the [, and behind the ] afterwards. */
static int match_class(const char **p, uint32_t rune)
{
	bool negated = **p == '^', found = false, any = false;
	*p += negated;
	while (!any || **p != ']') {
		uint32_t low, high;
		if (class_rune(p, &low) < 0)
			return BAD_PATTERN;
		high = low;
		if (**p == '-' && (++*p, class_rune(p, &high) < 0))
			return BAD_PATTERN;
		found |= low <= rune && rune <= high;
		any = true;
	}
	++*p;
	return found != negated;
}

/* 1 it matches, 0 not, BAD_PATTERN. The name has no slash. The last star is where another try begins: no pattern takes long. */
static int match(const char *p, const char *name)
{
	const char *star = NULL, *from = NULL;
	for (;;) {
		const char *n = name;
		int fits = 0;
		if (*p == '*') {
			star = ++p;
			from = name;
			continue;
		}
		if (!*p && !*name)
			return 1;
		if (*p == '[') {
			p++;
			fits = match_class(&p, *n ? next_rune(&n) : UINT32_MAX);
			if (fits < 0)
				return fits;
			fits = fits && *name;
		} else if (*p && *name) {
			bool any = *p == '?';
			if (*p == '\\' && !*++p)
				return BAD_PATTERN;
			fits = next_rune(&p) == next_rune(&n) || any;
		}
		if (fits) {
			name = n;
			continue;
		}
		if (!star || !*from)
			return 0;
		next_rune(&from);
		p = star;
		name = from;
	}
}

static bool has_meta(const char *text)
{
	return text[strcspn(text, "*?[\\")] != 0;
}

/* Names of one directory; what is no directory has none. */
static int glob_dir(const char *dir, const char *pattern, char ***to)
{
	auto_strv names = NULL;
	auto_close int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || file_list(fd, &names) < 0)
		return 0;
	strv_sort(names);
	for (char **name = names; name && *name; name++) {
		int rc = match(pattern, *name);
		if (rc < 0)
			return rc;
		if (rc)
			strv_add_take(to, path_join_dup(dir, *name));
	}
	return 0;
}

static int glob(const char *pattern, char ***to)
{
	struct stat st;
	if (!has_meta(pattern)) {
		if (lstat(pattern, &st) >= 0)
			strv_add(to, pattern);
		return 0;
	}
	const char *base = path_base(pattern);
	size_t len = (size_t)(base - pattern);
	auto_free char *dir = mem_strndup(pattern, len > 1 ? len - 1 : len);
	auto_strv dirs = NULL;
	int rc = glob(dir, &dirs);
	for (char **d = dirs; rc >= 0 && d && *d; d++)
		rc = glob_dir(*d, base, to);
	return rc;
}

int values_glob(const char *pattern, char ***ret, struct err *err)
{
	auto_strv found = NULL;
	/* a pattern that is none is told also where nothing would be compared with it */
	if (match(path_base(pattern), "") < 0 || glob(pattern, &found) < 0)
		return err_set(err, ERR_USAGE, "syntax error in pattern '%s'", pattern);
	*ret = take_ptr(found);
	return 0;
}
