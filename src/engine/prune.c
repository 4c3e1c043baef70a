#include "engine/prune.h"

#include "base/log.h"
#include "engine/ctr_life.h"
#include "engine/ctr_size.h"

static int wanted(struct engine *engine, const struct ctr *ctr, char *const *filters, bool *ret, struct err *err)
{
	*ret = ctr->status.state == CTR_CREATED || ctr->status.state == CTR_EXITED;
	for (; filters && *filters && *ret; filters++)
		if (ctr_match(engine, ctr, *filters, ret, err) < 0)
			return -1;
	return 0;
}

int prune_containers(struct engine *engine, char *const *filters, char ***ret_ids, uint64_t *ret_bytes, struct err *err)
{
	struct ctr **ctrs;
	size_t count;
	if (ctr_list(engine, &ctrs, &count, err) < 0)
		return -1;
	int rc = 0;
	*ret_bytes = 0;
	for (size_t i = 0; rc >= 0 && i < count; i++) {
		bool yes = false;
		int64_t written = 0, all = 0;
		struct err one = { 0 };
		rc = wanted(engine, ctrs[i], filters, &yes, err);
		if (rc < 0 || !yes)
			continue;
		if (ctr_size(engine, ctrs[i], &written, &all, &one) < 0)
			err_clear(&one); /* a container whose layers are damaged goes all the same */
		if (ctr_remove(engine, ctrs[i], &(struct ctr_rm_opts){ .time_s = -1 }, &one) < 0) {
			log_warn("%s", one.text);
			continue;
		}
		strv_add(ret_ids, ctrs[i]->id);
		*ret_bytes += (uint64_t)written;
	}
	ctr_list_free(ctrs, count);
	return rc;
}
