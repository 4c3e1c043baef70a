#include "codec/tar_priv.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"

#include <string.h>

enum { XATTRS_MAX = 1000, SEGMENTS_MAX = 1 << 20 };

static const int64_t ns_per_s = 1000000000;

void tar_pax_done(struct tar_pax *pax)
{
	free(pax->path);
	free(pax->link);
	free(pax->sparse_name);
	for (size_t i = 0; i < pax->xattr_count; i++) {
		free(pax->xattrs[i].name);
		free(pax->xattrs[i].value);
	}
	free(pax->xattrs);
	free(pax->segments);
	*pax = (struct tar_pax){ 0 };
}

int tar_pax_add_segment(struct tar_segment **list, size_t *count, uint64_t offset, uint64_t len, struct err *err)
{
	uint64_t from = *count ? (*list)[*count - 1].offset + (*list)[*count - 1].len : 0;
	if (*count >= SEGMENTS_MAX)
		return err_set(err, ERR_LIMIT, "a sparse file has more than %d pieces", SEGMENTS_MAX);
	if (offset < from || len > LIMIT_FILE_BYTES || offset > LIMIT_FILE_BYTES)
		return err_set(err, ERR_INVALID, "the map of a sparse file is not in order");
	if ((*count & (*count - 1)) == 0)
		*list = mem_resize(*list, *count ? *count * 2 : 1, sizeof(**list));
	(*list)[(*count)++] = (struct tar_segment){ offset, len };
	return 0;
}

static int bad(const char *key, const char *value, struct err *err)
{
	return err_set(err, ERR_INVALID, "a pax header has the value '%.64s' for %s", value, key);
}

static int take_text(char **field, const char *value, size_t len, const char *key, struct err *err)
{
	if (strlen(value) != len || len >= LIMIT_PATH_BYTES)
		return bad(key, value, err);
	free(*field);
	*field = len ? mem_strdup(value) : NULL; /* an empty value takes an earlier one back */
	return 0;
}

static int take_time(struct tar_pax *pax, const char *value, struct err *err)
{
	auto_free char *text = mem_strdup(value);
	char *dot = strchr(text, '.');
	int64_t seconds, unit = ns_per_s / 10, fraction = 0;
	if (dot)
		*dot++ = 0;
	for (char *c = dot; c && *c; c++, unit /= 10) {
		if (*c < '0' || *c > '9')
			return bad("mtime", value, err);
		fraction += (*c - '0') * unit;
	}
	if (num_i64(text, -(INT64_MAX / ns_per_s) + 1, INT64_MAX / ns_per_s - 1, &seconds) < 0)
		return bad("mtime", value, err);
	pax->mtime_ns = seconds * ns_per_s + (*text == '-' ? -fraction : fraction);
	pax->has_mtime = true;
	return 0;
}

static int take_id(uint32_t *ret, bool *ret_has, const char *key, const char *value, struct err *err)
{
	uint64_t id;
	if (num_u64(value, UINT32_MAX - 1, &id) < 0)
		return bad(key, value, err);
	*ret = (uint32_t)id;
	*ret_has = true;
	return 0;
}

static int take_size(uint64_t *ret, bool *ret_has, const char *key, const char *value, struct err *err)
{
	if (num_u64(value, LIMIT_FILE_BYTES, ret) < 0)
		return bad(key, value, err);
	*ret_has = true;
	return 0;
}

static int take_xattr(struct tar_pax *pax, const char *name, const char *value, size_t len, struct err *err)
{
	if (!*name || strlen(name) > LIMIT_NAME_BYTES || len > LIMIT_XATTR_BYTES || pax->xattr_count >= XATTRS_MAX)
		return err_set(err, ERR_LIMIT, "an extended attribute is too large, or there are too many");
	pax->xattrs = mem_resize(pax->xattrs, pax->xattr_count + 1, sizeof(*pax->xattrs));
	pax->xattrs[pax->xattr_count++] = (struct tar_xattr){ mem_strdup(name), mem_dup(value, len + 1), len };
	return 0;
}

/* "0,512,1024,512" */
static int take_map(struct tar_pax *pax, const char *value, struct err *err)
{
	auto_strv words = strv_split(value, ',');
	if (strv_len(words) % 2)
		return bad("GNU.sparse.map", value, err);
	for (char **w = words; w && *w; w += 2) {
		uint64_t offset, len;
		if (num_u64(w[0], LIMIT_FILE_BYTES, &offset) < 0 || num_u64(w[1], LIMIT_FILE_BYTES, &len) < 0)
			return bad("GNU.sparse.map", value, err);
		if (tar_pax_add_segment(&pax->segments, &pax->segment_count, offset, len, err) < 0)
			return -1;
	}
	return 0;
}

static int take_sparse(struct tar_pax *pax, const char *key, const char *value, size_t len, struct err *err)
{
	uint64_t n;
	if (strcmp(key, "major") == 0) {
		if (num_u64(value, 1, &n) < 0)
			return bad("GNU.sparse.major", value, err);
		pax->sparse_major = (unsigned)n;
		return 0;
	}
	if (strcmp(key, "name") == 0)
		return take_text(&pax->sparse_name, value, len, "GNU.sparse.name", err);
	if (strcmp(key, "size") == 0 || strcmp(key, "realsize") == 0)
		return take_size(&pax->real_size, &pax->has_real_size, "GNU.sparse.size", value, err);
	if (strcmp(key, "map") == 0)
		return take_map(pax, value, err);
	if (strcmp(key, "offset") == 0 || strcmp(key, "numbytes") == 0) {
		if (num_u64(value, LIMIT_FILE_BYTES, &n) < 0)
			return bad("GNU.sparse", value, err);
		if (*key == 'o') {
			pax->pending_offset = n;
			return 0;
		}
		return tar_pax_add_segment(&pax->segments, &pax->segment_count, pax->pending_offset, n, err);
	}
	return 0; /* minor, numblocks: told by the rest */
}

static int take_record(struct tar_pax *pax, const char *key, const char *value, size_t len, struct err *err)
{
	const char *rest;
	if (!len && !str_starts(key, "SCHILY.xattr.") && strcmp(key, "path") != 0 && strcmp(key, "linkpath") != 0)
		return 0; /* SPEC pax: an empty value means the header's own */
	if (strcmp(key, "path") == 0)
		return take_text(&pax->path, value, len, key, err);
	if (strcmp(key, "linkpath") == 0)
		return take_text(&pax->link, value, len, key, err);
	if (strcmp(key, "size") == 0)
		return take_size(&pax->size, &pax->has_size, key, value, err);
	if (strcmp(key, "uid") == 0)
		return take_id(&pax->uid, &pax->has_uid, key, value, err);
	if (strcmp(key, "gid") == 0)
		return take_id(&pax->gid, &pax->has_gid, key, value, err);
	if (strcmp(key, "mtime") == 0)
		return take_time(pax, value, err);
	if ((rest = str_after(key, "SCHILY.xattr.")))
		return take_xattr(pax, rest, value, len, err);
	if ((rest = str_after(key, "GNU.sparse.")))
		return take_sparse(pax, rest, value, len, err);
	return 0; /* SPEC pax: unknown keywords are ignored */
}

int tar_pax_parse(struct tar_pax *pax, const char *data, size_t len, struct err *err)
{
	while (len) {
		size_t at = 0, total = 0;
		for (; at < len && at < 10 && data[at] >= '0' && data[at] <= '9'; at++)
			total = total * 10 + (size_t)(data[at] - '0');
		if (!at || at >= len || data[at] != ' ' || total > len || total < at + 3 || data[total - 1] != '\n')
			return err_set(err, ERR_INVALID, "a pax header is damaged");
		auto_free char *record = mem_alloc(total - at);
		memcpy(record, data + at + 1, total - at - 2);
		char *eq = memchr(record, '=', total - at - 2);
		if (!eq || eq == record)
			return err_set(err, ERR_INVALID, "a pax header has a record without '=' or without its key");
		*eq++ = 0;
		if (take_record(pax, record, eq, total - at - 2 - (size_t)(eq - record), err) < 0)
			return -1;
		data += total;
		len -= total;
	}
	return 0;
}
