/* layer_pack.c - see layer_pack.h
 *
 * Two processes for a compressed layer: one reads the files and plays the tar, one compresses. Both end by themselves when
 * their reader goes away.
 */
#include "image/layer_pack.h"

#include <errno.h>
#include <signal.h>

#include "base/fd.h"
#include "base/proc.h"

enum { COPY_BYTES = 256 << 10 };

#define LAYER_PACK_NONE ((struct layer_pack){ .out_fd = -EBADF, .report_fd = -EBADF })

static int to_fd(void *ctx, const void *data, size_t len, struct err *err)
{
	int r = fd_write_full(*(int *)ctx, data, len);

	return r < 0 ? err_sys(err, -r, "cannot hand on a compressed layer") : 0;
}

static int compress_stream(int in_fd, int out_fd, enum compress_kind kind, int level, struct err *err)
{
	auto_ptr(compress) c = NULL;
	auto_free char *buf = mem_alloc(COPY_BYTES);
	ssize_t n;

	if (compress_new(kind, level, to_fd, &out_fd, &c, err) < 0)
		return -1;
	while ((n = fd_read_full(in_fd, buf, COPY_BYTES)) > 0)
		if (compress_add(c, buf, (size_t)n, err) < 0)
			return -1;
	if (n < 0)
		return err_sys(err, (int)-n, "cannot read a layer");
	return compress_end(c, err);
}

/* In the child: the bytes to out_fd. */
static int produce(struct store *store, const struct layer *layer, enum compress_kind kind, int level, int out_fd, struct err *err)
{
	auto_val(layer_pack) tar = LAYER_PACK_NONE;

	if (kind == COMPRESS_PLAIN)
		return layer_write_tar(store, layer, out_fd, err);
	if (layer_pack_start(store, layer, COMPRESS_PLAIN, 0, &tar, err) < 0 ||
	    compress_stream(tar.out_fd, out_fd, kind, level, err) < 0)
		return -1;
	return layer_pack_finish(&tar, err);
}

int layer_pack_start(struct store *store, const struct layer *layer, enum compress_kind kind, int level, struct layer_pack *ret,
		     struct err *err)
{
	int out[2], report[2], r = fd_pipe(out);
	struct err child = { 0 };
	pid_t pid;

	if (r == 0 && (r = fd_pipe(report)) < 0) {
		fd_close(out[0]);
		fd_close(out[1]);
	}
	if (r < 0)
		return err_sys(err, -r, "cannot make a pipe");
	pid = proc_fork();
	if (pid == 0) {
		fd_close(out[0]);
		fd_close(report[0]);
		r = produce(store, layer, kind, level, out[1], &child);
		proc_report(report[1], r < 0 ? &child : &(struct err){ 0 });
		proc_exit(0);
	}
	r = errno;
	fd_close(out[1]);
	fd_close(report[1]);
	*ret = (struct layer_pack){ .pid = pid, .out_fd = out[0], .report_fd = report[0] };
	if (pid > 0)
		return 0;
	layer_pack_stop(ret);
	return err_sys(err, r, "cannot start a process");
}

int layer_pack_finish(struct layer_pack *pack, struct err *err)
{
	struct layer_pack p = *pack;
	int r;

	*pack = LAYER_PACK_NONE;
	/* one that is still writing has lost its reader */
	fd_close(p.out_fd);
	r = proc_collect(p.report_fd, p.pid, "the layer's writer", err);
	fd_close(p.report_fd);
	return r;
}

void layer_pack_stop(struct layer_pack *pack)
{
	fd_close(pack->out_fd);
	fd_close(pack->report_fd);
	if (pack->pid > 0) {
		kill(pack->pid, SIGKILL);
		proc_wait(pack->pid);
	}
	*pack = LAYER_PACK_NONE;
}
