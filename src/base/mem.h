/* mem.h - memory that cannot run out, and cleanup by attribute.
 * Owner:  auto_free frees at the end of the scope; take_ptr gives away.
 * Errors: none: running out of memory aborts. Whatever a stranger can make us allocate has a maximum (base/limits.h).
 */
#pragma once

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void *mem_alloc(size_t bytes) __attribute__((malloc, returns_nonnull, warn_unused_result)); /* zeroed */
void *mem_array(size_t count, size_t bytes) __attribute__((malloc, returns_nonnull, warn_unused_result)); /* zeroed */
void *mem_resize(void *ptr, size_t count, size_t bytes) __attribute__((returns_nonnull, warn_unused_result));
void *mem_dup(const void *ptr, size_t bytes) __attribute__((malloc, returns_nonnull, warn_unused_result));
char *mem_strdup(const char *text) __attribute__((malloc, returns_nonnull, warn_unused_result));
char *mem_strndup(const char *text, size_t max) __attribute__((malloc, returns_nonnull, warn_unused_result));
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2), malloc, returns_nonnull, warn_unused_result));
/* Overwrites a secret in a way the compiler keeps, then frees it. NULL is fine. */
void mem_free_secret(char *text);

static inline void mem_free_ptr(void *pp)
{
	free(*(void **)pp);
}
#define auto_free __attribute__((cleanup(mem_free_ptr)))

/* Declares auto_<type> cleanup for a destructor that accepts NULL. */
#define AUTO_PTR(type, destroy)                                      \
	static inline void auto_##type##_fn(struct type **p)         \
	{                                                            \
		destroy(*p);                                         \
	}                                                            \
	struct type
/* The same for a struct held by value. */
#define AUTO_VAL(type, done)                                         \
	static inline void auto_val_##type##_fn(struct type *p)      \
	{                                                            \
		done(p);                                             \
	}                                                            \
	struct type
#define auto_ptr(type) __attribute__((cleanup(auto_##type##_fn))) struct type *
#define auto_val(type) __attribute__((cleanup(auto_val_##type##_fn))) struct type

#define take_ptr(p)                    \
	({                             \
		__auto_type pp_ = &(p); \
		__auto_type v_ = *pp_; \
		*pp_ = NULL;           \
		v_;                    \
	})

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - offsetof(type, member)))

static inline int str_eq(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}
