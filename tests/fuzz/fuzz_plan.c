/* The plan's reader: whatever passes plan_check must be walkable to its last byte. */
#include "wire/plan.h"

#include <stdlib.h>
#include <string.h>

static volatile size_t sink;

static void walk_ref(const struct plan_header *plan, struct plan_ref ref, unsigned kind)
{
	switch (kind & ~(unsigned)PLAN_REF_OPT) {
	case PLAN_REF_NONE:
		return;
	case PLAN_REF_LIST:
	case PLAN_REF_PATHS:
		for (const char *at = NULL; (at = plan_list_next(plan, ref, at));)
			sink += strlen(at);
		return;
	case PLAN_REF_GROUPS:
		for (uint32_t i = 0; i < ref.length / 4; i++)
			sink += ((const uint32_t *)plan_bytes(plan, ref))[i];
		return;
	case PLAN_REF_FILTER:
		for (uint32_t i = 0; i < ref.length / 8; i++)
			sink += ((const uint64_t *)plan_bytes(plan, ref))[i] & 1;
		return;
	default:
		if (plan_text(plan, ref) && strlen(plan_text(plan, ref)) >= ref.length)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* exactly as large as it is, so that a byte too far is seen */
	char *copy = malloc(size ? size : 1);
	if (!copy)
		return 0;
	memcpy(copy, data, size);
	if (plan_check(copy, size) >= 0) {
		const struct plan_header *plan = (const struct plan_header *)copy;
		for (uint32_t i = 0; i < plan->op_count; i++)
			for (unsigned ref = 0; ref < PLAN_REFS; ref++)
				walk_ref(plan, plan_ops(plan)[i].ref[ref], plan_rows[plan_ops(plan)[i].code].refs[ref]);
	}
	free(copy);
	return 0;
}
