/* mem.c - see mem.h */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

static void *check(void *ptr)
{
	if (!ptr) {
		fputs("Error: out of memory\n", stderr);
		abort();
	}
	return ptr;
}

void *mem_alloc(size_t bytes)
{
	return check(calloc(1, bytes ? bytes : 1));
}

void *mem_array(size_t count, size_t bytes)
{
	return check(calloc(count ? count : 1, bytes ? bytes : 1));
}

void *mem_resize(void *ptr, size_t count, size_t bytes)
{
	size_t total;

	if (__builtin_mul_overflow(count, bytes, &total))
		check(NULL);
	return check(realloc(ptr, total ? total : 1));
}

void *mem_dup(const void *ptr, size_t bytes)
{
	void *copy = mem_alloc(bytes);

	if (bytes)
		memcpy(copy, ptr, bytes);
	return copy;
}

char *mem_strdup(const char *text)
{
	return mem_dup(text, strlen(text) + 1);
}

char *mem_strndup(const char *text, size_t max)
{
	size_t len = strnlen(text, max);
	char *copy = mem_alloc(len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *mem_printf(const char *fmt, ...)
{
	char *text = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&text, fmt, ap);
	va_end(ap);
	return check(n < 0 ? NULL : text);
}

void mem_free_secret(char *text)
{
	if (text)
		explicit_bzero(text, strlen(text));
	free(text);
}
