/* store_check.c - tells what is damaged in a store: store_check GRAPHROOT RUNROOT [--left]
 * A line a finding; ends with 1 when there is damage. --left: tells (and counts) also what a crash left. */
#include "storage/store_check.h"

#include "base/mem.h"

#include <stdio.h>

struct tally {
	bool left;
	int count;
};

static void found(const struct check_finding *finding, void *data)
{
	struct tally *tally = data;
	if (finding->grade == CHECK_LEFT && !tally->left)
		return;
	tally->count++;
	printf("%s %s: %s\n", store_kind_word(finding->kind), finding->id, finding->text);
}

int main(int argc, char **argv)
{
	struct tally tally = { .left = argc == 4 && strcmp(argv[3], "--left") == 0 };
	struct err err = { 0 };
	auto_ptr(store) store = NULL;
	if (argc < 3) {
		fprintf(stderr, "usage: store_check GRAPHROOT RUNROOT [--left]\n");
		return 125;
	}
	const struct store_opts opts = { .graphroot = argv[1], .runroot = argv[2], .readonly = true };
	if (store_open(&opts, &store, &err) < 0 || store_check(store, 0, found, &tally, &err) < 0) {
		fprintf(stderr, "store_check: %s\n", err.text);
		return 125;
	}
	return tally.count > 0;
}
