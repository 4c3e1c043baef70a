/* The static program's allocator: what is given is whole and one's own, and what is misused ends the process. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

void *own_malloc(size_t bytes);
void *own_calloc(size_t count, size_t bytes);
void *own_realloc(void *p, size_t bytes);
void own_free(void *p);
void *own_aligned_alloc(size_t alignment, size_t bytes);

enum { SLOTS = 400, ROUNDS = 200 * 1000 };

struct slot {
	unsigned char *p;
	size_t len;
	unsigned char mark;
};

static uint32_t next_random(uint32_t *state)
{
	*state = *state * 1664525 + 1013904223;
	return *state >> 8;
}

static void check(const struct slot *s)
{
	for (size_t i = 0; i < s->len; i++)
		assert_int_equal(s->p[i], s->mark);
}

static void blocks_do_not_touch(void **state)
{
	static struct slot slots[SLOTS];
	uint32_t seed = 1;

	for (int round = 0; round < ROUNDS; round++) {
		struct slot *s = &slots[next_random(&seed) % SLOTS];
		size_t len = next_random(&seed) % (round % 100 ? 300 : 300 * 1000);
		if (s->p && round % 3 == 0) {
			size_t kept = len < s->len ? len : s->len;
			s->p = own_realloc(s->p, len);
			s->len = kept;
			check(s);
		} else {
			check(s);
			own_free(s->p);
			s->p = round % 2 ? own_malloc(len) : own_calloc(1, len);
			for (size_t i = 0; round % 2 == 0 && i < len; i++)
				assert_int_equal(s->p[i], 0);
		}
		assert_non_null(s->p);
		assert_int_equal((uintptr_t)s->p % _Alignof(max_align_t), 0);
		s->len = len;
		s->mark = (unsigned char)round;
		memset(s->p, s->mark, len);
	}
	for (int i = 0; i < SLOTS; i++) {
		check(&slots[i]);
		own_free(slots[i].p);
	}
}

static void what_cannot_be_is_refused(void **state)
{
	errno = 0;
	assert_null(own_malloc(SIZE_MAX - 8));
	assert_int_equal(errno, ENOMEM);
	assert_null(own_calloc(SIZE_MAX / 2, 3));
	assert_null(own_malloc((size_t)1 << 50));
	assert_null(own_aligned_alloc(4096, 10));
	own_free(NULL);
	void *p = own_realloc(NULL, 10);
	assert_non_null(p);
	assert_null(own_realloc(p, SIZE_MAX / 2));
	own_free(p);
}

/* --- misuse --- */

static void free_twice(void)
{
	void *p = own_malloc(40);
	own_free(p);
	own_free(p);
}

static void free_the_middle(void)
{
	char *p = own_calloc(1, 100);
	own_free(p + 16);
}

static void write_beyond(void)
{
	char *p = own_malloc(40), *q = own_malloc(40);
	/* once what others gave back is used up, blocks follow each other */
	for (int i = 0; q - p != 64 && i < 10000; i++) {
		p = q;
		q = own_malloc(40);
	}
	memset(p, 1, 64);
	own_free(q);
}

static void write_after_free(void)
{
	char *p = own_malloc(200);
	own_free(p);
	memset(p - 8, 1, 16);
	own_free(own_malloc(200));
}

static int ending(void (*misuse)(void))
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		signal(SIGABRT, SIG_DFL);
		misuse();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void misuse_ends_the_process(void **state)
{
	assert_int_equal(ending(free_twice), SIGABRT);
	assert_int_equal(ending(free_the_middle), SIGABRT);
	assert_int_equal(ending(write_beyond), SIGABRT);
	assert_int_equal(ending(write_after_free), SIGABRT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_do_not_touch),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(misuse_ends_the_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
