#include "engine/ctr_export.h"

#include "base/fd.h"
#include "engine/ctr_idmap.h"
#include "engine/ctr_tree.h"
#include "engine/events.h"
#include "engine/output_file.h"
#include "storage/tree_pack.h"

static int put(void *ctx, const void *data, size_t len, struct err *err)
{
	int rc = fd_write_full(*(const int *)ctx, data, len);
	return rc < 0 ? err_sys(err, -rc, "cannot write the archive") : 0;
}

int ctr_export(struct engine *engine, struct ctr *ctr, const char *output, struct err *err)
{
	auto_val(ctr_idmap) map = { 0 };
	auto_close int tree_fd = -EBADF;
	struct shift buffer;
	struct output_file file;
	if (ctr_idmap_read(engine, &ctr->def, &map, err) < 0 || ctr_tree_open(engine, ctr, CTR_TREE_PLACES, &tree_fd, err) < 0 ||
	    output_file_open(output, "export", &file, err) < 0)
		return -1;
	const struct tree_pack how = { .shift = ctr_idmap_shift(&map, &buffer) };
	struct tar_out out = { .write = put, .ctx = &file.fd };
	int rc = tree_pack(tree_fd, &how, &out, err);
	if (rc >= 0)
		rc = tar_out_end(&out, err);
	if (output_file_end(&file, rc, err) < 0)
		return err_wrap(err, "exporting container %s", ctr->def.name);
	events_add_ctr(engine, ctr, "export");
	return 0;
}
