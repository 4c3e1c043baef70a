#include "base/mem.h"
#include "host/seccomp_priv.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>

/* Shape of the program
 *	load arch; for each architecture: jump over the next instruction when it is not this one, jump to its section
 *	kill
 *	section: load nr; binary search over ranges of numbers with the same outcome; each leaf returns or tests arguments
 * Conditional jumps reach 255 instructions, so both branches of a search step are one unconditional jump away at most.
 */

enum { PROGRAM_MAX = BPF_MAXINSNS };

struct program {
	struct sock_filter *code;
	size_t count, cap;
};

static size_t add(struct program *p, uint16_t code, uint32_t k, uint8_t jt, uint8_t jf)
{
	if (p->count == p->cap)
		p->code = mem_resize(p->code, p->cap = p->cap ? p->cap * 2 : 256, sizeof(*p->code));
	p->code[p->count] = (struct sock_filter){ code, jt, jf, k };
	return p->count++;
}

static void add_return(struct program *p, uint32_t action)
{
	add(p, BPF_RET | BPF_K, action, 0, 0);
}

/* An unconditional jump whose target is not known yet. */
static size_t add_jump(struct program *p)
{
	return add(p, BPF_JMP | BPF_JA, 0, 0, 0);
}

static void land(struct program *p, size_t jump)
{
	p->code[jump].k = (uint32_t)(p->count - jump - 1);
}

/* --- arguments --- */

static void load_arg(struct program *p, unsigned index, bool high)
{
	/* little endian, as every architecture we run on */
	uint32_t at = (uint32_t)offsetof(struct seccomp_data, args) + index * 8 + (high ? 4 : 0);
	add(p, BPF_LD | BPF_W | BPF_ABS, at, 0, 0);
}

/* Leaves the jumps taken when the argument does not fit in `misses`. */
struct misses {
	size_t at[SECCOMP_ARGS_MAX * 4];
	size_t count;
};

static void miss(struct program *p, struct misses *m)
{
	m->at[m->count++] = add_jump(p);
}

/* Goes on when A equals k, misses else. */
static void want_equal(struct program *p, struct misses *m, uint32_t k)
{
	add(p, BPF_JMP | BPF_JEQ | BPF_K, k, 1, 0);
	miss(p, m);
}

static void test_equal(struct program *p, struct misses *m, const struct seccomp_arg *a)
{
	bool masked = a->op == SECCOMP_MASKED_EQ;
	uint64_t want = masked ? a->value_two : a->value;
	for (int high = 1; high >= 0; high--) {
		load_arg(p, a->index, high);
		if (masked)
			add(p, BPF_ALU | BPF_AND | BPF_K, (uint32_t)(a->value >> (high ? 32 : 0)), 0, 0);
		want_equal(p, m, (uint32_t)(want >> (high ? 32 : 0)));
	}
}

static void test_not_equal(struct program *p, struct misses *m, const struct seccomp_arg *a)
{
	load_arg(p, a->index, true);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(a->value >> 32), 0, 3); /* differs: it fits */
	load_arg(p, a->index, false);
	add(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)a->value, 0, 1);
	miss(p, m);
}

/* Greater (or equal); turned: less or equal (less). */
static void test_order(struct program *p, struct misses *m, const struct seccomp_arg *a)
{
	bool or_equal = a->op == SECCOMP_GE || a->op == SECCOMP_LT; /* what the low word's jump asks */
	bool turned = a->op == SECCOMP_LT || a->op == SECCOMP_LE;
	uint32_t high = (uint32_t)(a->value >> 32), low = (uint32_t)a->value;
	uint16_t jump = (uint16_t)(BPF_JMP | BPF_K | (or_equal ? BPF_JGE : BPF_JGT));
	load_arg(p, a->index, true);
	add(p, BPF_JMP | BPF_JGT | BPF_K, high, turned ? 4 : 5, 0); /* higher: decided */
	add(p, BPF_JMP | BPF_JEQ | BPF_K, high, 0, turned ? 4 : 3); /* lower: decided */
	load_arg(p, a->index, false);
	add(p, jump, low, turned ? 1 : 2, turned ? 2 : 1);
	add(p, BPF_JMP | BPF_JA, 0, 0, 0); /* never reached; keeps the distances of both forms alike */
	miss(p, m);
}

static void test_arg(struct program *p, struct misses *m, const struct seccomp_arg *a)
{
	switch (a->op) {
	case SECCOMP_EQ:
	case SECCOMP_MASKED_EQ:
		test_equal(p, m, a);
		break;
	case SECCOMP_NE:
		test_not_equal(p, m, a);
		break;
	case SECCOMP_LT:
	case SECCOMP_LE:
	case SECCOMP_GE:
	case SECCOMP_GT:
		test_order(p, m, a);
		break;
	}
}

static void add_rules(struct program *p, const struct seccomp_rule *rules, size_t count, uint32_t default_action)
{
	for (size_t i = 0; i < count; i++) {
		struct misses m = { .count = 0 };
		for (unsigned a = 0; a < rules[i].arg_count; a++)
			test_arg(p, &m, &rules[i].args[a]);
		add_return(p, rules[i].action);
		if (!rules[i].arg_count)
			return;
		for (size_t j = 0; j < m.count; j++)
			land(p, m.at[j]);
	}
	add_return(p, default_action);
}

/* --- the search --- */

struct range {
	uint32_t first; /* up to the next range's */
	const struct seccomp_rule *rules; /* NULL: the default */
	size_t count;
};

static bool is_plain(const struct range *r)
{
	return !r->rules || r->rules[0].arg_count == 0;
}

static uint32_t plain_action(const struct range *r, uint32_t default_action)
{
	return r->rules ? r->rules[0].action : default_action;
}

static void add_range(struct range *ranges, size_t *count, struct range r, uint32_t default_action)
{
	if (*count && is_plain(&r) && is_plain(&ranges[*count - 1]) &&
	    plain_action(&r, default_action) == plain_action(&ranges[*count - 1], default_action))
		return; /* the one before goes on */
	ranges[(*count)++] = r;
}

static size_t make_ranges(const struct seccomp_rules *rules, uint32_t default_action, struct range *ranges)
{
	size_t count = 0;
	uint32_t next = 0;
	for (size_t i = 0; i < rules->count;) {
		size_t same = 1;
		uint32_t nr = (uint32_t)rules->list[i].nr;
		while (i + same < rules->count && rules->list[i + same].nr == rules->list[i].nr)
			same++;
		if (nr > next || !count)
			add_range(ranges, &count, (struct range){ .first = next }, default_action);
		if (nr == next && count && ranges[count - 1].first == next && !ranges[count - 1].rules)
			count--;
		add_range(ranges, &count, (struct range){ nr, &rules->list[i], same }, default_action);
		next = nr + 1;
		i += same;
	}
	add_range(ranges, &count, (struct range){ .first = next }, default_action);
	return count;
}

static void add_search(struct program *p, const struct range *ranges, size_t count, uint32_t default_action)
{
	if (count == 1) {
		add_rules(p, ranges[0].rules, ranges[0].count, default_action);
		return;
	}
	size_t half = count / 2;
	add(p, BPF_JMP | BPF_JGE | BPF_K, ranges[half].first, 0, 1);
	size_t right = add_jump(p);
	add_search(p, ranges, half, default_action);
	land(p, right);
	add_search(p, ranges + half, count - half, default_action);
}

static int by_number(const void *a, const void *b)
{
	const struct seccomp_rule *left = a, *right = b;
	return left->nr - right->nr;
}

/* Sorted by number, the order within a number kept. */
static void sort_rules(struct seccomp_rules *rules)
{
	/* an insertion sort is stable; profiles come nearly sorted by name, so merge instead */
	size_t n = rules->count;
	struct seccomp_rule *spare = mem_array(n + 1, sizeof(*spare));
	for (size_t width = 1; width < n; width *= 2) {
		for (size_t at = 0; at < n; at += 2 * width) {
			size_t mid = at + width < n ? at + width : n, end = at + 2 * width < n ? at + 2 * width : n;
			size_t l = at, r = mid;
			for (size_t out = at; out < end; out++)
				spare[out] = l < mid && (r >= end || by_number(&rules->list[l], &rules->list[r]) <= 0) ? rules->list[l++] : rules->list[r++];
		}
		memcpy(rules->list, spare, n * sizeof(*spare));
	}
	free(spare);
}

static void add_section(struct program *p, struct seccomp_arch *arch, uint32_t default_action)
{
	sort_rules(&arch->rules);
	auto_free struct range *ranges = mem_array(2 * arch->rules.count + 2, sizeof(*ranges));
	size_t count = make_ranges(&arch->rules, default_action, ranges);
	add(p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
	if (arch->nr_limit) {
		add(p, BPF_JMP | BPF_JGE | BPF_K, (uint32_t)arch->nr_limit, 0, 1);
		add_return(p, SECCOMP_RET_ERRNO | ENOSYS);
	}
	add_search(p, ranges, count, default_action);
}

int seccomp_bpf_build(struct seccomp_arch *arches, size_t count, uint32_t default_action, struct seccomp_program *ret, struct err *err)
{
	struct program p = { 0 };
	size_t jumps[8];
	add(&p, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
	for (size_t i = 0; i < count; i++) {
		add(&p, BPF_JMP | BPF_JEQ | BPF_K, arches[i].audit, 0, 1);
		jumps[i] = add_jump(&p);
	}
	add_return(&p, SECCOMP_RET_KILL_PROCESS);
	for (size_t i = 0; i < count; i++) {
		land(&p, jumps[i]);
		add_section(&p, &arches[i], default_action);
	}
	if (p.count > PROGRAM_MAX) {
		free(p.code);
		return err_set(err, ERR_LIMIT, "the seccomp profile makes a program of %zu instructions, more than the kernel's %d", p.count, PROGRAM_MAX);
	}
	*ret = (struct seccomp_program){ .filter = p.code, .count = p.count };
	return 0;
}
