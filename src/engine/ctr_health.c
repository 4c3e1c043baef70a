#include "engine/ctr_health.h"

#include "base/file.h"
#include "base/limits.h"
#include "base/ntime.h"
#include "codec/json_parse.h"
#include "codec/shape.h"
#include "codec/utf8.h"
#include "storage/store.h"

#include <fcntl.h>
#include <stdio.h>
#include <strings.h>

static const struct shape_field entry_fields[] = {
	SHAPE_TIME(struct ctr_health_entry, start_ns, "Start", .rule = SHAPE_LOCAL_TIME),
	SHAPE_TIME(struct ctr_health_entry, end_ns, "End", .rule = SHAPE_LOCAL_TIME),
	SHAPE_INT(struct ctr_health_entry, exit_code, "ExitCode"),
	SHAPE_STRING(struct ctr_health_entry, output, "Output"),
};
static const struct shape entry_shape = SHAPE(struct ctr_health_entry, "HealthCheckLog", entry_fields);

/* COMPAT: the first three are what inspect shows */
static const struct shape_field health_fields[] = {
	SHAPE_STRING(struct ctr_health, status, "Status"),
	SHAPE_U32(struct ctr_health, streak, "FailingStreak"),
	SHAPE_ARRAY(struct ctr_health, entries, count, "Log", struct ctr_health_entry, &entry_shape, .rule = SHAPE_EMPTY_NULL),
	SHAPE_BOOL(struct ctr_health, started, "Started", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_U32(struct ctr_health, successes, "Successes", .rule = SHAPE_OMIT_EMPTY),
	SHAPE_U32(struct ctr_health, failures, "Failures", .rule = SHAPE_OMIT_EMPTY),
};
enum { SHOWN_FIELDS = 3, DEFAULT_LOG_COUNT = 5, DEFAULT_LOG_SIZE = 500 };
static const struct shape health_shape = SHAPE(struct ctr_health, "HealthCheckResults", health_fields);
static const struct shape shown_shape = { .name = "HealthCheckResults", .fields = health_fields, .count = SHOWN_FIELDS, .bytes = sizeof(struct ctr_health) };

void ctr_health_done(struct ctr_health *health)
{
	shape_done(&health_shape, health);
}

static bool is_check(const struct ctr_healthcheck *check)
{
	return check && check->test && check->test[0] && strcasecmp(check->test[0], "NONE") != 0;
}

bool ctr_health_is_set(const struct ctr_def *def)
{
	return is_check(def->health);
}

const struct ctr_healthcheck *ctr_health_current(const struct ctr_def *def, const struct ctr_health *health)
{
	return !health->started && is_check(def->startup_health) ? def->startup_health : def->health;
}

static int32_t period_ms(const struct ctr_healthcheck *check)
{
	int64_t ms = check->interval_ns > 0 && check->interval_ns < NS_PER_MS ? 1 : check->interval_ns / NS_PER_MS;
	return ms > INT32_MAX ? INT32_MAX : (int32_t)ms;
}

void ctr_health_times(const struct ctr_def *def, struct monitor_health *ret)
{
	*ret = (struct monitor_health){ 0 };
	if (is_check(def->health))
		ret->regular_ms = period_ms(def->health);
	if (is_check(def->health) && is_check(def->startup_health))
		ret->startup_ms = period_ms(def->startup_health);
}

/* --- the record --- */

static bool is_elsewhere(const struct ctr_def *def)
{
	return def->health_log_destination && *def->health_log_destination == '/';
}

static char *path_dup(const struct ctr *ctr)
{
	return is_elsewhere(&ctr->def) ? mem_printf("%s/%s-healthcheck.log", ctr->def.health_log_destination, ctr->id) :
					 mem_printf("%s/healthcheck.log", ctr->id);
}

void ctr_health_read(struct engine *engine, const struct ctr *ctr, struct ctr_health *ret)
{
	auto_free char *path = path_dup(ctr), *data = NULL;
	size_t len;
	struct err ignored = { 0 };
	*ret = (struct ctr_health){ 0 };
	/* one that is damaged is as one that is not there: the next check writes it anew */
	if (file_read(store_kind_fd(engine->store, STORE_CONTAINER), path, LIMIT_RECORD_BYTES, &data, &len) < 0 ||
	    shape_parse(&health_shape, data, len, LIMIT_JSON_DEPTH_OUTSIDE, 0, ret, &ignored) < 0)
		*ret = (struct ctr_health){ 0 };
}

int ctr_health_write(const struct ctr *ctr, const struct ctr_health *health, struct err *err)
{
	auto_str text = { 0 };
	auto_close int dir_fd = -EBADF;
	auto_free char *name = is_elsewhere(&ctr->def) ? mem_printf("%s-healthcheck.log", ctr->id) : mem_strdup("healthcheck.log");
	shape_write(&health_shape, health, &text, &json_style_compact);
	if (is_elsewhere(&ctr->def)) {
		dir_fd = open(ctr->def.health_log_destination, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (dir_fd < 0)
			return err_sys(err, errno, "cannot write the health log of container %s below '%s'", ctr->def.name, ctr->def.health_log_destination);
	}
	int rc = file_write(dir_fd >= 0 ? dir_fd : ctr->dir_fd, name, 0600, text.data, text.len, FILE_SOLE);
	return rc < 0 ? err_sys(err, -rc, "cannot write the health log of container %s", ctr->def.name) : 0;
}

int ctr_health_begin(const struct ctr *ctr, struct err *err)
{
	static char starting[] = "starting";
	const struct ctr_health fresh = { .status = starting, .started = !is_check(ctr->def.startup_health) };
	return ctr_health_write(ctr, &fresh, err);
}

int ctr_health_reset(struct engine *engine, struct ctr *ctr, struct err *err)
{
	auto_val(ctr_health) health = { 0 };
	if (ctr_lock(engine, ctr, err) < 0)
		return -1;
	ctr_health_read(engine, ctr, &health);
	free(health.status);
	health.status = mem_strdup("reset"); /* COMPAT */
	int rc = ctr_health_write(ctr, &health, err);
	ctr_unlock(ctr);
	return rc;
}

struct json *ctr_health_json_new(struct engine *engine, const struct ctr *ctr)
{
	auto_val(ctr_health) health = { 0 };
	ctr_health_read(engine, ctr, &health);
	return shape_encode_new(&shown_shape, &health, 0);
}

char *ctr_health_entry_text_dup(const struct ctr_health_entry *entry)
{
	auto_str text = { 0 };
	shape_write(&entry_shape, entry, &text, &json_style_compact);
	return str_take(&text);
}

char *ctr_health_status_dup(struct engine *engine, const struct ctr *ctr)
{
	auto_val(ctr_health) health = { 0 };
	ctr_health_read(engine, ctr, &health);
	return mem_strdup(health.status ? health.status : "");
}

/* --- what an answer means --- */

static void set_status(struct ctr_health *health, const char *status)
{
	free(health->status);
	health->status = mem_strdup(status);
}

static void drop_oldest(struct ctr_health *health)
{
	free(health->entries[0].output);
	memmove(health->entries, health->entries + 1, --health->count * sizeof(*health->entries));
}

/* COMPAT: 0 stands for no bound; ours stay */
static void add_entry(const struct ctr_def *def, struct ctr_health_entry *answer, struct ctr_health *health)
{
	uint32_t most = def->health_max_log_count_set ? def->health_max_log_count : DEFAULT_LOG_COUNT;
	uint32_t size = def->health_max_log_size_set ? def->health_max_log_size : DEFAULT_LOG_SIZE;
	if (!most || most > LIMIT_HEALTH_ENTRIES)
		most = LIMIT_HEALTH_ENTRIES;
	size_t total = strlen(answer->output), kept = size ? utf8_prefix(answer->output, total, size) : total;
	answer->output[kept] = 0;
	total = kept;
	for (size_t i = 0; i < health->count; i++)
		total += strlen(health->entries[i].output);
	while (health->count && (health->count >= most || total > LIMIT_HEALTH_LOG_BYTES)) {
		total -= strlen(health->entries[0].output);
		drop_oldest(health);
	}
	health->entries = mem_resize(health->entries, health->count + 1, sizeof(*health->entries));
	health->entries[health->count++] = *answer;
	*answer = (struct ctr_health_entry){ 0 };
}

static enum ctr_health_step judge_startup(const struct ctr_healthcheck *check, bool well, struct ctr_health *health)
{
	if (!well) {
		health->successes = 0;
		return ++health->failures >= check->retries && check->retries ? CTR_HEALTH_START_AGAIN : CTR_HEALTH_GO_ON;
	}
	health->failures = 0;
	health->started = ++health->successes >= check->successes;
	set_status(health, "healthy"); /* COMPAT: from the first success on */
	return CTR_HEALTH_GO_ON;
}

static enum ctr_health_step judge_regular(const struct ctr_healthcheck *check, bool well, bool counts, struct ctr_health *health)
{
	if (well) {
		health->streak = 0;
		set_status(health, "healthy");
		return CTR_HEALTH_GO_ON;
	}
	if (!counts || ++health->streak < check->retries)
		return CTR_HEALTH_GO_ON;
	set_status(health, "unhealthy");
	return CTR_HEALTH_ACT;
}

enum ctr_health_step ctr_health_judge(const struct ctr_def *def, int64_t started_ns, struct ctr_health_entry *answer,
				      struct ctr_health *health)
{
	const struct ctr_healthcheck *check = ctr_health_current(def, health);
	bool well = answer->exit_code == 0, counts = answer->start_ns >= started_ns + check->start_period_ns;
	add_entry(def, answer, health);
	return check == def->health ? judge_regular(check, well, counts, health) : judge_startup(check, well, health);
}
