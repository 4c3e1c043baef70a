/* fuzz_replay.c - a fuzz target as a plain test: every seed, and what becomes of it when bytes are changed, taken out, put in, doubled.
 * The same inputs every time; what breaks is written to ./crash-input.
 * usage: replay_TARGET ROUNDS DIRECTORY-OF-SEEDS       ROUNDS changed ones of each seed
 */
#include "fuzz.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { SEEDS_MAX = 64, INPUT_MAX = 64 << 10, CHANGES_MAX = 8, CHUNK_MAX = 32 };

struct seed {
	char *data;
	size_t size;
};

static struct {
	uint8_t data[INPUT_MAX];
	size_t size;
} now; /* what a crash is reported of */

const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "abort_on_error=1:handle_abort=0";
}

const char *__ubsan_default_options(void);
const char *__ubsan_default_options(void)
{
	return "halt_on_error=1:abort_on_error=1:print_stacktrace=1";
}

static void on_abort(int signal_number)
{
	int fd = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	static const char text[] = "the input is in ./crash-input\n";

	if (fd >= 0 && write(fd, now.data, now.size) == (ssize_t)now.size && write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(1);
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
}

static uint64_t random_state = 88172645463325252;

static uint32_t random_below(uint32_t bound)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return bound ? (uint32_t)(random_state >> 32) % bound : 0;
}

static void put_in(size_t at, const uint8_t *data, size_t size)
{
	if (now.size + size > INPUT_MAX)
		return;
	memmove(now.data + at + size, now.data + at, now.size - at);
	memcpy(now.data + at, data, size);
	now.size += size;
}

static void take_out(size_t at, size_t size)
{
	size = size < now.size - at ? size : now.size - at;
	memmove(now.data + at, now.data + at + size, now.size - at - size);
	now.size -= size;
}

static void change(const struct seed *other)
{
	static const uint8_t odd[] = { 0, 0xff, 0x7f, 0x80, '"', '\\', '{', '}', '[', ']', '/', '.', ':', '@', ',', '=', ' ', '\n', '0', '9', '-' };
	uint8_t chunk[CHUNK_MAX];
	size_t at = random_below((uint32_t)now.size + 1), size = 1 + random_below(CHUNK_MAX);

	switch (random_below(6)) {
	case 0:
		if (at < now.size)
			now.data[at] ^= (uint8_t)(1 << random_below(8));
		break;
	case 1:
		if (at < now.size)
			now.data[at] = odd[random_below(sizeof(odd))];
		break;
	case 2:
		put_in(at, &odd[random_below(sizeof(odd))], 1);
		break;
	case 3:
		take_out(at, size);
		break;
	case 4: /* a piece of itself */
		size = size < now.size - at ? size : now.size - at;
		memcpy(chunk, now.data + at, size);
		put_in(random_below((uint32_t)now.size + 1), chunk, size);
		break;
	default: /* a piece of another */
		size = size < other->size ? size : other->size;
		put_in(at, (const uint8_t *)other->data + random_below((uint32_t)(other->size - size + 1)), size);
	}
}

static void run(void)
{
	/* exactly as large as it is, so that a byte too far is seen */
	uint8_t *copy = malloc(now.size ? now.size : 1);

	if (!copy)
		abort();
	memcpy(copy, now.data, now.size);
	LLVMFuzzerTestOneInput(copy, now.size);
	free(copy);
}

static void begin(const struct seed *seed)
{
	now.size = seed->size;
	memcpy(now.data, seed->data, seed->size);
}

static size_t read_seeds(const char *path, struct seed *seeds)
{
	DIR *dir = opendir(path);
	size_t count = 0;

	for (struct dirent *e; dir && count < SEEDS_MAX && (e = readdir(dir));)
		if (*e->d_name != '.' && file_read(dirfd(dir), e->d_name, INPUT_MAX, &seeds[count].data, &seeds[count].size) == 0)
			count++;
	if (dir)
		closedir(dir);
	return count;
}

int main(int argc, char **argv)
{
	struct seed seeds[SEEDS_MAX] = { 0 };
	int64_t rounds = 0;
	size_t count = argc == 3 && num_i64(argv[1], 0, INT32_MAX, &rounds) == 0 ? read_seeds(argv[2], seeds) : 0;

	if (!count) {
		fprintf(stderr, "usage: %s ROUNDS DIRECTORY-OF-SEEDS (no seed was found)\n", argv[0]);
		return 2;
	}
	signal(SIGABRT, on_abort);
	for (size_t i = 0; i < count; i++) {
		begin(&seeds[i]);
		run();
		for (int64_t round = 0; round < rounds; round++) {
			begin(&seeds[i]);
			for (uint32_t n = 1 + random_below(CHANGES_MAX); n > 0; n--)
				change(&seeds[random_below((uint32_t)count)]);
			run();
		}
	}
	printf("%zu seeds, %lld changed ones of each\n", count, (long long)rounds);
	for (size_t i = 0; i < count; i++)
		free(seeds[i].data);
	return 0;
}
