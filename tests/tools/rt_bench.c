/* rt_bench ROOT [N]: N starts of ROOT's /bin/true with everything `run --network none` has but its cgroup; spawn to reaped,
 * median and p10. The filter is like a real one compiled as a tree of ranges: 700 instructions, of which a
 * call meets ten. */
#include "rt_case.h"

#include "base/fd.h"
#include "base/file.h"
#include "base/num.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { FILTER = 700 };

static double now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return x < y ? -1 : x > y;
}

struct times {
	double spawn, ready, verify, whole;
};

static int once(struct rt_case *c, const struct rt_spawn_opts *opts, struct times *ret, struct err *err)
{
	struct rt_process p;
	double begin = now_us();
	if (rt_spawn(&c->spec, opts, &p, err) < 0)
		return -1;
	ret->spawn = now_us() - begin;
	if (rt_wait_ready(&p, err) < 0)
		return -1;
	ret->ready = now_us() - begin;
	if (rt_verify(&c->spec, &p, err) < 0)
		return -1;
	ret->verify = now_us() - begin;
	if (rt_release(&p, err) < 0)
		return -1;
	int code = rt_case_wait(&p);
	ret->whole = now_us() - begin;
	return code;
}

int main(int argc, char **argv)
{
	static const char *const args[] = { "/bin/true", NULL };
	static const char *const names[] = { "spawned", "ready", "verified", "reaped" };
	uint64_t count = 200;
	struct rt_case c;
	struct err err = { 0 };
	if (argc < 2 || (argc > 2 && num_u64(argv[2], 100000, &count) < 0) || !count)
		return 2;
	rt_case_init(&c, argv[1], args);
	struct { uint16_t code; uint8_t jt, jf; uint32_t k; } *filter = mem_array(FILTER, sizeof(*filter));
	for (int i = 0; i < FILTER; i++) {
		filter[i].code = i % 10 == 9 ? 0x06 : i ? 0x15 : 0x20; /* load the number; compare; allow */
		filter[i].k = i % 10 == 9 ? 0x7fff0000 : i ? 100000U + (uint32_t)i : 0;
	}
	c.spec.seccomp.filter = filter;
	c.spec.seccomp.count = FILTER;
	auto_close int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct rt_spawn_opts opts = { .stdin_fd = null_fd, .stdout_fd = null_fd, .stderr_fd = null_fd, .cgroup_fd = -EBADF };
	auto_free double *samples = mem_array(count * 4, sizeof(*samples));
	for (uint64_t i = 0; i < count; i++) {
		struct times t;
		if (once(&c, &opts, &t, &err) != 0) {
			fprintf(stderr, "Error: %s\n", err.text);
			rt_case_done(&c);
			return 1;
		}
		const double row[] = { t.spawn, t.ready, t.verify, t.whole };
		for (int k = 0; k < 4; k++)
			samples[(uint64_t)k * count + i] = row[k];
		/* the kernel's mark of a volatile overlay: it mounts no second time */
		auto_free char *mark = mem_printf("%s/work", c.spec.root.work);
		file_remove_tree(AT_FDCWD, mark);
	}
	for (int k = 0; k < 4; k++) {
		double *s = samples + (uint64_t)k * count;
		qsort(s, count, sizeof(*s), by_value);
		printf("%-9s median %6.0f us  p10 %6.0f us\n", names[k], s[count / 2], s[count / 10]);
	}
	rt_case_done(&c);
	return 0;
}
