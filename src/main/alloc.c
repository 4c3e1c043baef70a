/* alloc.c - malloc and its family for the static program.
 *
 * A command lives for milliseconds and allocates a few thousand small things. musl's allocator gives each size pages of its
 * own and hands them back as soon as they are empty: 150 page faults and 70 system calls a start, a tenth of its time. This
 * one takes memory in large pieces and keeps it: a list of free blocks a size, sizes are powers of two, what is larger than
 * BLOCK_MAX is a mapping of its own. There are no threads.
 *
 * In front of each block lies its size, and a seal made of the size, the address and a secret of this process: a block that
 * is freed twice, was never given out, or whose neighbour was written beyond its end, ends the process.
 *
 * Built without LTO and builtins: the compiler would see malloc and memset and call calloc, which is here.
 */
#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>

enum { BLOCK_MIN = 32, SIZES = 13, BLOCK_MAX = BLOCK_MIN << (SIZES - 1), PIECE = 256 << 10, PAGE = 4096 };

struct head {
	size_t size; /* with this */
	uintptr_t seal;
};
_Static_assert(sizeof(struct head) % _Alignof(max_align_t) == 0, "what follows is aligned");

struct free_block {
	struct head head;
	struct free_block *next;
};

static struct free_block *lists[SIZES];
static char *piece, *piece_end;

static uintptr_t secret; /* 0: not read yet */

static uintptr_t seal(const struct head *h, uintptr_t kind)
{
	return secret ^ (uintptr_t)h ^ h->size ^ kind;
}
enum { GIVEN = 0, FREE = 1 }; /* sizes are even: no seal of one kind is one of the other */

static void *map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return p == MAP_FAILED ? NULL : p;
}

static unsigned size_index(size_t bytes)
{
	return bytes <= BLOCK_MIN ? 0 : (unsigned)(sizeof(long) * CHAR_BIT - (size_t)__builtin_clzl(bytes - 1)) - 5;
}
_Static_assert(BLOCK_MIN == 1 << 5, "size_index counts from it");

/* Powers of two divide a piece, so its rest, when it is too small, is what all larger blocks leave. */
static struct head *cut(size_t size)
{
	if ((size_t)(piece_end - piece) < size) {
		char *next = map(PIECE);
		if (!next)
			return NULL;
		piece = next;
		piece_end = next + PIECE;
	}
	struct head *h = (struct head *)(void *)piece;
	piece += size;
	h->size = size;
	return h;
}

static struct head *take(unsigned index)
{
	struct free_block *b = lists[index];
	if (!b)
		return cut((size_t)BLOCK_MIN << index);
	if (b->head.seal != seal(&b->head, FREE))
		abort();
	lists[index] = b->next;
	return &b->head;
}

static struct head *give(size_t bytes, int *ret_zeroed)
{
	struct head *h;
	*ret_zeroed = 0;
	if (!secret) {
		memcpy(&secret, (const char *)getauxval(AT_RANDOM) + sizeof(secret), sizeof(secret));
		secret |= 2; /* never 0 */
	}
	if (bytes > PTRDIFF_MAX - PAGE - sizeof(*h)) {
		errno = ENOMEM;
		return NULL;
	}
	size_t whole = bytes + sizeof(*h);
	if (whole <= BLOCK_MAX) {
		h = take(size_index(whole));
	} else {
		size_t size = (whole + PAGE - 1) & ~(size_t)(PAGE - 1);
		h = map(size);
		*ret_zeroed = 1;
		if (h)
			h->size = size;
	}
	if (!h)
		errno = ENOMEM;
	else
		h->seal = seal(h, GIVEN);
	return h;
}

/* Of a pointer we gave out. */
static struct head *head_of(void *p)
{
	struct head *h = (struct head *)p - 1;
	if (h->seal != seal(h, GIVEN))
		abort();
	return h;
}

void *malloc(size_t bytes)
{
	int zeroed;
	struct head *h = give(bytes, &zeroed);
	return h ? h + 1 : NULL;
}

void free(void *p)
{
	if (!p)
		return;
	struct head *h = head_of(p);
	if (h->size > BLOCK_MAX) {
		int saved = errno;
		munmap(h, h->size);
		errno = saved;
		return;
	}
	struct free_block *b = (struct free_block *)(void *)h;
	unsigned index = size_index(h->size);
	h->seal = seal(h, FREE);
	b->next = lists[index];
	lists[index] = b;
}

void *calloc(size_t count, size_t bytes)
{
	size_t all;
	int zeroed;
	if (__builtin_mul_overflow(count, bytes, &all)) {
		errno = ENOMEM;
		return NULL;
	}
	struct head *h = give(all, &zeroed);
	if (h && !zeroed)
		memset(h + 1, 0, all);
	return h ? h + 1 : NULL;
}

void *realloc(void *p, size_t bytes)
{
	if (!p)
		return malloc(bytes);
	size_t room = head_of(p)->size - sizeof(struct head);
	if (bytes <= room)
		return p;
	void *larger = malloc(bytes);
	if (larger) {
		memcpy(larger, p, room);
		free(p);
	}
	return larger;
}

/* Nothing of ours asks for more than malloc's own alignment. */
void *aligned_alloc(size_t alignment, size_t bytes)
{
	if (alignment <= _Alignof(max_align_t))
		return malloc(bytes);
	errno = EINVAL;
	return NULL;
}
