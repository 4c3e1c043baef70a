/* layer_packed.c - see layer_packed.h */
#include "storage/layer_packed.h"

#include <sys/stat.h>

#include "base/log.h"
#include "codec/json.h"
#include "storage/layer_priv.h"

static char *file_name_dup(const char *word)
{
	return mem_printf("packed-%s.json", word);
}

bool layer_packed_get(struct store *store, const struct layer *layer, const char *word, char **ret_digest, uint64_t *ret_size)
{
	auto_close int dir_fd = -EBADF;
	auto_free char *file = file_name_dup(word);
	auto_ptr(json) record = NULL;
	struct err ignored = { 0 };
	struct stat st;
	const char *digest;

	if (store_object_open(store, STORE_LAYER, layer->id, &dir_fd, &ignored) < 0 || fstatat(dir_fd, file, &st, 0) < 0)
		return false;
	if (store_record_read(dir_fd, file, &record, &ignored) < 0) {
		log_debug("layer %s: %s", layer->diff_id, ignored.text);
		return false;
	}
	digest = json_get_str(record, "digest", "");
	if (!layer_digest_hex(digest))
		return false;
	*ret_digest = mem_strdup(digest);
	*ret_size = json_get_u64(record, "size", 0);
	return true;
}

void layer_packed_put(struct store *store, const struct layer *layer, const char *word, const char *digest, uint64_t size)
{
	auto_close int dir_fd = -EBADF;
	auto_free char *file = file_name_dup(word);
	auto_ptr(json) record = json_object_new();
	struct err ignored = { 0 };

	json_set_str(record, "digest", digest);
	json_set_u64(record, "size", size);
	/* not synced: losing it costs a compression */
	if (store_object_open(store, STORE_LAYER, layer->id, &dir_fd, &ignored) < 0 ||
	    store_record_write(dir_fd, file, record, false, &ignored) < 0)
		log_debug("layer %s: %s", layer->diff_id, ignored.text);
}
