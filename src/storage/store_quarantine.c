/* store_quarantine.c - damaged objects out of the way, and which names in the store's directories are the store's */
#include "storage/store_priv.h"

#include "base/file.h"

#include <errno.h>
#include <linux/fs.h>
#include <stdio.h>

enum { SAME_NAME_MAX = 1000 };

#define PLACE "quarantine"

int store_quarantine(struct store *store, enum store_kind kind, const char *id, char **ret_path, struct err *err)
{
	int kind_fd = store_kind_fd(store, kind), rc = file_mkdir(store->graph_fd, PLACE, 0700);
	if (kind_fd < 0 || (rc < 0 && rc != -EEXIST))
		return err_sys(err, kind_fd < 0 ? -kind_fd : -rc, "cannot make '%s/" PLACE "'", store->graphroot);
	if (store_name_drop_all(store, kind, id, err) < 0)
		return -1;
	for (int n = 0; n < SAME_NAME_MAX; n++) {
		char number[16] = "";
		if (n)
			snprintf(number, sizeof(number), ".%d", n);
		auto_free char *to = mem_printf(PLACE "/%s-%s%s", store_kind_word(kind), id, number);
		rc = file_rename(kind_fd, id, store->graph_fd, to, RENAME_NOREPLACE);
		if (rc >= 0) {
			*ret_path = mem_printf("%s/%s", store->graphroot, to);
			return 0;
		}
		if (rc != -EEXIST)
			break;
	}
	return rc == -ENOENT ? err_set(err, ERR_NOT_FOUND, "no such %s: %s", store_kind_word(kind), id) :
			       err_sys(err, -rc, "cannot put %s %s aside", store_kind_word(kind), id);
}

bool store_graph_name_is_ours(const char *name)
{
	static const char *const others[] = { "store", "names", "staging", "trash", "cache", "events.jsonl", "events.jsonl.1", PLACE, NULL };
	for (int kind = 0; kind < STORE_KIND_COUNT; kind++) {
		auto_free char *dir = mem_printf("%ss", store_kind_word(kind));
		if (strcmp(dir, name) == 0)
			return true;
	}
	return str_index(others, name) >= 0 || str_starts(name, "skeleton");
}

bool store_run_name_is_ours(const char *name)
{
	static const char *const names[] = { "containers", "networks", "image-mounts", "container-mounts", "volume-mounts", "userns", "userns.lock", "single-id-said", "idmapped-layers", NULL };
	return str_index(names, name) >= 0;
}
