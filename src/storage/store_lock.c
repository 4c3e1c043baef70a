#include "base/file.h"
#include "storage/store_priv.h"

#include <assert.h>
#include <sys/stat.h>

/* How many of each kind this process holds: debug builds refuse what could deadlock with another process. */
static unsigned held[STORE_KIND_COUNT];

static void check_order(enum store_kind kind)
{
#ifndef NDEBUG
	for (int k = (int)kind + 1; k <= STORE_LAYER; k++)
		assert(!held[k] && "lock order: network < volume < pod < container < image < layer");
#endif
}

int store_lock(int dir_fd, enum store_kind kind, const char *id, bool exclusive, struct err *err)
{
	struct stat st;
	check_order(kind);
	int rc = file_lock(dir_fd, exclusive ? FILE_LOCK_EXCLUSIVE : FILE_LOCK_SHARED, true);
	if (rc < 0)
		return err_sys(err, -rc, "cannot lock %s '%s'", store_kind_word(kind), id);
	if (fstat(dir_fd, &st) < 0 || st.st_nlink == 0) /* removed while we waited */
		return err_set(err, ERR_NOT_FOUND, "no such %s: %s", store_kind_word(kind), id);
	held[kind]++;
	return 0;
}

void store_unlock(int dir_fd, enum store_kind kind)
{
	if (held[kind])
		held[kind]--;
	file_unlock(dir_fd);
}
