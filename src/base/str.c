/* str.c - see str.h */
#include "base/str.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdio.h>

enum { DISTANCE_MAX = 63 };

void str_done(struct str *s)
{
	free(s->data);
	*s = (struct str){ 0 };
}

void str_reserve(struct str *s, size_t more)
{
	size_t need = s->len + more + 1;

	if (need <= s->cap)
		return;
	size_t cap = s->cap ? s->cap : 64;
	while (cap < need)
		cap *= 2;
	s->data = mem_resize(s->data, cap, 1);
	s->cap = cap;
}

void str_add_mem(struct str *s, const void *data, size_t len)
{
	str_reserve(s, len);
	if (len)
		memcpy(s->data + s->len, data, len);
	s->len += len;
	s->data[s->len] = '\0';
}

void str_add(struct str *s, const char *text)
{
	str_add_mem(s, text, strlen(text));
}

void str_add_char(struct str *s, char c)
{
	str_add_mem(s, &c, 1);
}

void str_addv(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	size_t room;
	int n;

	va_copy(again, ap);
	/* mostly it fits at once */
	str_reserve(s, 0);
	room = s->cap - s->len;
	n = vsnprintf(s->data + s->len, room, fmt, ap);
	assert(n >= 0);
	if ((size_t)n >= room) {
		str_reserve(s, (size_t)n);
		vsnprintf(s->data + s->len, (size_t)n + 1, fmt, again);
	}
	va_end(again);
	s->len += (size_t)n;
}

void str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	str_addv(s, fmt, ap);
	va_end(ap);
}

void str_cut(struct str *s, size_t len)
{
	if (len >= s->len)
		return;
	s->len = len;
	s->data[len] = '\0';
}

const char *str_text(const struct str *s)
{
	return s->data ? s->data : "";
}

char *str_take(struct str *s)
{
	char *data = s->data ? s->data : mem_strdup("");

	*s = (struct str){ 0 };
	return data;
}

const char *str_after(const char *text, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(text, prefix, len) == 0 ? text + len : NULL;
}

bool str_starts(const char *text, const char *prefix)
{
	return str_after(text, prefix) != NULL;
}

bool str_ends(const char *text, const char *suffix)
{
	size_t len = strlen(text), tail = strlen(suffix);

	return len >= tail && memcmp(text + len - tail, suffix, tail) == 0;
}

int str_index(const char *const *list, const char *text)
{
	for (int i = 0; list[i]; i++)
		if (strcmp(list[i], text) == 0)
			return i;
	return -1;
}

char *str_lower_dup(const char *text)
{
	char *copy = mem_strdup(text);

	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;
	return m < c ? m : c;
}

static bool same_letter(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* one row of the table at a time */
unsigned str_distance(const char *a, const char *b)
{
	unsigned row[DISTANCE_MAX + 1];
	size_t n = strlen(b);
	if (n > DISTANCE_MAX || strlen(a) > DISTANCE_MAX)
		return UINT32_MAX;
	for (size_t j = 0; j <= n; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; a[i - 1]; i++) {
		unsigned diagonal = row[0];
		row[0] = (unsigned)i;
		for (size_t j = 1; j <= n; j++) {
			unsigned above = row[j];
			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + !same_letter(a[i - 1], b[j - 1]));
			diagonal = above;
		}
	}
	return row[n];
}

size_t strv_len(char *const *v)
{
	size_t n = 0;

	while (v && v[n])
		n++;
	return n;
}

void strv_add_take(char ***v, char *text)
{
	size_t n = strv_len(*v);

	/* room grows by powers of two: n is full when it is one */
	if ((n & (n + 1)) == 0)
		*v = mem_resize(*v, 2 * (n + 1), sizeof(char *));
	(*v)[n] = text;
	(*v)[n + 1] = NULL;
}

void strv_add(char ***v, const char *text)
{
	strv_add_take(v, mem_strdup(text));
}

void strv_addf(char ***v, const char *fmt, ...)
{
	auto_str text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	strv_add_take(v, str_take(&text));
}

void strv_extend(char ***v, char *const *more)
{
	for (; more && *more; more++)
		strv_add(v, *more);
}

char **strv_dup(char *const *v)
{
	char **copy = NULL;

	strv_extend(&copy, v);
	return copy;
}

char **strv_split(const char *text, char sep)
{
	size_t count = 1, cap = 2;

	if (!*text)
		return NULL;
	for (const char *p = text; *p; p++)
		count += *p == sep;
	while (cap <= count)
		cap *= 2; /* the room strv_add_take expects */
	char **v = mem_array(cap, sizeof(*v));
	for (size_t i = 0; i < count; i++) {
		const char *end = strchrnul(text, sep);

		v[i] = mem_strndup(text, (size_t)(end - text));
		text = end + 1;
	}
	v[count] = NULL;
	return v;
}

char *strv_join(char *const *v, const char *sep)
{
	struct str s = { 0 };

	for (size_t i = 0; v && v[i]; i++) {
		if (i)
			str_add(&s, sep);
		str_add(&s, v[i]);
	}
	return str_take(&s);
}

bool strv_has(char *const *v, const char *text)
{
	for (; v && *v; v++)
		if (strcmp(*v, text) == 0)
			return true;
	return false;
}

static char **env_slot(char *const *v, const char *key)
{
	size_t len = strlen(key);

	for (; v && *v; v++)
		if (strncmp(*v, key, len) == 0 && (*v)[len] == '=')
			return (char **)v;
	return NULL;
}

const char *strv_env_get(char *const *v, const char *key)
{
	char **slot = env_slot(v, key);

	return slot ? *slot + strlen(key) + 1 : NULL;
}

void strv_env_set(char ***v, const char *key, const char *value)
{
	char **slot = env_slot(*v, key);
	char *pair = mem_printf("%s=%s", key, value);

	if (!slot) {
		strv_add_take(v, pair);
		return;
	}
	free(*slot);
	*slot = pair;
}

void strv_env_unset(char **v, const char *key)
{
	char **slot = env_slot(v, key);

	if (!slot)
		return;
	free(*slot);
	for (; *slot; slot++)
		*slot = slot[1];
}

static int compare_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strv_sort(char **v)
{
	if (v)
		qsort(v, strv_len(v), sizeof(char *), compare_text);
}

void strv_free(char **v)
{
	for (size_t i = 0; v && v[i]; i++)
		free(v[i]);
	free(v);
}
