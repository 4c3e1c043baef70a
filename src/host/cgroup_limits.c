/* cgroup_limits.c - what was asked for, as values in files: of the v2 group, or of a v1 group beside it.
 *
 * A controller's groups are made only when a limit needs them: each is a directory more to make, enter and remove.
 * Spec: Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/; OCI runtime-spec config-linux.md for the conversions.
 */
#include "host/cgroup_priv.h"

#include "base/fd.h"
#include "base/log.h"
#include "base/num.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

struct value_row {
	const char *option; /* how the person asked */
	enum cgroup_controller controller;
	const char *v2_file, *v1_file;
	char v2_value[64], v1_value[64];
	const char *long_value; /* instead of both */
	const char *v2_else;	/* the file of v2 where it has not the other */
	char else_value[64];
	bool is_default;
};

enum { VALUES_MAX = 12 + CGROUP_IO_MAX };
struct values {
	struct value_row rows[VALUES_MAX];
	size_t count;
};

static struct value_row *add(struct values *v, const char *option, enum cgroup_controller controller, const char *v2_file, const char *v1_file)
{
	struct value_row *row = &v->rows[v->count++];

	*row = (struct value_row){ .option = option, .controller = controller, .v2_file = v2_file, .v1_file = v1_file };
	return row;
}

static void add_number(struct values *v, const char *option, enum cgroup_controller controller, const char *v2_file, const char *v1_file,
		       int64_t number, bool is_default)
{
	struct value_row *row = add(v, option, controller, v2_file, v1_file);

	if (number < 0)
		snprintf(row->v2_value, sizeof(row->v2_value), "max");
	else
		snprintf(row->v2_value, sizeof(row->v2_value), "%lld", (long long)number);
	snprintf(row->v1_value, sizeof(row->v1_value), "%lld", (long long)number);
	if (number < 0 && controller == CGROUP_PIDS)
		snprintf(row->v1_value, sizeof(row->v1_value), "max");
	row->is_default = is_default;
}

/* v2 counts swap alone, v1 and the option count memory and swap together. */
static void add_swap(struct values *v, const struct cgroup_limits *l)
{
	/* COMPAT: twice the memory is what is meant when nothing was said */
	bool is_default = l->memory_bytes && l->memory_swap_bytes == 2 * l->memory_bytes;

	add_number(v, "--memory-swap", CGROUP_MEMORY, "memory.swap.max", "memory.memsw.limit_in_bytes", l->memory_swap_bytes, is_default);
	if (l->memory_swap_bytes > 0) {
		struct value_row *row = &v->rows[v->count - 1];
		snprintf(row->v2_value, sizeof(row->v2_value), "%lld", (long long)(l->memory_swap_bytes - l->memory_bytes));
	}
}

/* By hand: a library only for this one figure would cost every start a file to map. Both are good to ten digits. */
static double log2_of(double v)
{
	double whole = 0, part = 0;
	for (; v >= 2; v /= 2)
		whole++;
	for (double bit = 0.5; bit > 1e-14; bit /= 2) {
		v *= v;
		if (v >= 2) {
			v /= 2;
			part += bit;
		}
	}
	return whole + part;
}

static double pow10_of(double e)
{
	double power = 1, term = 1, sum = 1;
	for (; e >= 1; e--)
		power *= 10;
	for (int i = 1; i < 30; i++) {
		term *= e * 2.302585092994045684 / i;
		sum += term;
	}
	return power * sum;
}

/* 2..262144 → 1..10000, so that 1024, everybody's default, is 100, everybody's default: as crun and runc convert now. */
static unsigned weight_of_shares(uint64_t shares)
{
	if (shares <= 2)
		return 1;
	if (shares >= 262144)
		return 10000;
	double l = log2_of((double)shares);
	return (unsigned)(pow10_of((l * l + 125 * l) / 612.0 - 7.0 / 34.0) + 1 - 1e-9); /* rounded up */
}

static void add_cpu(struct values *v, const struct cgroup_limits *l)
{
	if (l->cpu_shares) {
		struct value_row *row = add(v, "--cpu-shares", CGROUP_CPU, "cpu.weight", "cpu.shares");
		snprintf(row->v2_value, sizeof(row->v2_value), "%u", weight_of_shares(l->cpu_shares));
		snprintf(row->v1_value, sizeof(row->v1_value), "%llu", (unsigned long long)l->cpu_shares);
	}
	if (!l->cpu_quota_us && !l->cpu_period_us)
		return;
	unsigned long long period = l->cpu_period_us ? l->cpu_period_us : 100000;
	if (l->cpu_period_us)
		add_number(v, "--cpu-period", CGROUP_CPU, NULL, "cpu.cfs_period_us", (int64_t)period, false);
	struct value_row *row = add(v, "--cpu-quota", CGROUP_CPU, "cpu.max", l->cpu_quota_us ? "cpu.cfs_quota_us" : NULL);
	if (l->cpu_quota_us > 0)
		snprintf(row->v2_value, sizeof(row->v2_value), "%lld %llu", (long long)l->cpu_quota_us, period);
	else
		snprintf(row->v2_value, sizeof(row->v2_value), "max %llu", period);
	snprintf(row->v1_value, sizeof(row->v1_value), "%lld", (long long)l->cpu_quota_us);
}

static const struct {
	const char *kind, *option, *v2_key, *v1_file;
} io_rows[] = {
	{ "device-read-bps", "--device-read-bps", "rbps", "blkio.throttle.read_bps_device" },
	{ "device-write-bps", "--device-write-bps", "wbps", "blkio.throttle.write_bps_device" },
	{ "device-read-iops", "--device-read-iops", "riops", "blkio.throttle.read_iops_device" },
	{ "device-write-iops", "--device-write-iops", "wiops", "blkio.throttle.write_iops_device" },
	{ "blkio-weight-device", "--blkio-weight-device", NULL, "blkio.bfq.weight_device" },
};

/* Where bfq is not the scheduler, another controller shares the disk by 1..10000 instead of 10..1000: as crun and runc convert. */
static void add_else_weight(struct value_row *row, const char *device, uint64_t weight)
{
	uint64_t converted = weight > 10 ? 1 + (weight - 10) * 9999 / 990 : 1;

	row->v2_else = "io.weight";
	snprintf(row->else_value, sizeof(row->else_value), "%s%s%llu", device, *device ? " " : "", (unsigned long long)converted);
}

/* "KIND DEVICE NUMBER". A device that is not there any more has number 0:0, which the kernel refuses by name. */
static void add_io(struct values *v, const char *word)
{
	auto_strv parts = strv_split(word, ' ');
	struct stat st = { 0 };

	for (size_t i = 0; strv_len(parts) == 3 && v->count < VALUES_MAX && i < ARRAY_LEN(io_rows); i++) {
		if (strcmp(parts[0], io_rows[i].kind) != 0)
			continue;
		if (stat(parts[1], &st) < 0)
			log_debug("%s: %s", parts[1], err_reason(errno));
		const char *key = io_rows[i].v2_key;
		struct value_row *row = add(v, io_rows[i].option, CGROUP_IO, key ? "io.max" : "io.bfq.weight", io_rows[i].v1_file);
		snprintf(row->v2_value, sizeof(row->v2_value), "%u:%u %s%s%s", major(st.st_rdev), minor(st.st_rdev), key ? key : "", key ? "=" : "", parts[2]);
		snprintf(row->v1_value, sizeof(row->v1_value), "%u:%u %s", major(st.st_rdev), minor(st.st_rdev), parts[2]);
		uint64_t weight;
		auto_free char *device = mem_printf("%u:%u", major(st.st_rdev), minor(st.st_rdev));
		if (!key && num_u64(parts[2], UINT16_MAX, &weight) >= 0)
			add_else_weight(row, device, weight);
	}
}

static void collect(const struct cgroup_limits *l, struct values *v)
{
	if (l->memory_bytes)
		add_number(v, "--memory", CGROUP_MEMORY, "memory.max", "memory.limit_in_bytes", l->memory_bytes, false);
	if (l->memory_swap_bytes)
		add_swap(v, l);
	if (l->memory_reservation_bytes)
		add_number(v, "--memory-reservation", CGROUP_MEMORY, "memory.low", "memory.soft_limit_in_bytes", l->memory_reservation_bytes, false);
	if (l->pids_max)
		add_number(v, "--pids-limit", CGROUP_PIDS, "pids.max", "pids.max", l->pids_max, l->pids_is_default || l->pids_max < 0);
	add_cpu(v, l);
	if (l->cpuset_cpus && *l->cpuset_cpus)
		add(v, "--cpuset-cpus", CGROUP_CPUSET, "cpuset.cpus", "cpuset.cpus")->long_value = l->cpuset_cpus;
	if (l->cpuset_mems && *l->cpuset_mems)
		add(v, "--cpuset-mems", CGROUP_CPUSET, "cpuset.mems", "cpuset.mems")->long_value = l->cpuset_mems;
	if (l->blkio_weight) {
		add_number(v, "--blkio-weight", CGROUP_IO, "io.bfq.weight", "blkio.bfq.weight", l->blkio_weight, false);
		add_else_weight(&v->rows[v->count - 1], "", (uint64_t)l->blkio_weight);
	}
	for (char *const *word = l->io; word && *word; word++)
		add_io(v, *word);
}

const char *cgroup_limits_asked(const struct cgroup_limits *limits)
{
	struct values v = { 0 };

	collect(limits, &v);
	for (size_t i = 0; i < v.count; i++)
		if (!v.rows[i].is_default)
			return v.rows[i].option;
	return limits->unified && limits->unified[0] ? "--cgroup-conf" : NULL;
}

/* --- enabling --- */

static bool has_word(int group_fd, const char *file, const char *word)
{
	char text[512];
	size_t len = strlen(word);

	if (cgroup_file_read(group_fd, file, text, sizeof(text)) < 0)
		return false;
	for (const char *at = text; (at = strstr(at, word)); at += len)
		if ((at == text || at[-1] == ' ') && (at[len] == ' ' || at[len] == 0))
			return true;
	return false;
}

/* Hands the controller down from the root to the group's parent; whether it arrived is seen in the group. */
static void enable_v2(const char *path, const char *controller)
{
	auto_close int fd = -EBADF;
	char word[32];

	/* the root has it, or it belongs to v1 here and cannot be handed down */
	if (cgroup_tree_open_v2(&fd) < 0 || !has_word(fd, "cgroup.controllers", controller))
		return;
	snprintf(word, sizeof(word), "+%s", controller);
	for (const char *at = path; *at;) {
		at += strspn(at, "/");
		size_t len = strcspn(at, "/");
		if (!has_word(fd, "cgroup.subtree_control", controller))
			(void)cgroup_file_write(fd, "cgroup.subtree_control", word);
		if (!at[len])
			return; /* what is left is the group itself */
		auto_free char *name = mem_strndup(at, len);
		int next = -EBADF;
		if (cgroup_tree_open_group(fd, name, &next) < 0)
			return;
		fd_close(fd);
		fd = next;
		at += len;
	}
}

/* A v1 cpuset is born empty and takes nobody in: it gets what its parent has, from the root down. */
static int fill_cpuset(int root_fd, const char *path)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	auto_close int parent = -EBADF;
	int rc = cgroup_tree_open_group(root_fd, ".", &parent);

	for (const char *at = path; rc >= 0 && *(at += strspn(at, "/"));) {
		size_t len = strcspn(at, "/");
		auto_free char *name = mem_strndup(at, len);
		int fd = -EBADF;
		rc = cgroup_tree_open_group(parent, name, &fd);
		for (size_t i = 0; rc >= 0 && i < ARRAY_LEN(files); i++) {
			char own[4096], above[4096];
			rc = cgroup_file_read(fd, files[i], own, sizeof(own));
			if (rc < 0 || *own)
				continue;
			rc = cgroup_file_read(parent, files[i], above, sizeof(above));
			if (rc >= 0)
				rc = cgroup_file_write(fd, files[i], above);
		}
		fd_close(parent);
		parent = fd;
		at += len;
	}
	return rc;
}

static int open_v1(const char *path, enum cgroup_controller controller, int *ret_fd)
{
	auto_close int root_fd = -EBADF;

	int rc = cgroup_tree_open_v1(controller, &root_fd);
	if (rc >= 0)
		rc = cgroup_tree_make_group(root_fd, path, ret_fd);
	if (rc >= 0 && controller == CGROUP_CPUSET)
		rc = fill_cpuset(root_fd, path);
	return rc;
}

/* --- applying --- */

static int refuse(const struct value_row *row, const char *file, const char *value, int rc, struct err *err)
{
	if (rc == -ENOENT || rc == -EACCES || rc == -EPERM || rc == -EROFS)
		return err_set(err, ERR_UNSUPPORTED, "cannot enforce %s: the cgroup controller '%s' is not available here%s%s%s", row->option,
			       cgroup_controllers[row->controller].v2, file ? " (" : "", file ? file : "", file ? ")" : "");
	return err_sys(err, -rc, "cannot enforce %s: writing '%s' to '%s'", row->option, value, file);
}

static int apply_row(struct cgroup *cg, const struct value_row *row, struct err *err)
{
	const char *path = cg->path, *name = cgroup_controllers[row->controller].v2;
	int v2_fd = cg->v2_fd;
	auto_close int v1_fd = -EBADF;
	bool v2 = v2_fd >= 0 && has_word(v2_fd, "cgroup.controllers", name);

	if (!v2 && v2_fd >= 0) {
		enable_v2(path, name);
		v2 = has_word(v2_fd, "cgroup.controllers", name);
	}
	/* moving a process into a v1 group takes a lock of the whole system, 4 ms: not for a limit nobody asked for */
	if (!v2 && row->is_default)
		return err_set(err, ERR_UNSUPPORTED, "cannot enforce %s: there is no cgroup v2 controller '%s' here", row->option, name);
	const char *file = v2 ? row->v2_file : row->v1_file;
	const char *value = row->long_value ? row->long_value : v2 ? row->v2_value : row->v1_value;
	if (!file)
		return 0;
	int rc = v2 ? 0 : open_v1(path, row->controller, &v1_fd);
	if (rc < 0)
		return refuse(row, NULL, value, rc, err);
	cg->v1 |= v2 ? 0 : 1u << row->controller;
	rc = cgroup_file_write(v2 ? v2_fd : v1_fd, file, value);
	if (rc == -ENOENT && v2 && row->v2_else)
		rc = cgroup_file_write(v2_fd, row->v2_else, row->else_value);
	return rc < 0 ? refuse(row, file, value, rc, err) : 0;
}

/* --cgroup-conf: files of the v2 group, named by the person who owns it; a name is one component. */
static int apply_unified(const char *path, int v2_fd, char *const *list, struct err *err)
{
	for (; list && *list; list++) {
		const char *equals = strchr(*list, '=');
		if (!equals || equals == *list || memchr(*list, '/', (size_t)(equals - *list)))
			return err_set(err, ERR_USAGE, "'%s' is not a setting of a control group: expected FILE=VALUE, such as memory.high=1G", *list);
		auto_free char *file = mem_strndup(*list, (size_t)(equals - *list));
		auto_free char *controller = mem_strndup(file, strcspn(file, "."));
		if (v2_fd >= 0 && !has_word(v2_fd, "cgroup.controllers", controller))
			enable_v2(path, controller);
		int rc = v2_fd < 0 ? -ENOENT : cgroup_file_write(v2_fd, file, equals + 1);
		if (rc == -ENOENT || rc == -EACCES)
			return err_set(err, ERR_UNSUPPORTED, "cannot set '%s': the cgroup v2 controller '%s' is not available here", *list, controller);
		if (rc < 0)
			return err_sys(err, -rc, "cannot set '%s' of the control group", *list);
	}
	return 0;
}

/* What nobody asked for may fail. */
static int apply_or_skip(struct cgroup *cg, const struct value_row *row, struct err *err)
{
	int rc = apply_row(cg, row, err);
	if (rc >= 0 || !row->is_default)
		return rc;
	log_debug("%s", err->text);
	err_clear(err);
	return 0;
}

int cgroup_limits_apply(struct cgroup *cg, const struct cgroup_limits *limits, struct err *err)
{
	struct values v = { 0 };

	collect(limits, &v);
	for (size_t i = 0; i < v.count; i++)
		if (apply_or_skip(cg, &v.rows[i], err) < 0)
			return -1;
	return apply_unified(cg->path, cg->v2_fd, limits->unified, err);
}

/* --- trying --- */

static void add_trial(struct cgroup_trials *t, const char *option, const char *value, bool is_default, struct err *err)
{
	t->rows = mem_resize(t->rows, t->count + 1, sizeof(*t->rows));
	t->rows[t->count++] = (struct cgroup_trial){ .option = option, .value = mem_strdup(value), .is_default = is_default,
						     .why_not = err->kind ? mem_strdup(err->text) : NULL };
	err_clear(err);
}

void cgroup_limits_try(struct cgroup *cg, const char *no_group, const struct cgroup_limits *limits, struct cgroup_trials *ret)
{
	struct values v = { 0 };
	struct err err = { 0 };

	collect(limits, &v);
	for (size_t i = 0; i < v.count; i++) {
		const struct value_row *row = &v.rows[i];
		if ((no_group ? err_set(&err, ERR_UNSUPPORTED, "%s", no_group) : apply_row(cg, row, &err)) < 0)
			log_debug("%s", err.text);
		add_trial(ret, row->option, row->long_value ? row->long_value : row->v1_value, row->is_default, &err);
	}
	for (char *const *word = limits->unified; word && *word; word++) {
		char *const one[] = { *word, NULL };
		if ((no_group ? err_set(&err, ERR_UNSUPPORTED, "%s", no_group) : apply_unified(cg->path, cg->v2_fd, one, &err)) < 0)
			log_debug("%s", err.text);
		add_trial(ret, "--cgroup-conf", *word, false, &err);
	}
}
