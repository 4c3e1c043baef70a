#include "engine/ctr_log.h"

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/template.h"
#include "engine/ctr_inspect.h"
#include "storage/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct driver_row {
	const char *word;
	enum ctr_log_kind kind;
	bool tty;
} drivers[] = {
	{ "k8s-file", CTR_LOG_FILE, false }, { "json-file", CTR_LOG_FILE, false }, { "journald", CTR_LOG_JOURNAL, false }, { "none", CTR_LOG_NONE, false },
	{ "passthrough", CTR_LOG_PASSTHROUGH, false }, { "passthrough-tty", CTR_LOG_PASSTHROUGH, true },
};

static int read_driver(const struct ctr_def *def, struct ctr_log *ret, struct err *err)
{
	const char *word = def->log_driver && *def->log_driver ? def->log_driver : "k8s-file";
	for (size_t i = 0; i < ARRAY_LEN(drivers); i++) {
		if (strcmp(drivers[i].word, word) == 0) {
			ret->kind = drivers[i].kind;
			ret->tty = drivers[i].tty;
			return 0;
		}
	}
	return err_set(err, ERR_USAGE, "running container create option: invalid log driver: invalid argument"); /* COMPAT */
}

/* COMPAT: here k, m and g are powers of 1000: "10mb", "1.5 GB", "100" */
static int read_size(const char *text, int64_t *ret)
{
	static const char units[] = "kmgtp";
	size_t digits = strspn(text, "0123456789.");
	auto_free char *number = mem_strndup(text, digits);
	const char *rest = text + digits + (text[digits] == ' '), *unit = *rest ? strchr(units, *rest | 0x20) : NULL;
	double value, factor = 1;
	if (num_double(number, &value) < 0)
		return -EINVAL;
	for (const char *u = units; unit && u <= unit; u++)
		factor *= 1000;
	rest += unit != NULL;
	rest += *rest == 'i' || *rest == 'I';
	rest += *rest == 'b' || *rest == 'B';
	if (*rest || value * factor >= (double)INT64_MAX)
		return -EINVAL;
	*ret = (int64_t)(value * factor);
	return 0;
}

static int read_option(const struct ctr_def *def, const char *word, struct ctr_log *ret, struct err *err)
{
	const char *value;
	uint64_t files;
	if ((value = str_after(word, "path="))) {
		ret->path = value;
	} else if ((value = str_after(word, "max-size="))) {
		if (read_size(value, &ret->max_bytes) < 0)
			return err_set(err, ERR_USAGE, "invalid size: '%s'", value);
	} else if ((value = str_after(word, "max-file="))) {
		if (num_u64(value, CTR_LOG_FILES_MAX, &files) < 0 || !files)
			return err_set(err, ERR_USAGE, "invalid --log-opt max-file=%s: a number from 1 to %d is expected", value, CTR_LOG_FILES_MAX);
		ret->files = (unsigned)files;
	} else if ((value = str_after(word, "tag=")) && (ret->kind == CTR_LOG_JOURNAL || !*value)) {
		ret->tag = *value ? value : NULL;
	} else if (value || str_after(word, "label=") || str_after(word, "labels=")) {
		return err_set(err, ERR_UNSUPPORTED, "--log-opt %s: log driver %s keeps no such thing: leave it out", word,
			       def->log_driver && *def->log_driver ? def->log_driver : "k8s-file");
	} else {
		return err_set(err, ERR_USAGE, "invalid --log-opt '%s': path, max-size and max-file are known, and tag for journald", word);
	}
	return 0;
}

int ctr_log_read(const struct ctr_def *def, struct ctr_log *ret, struct err *err)
{
	*ret = (struct ctr_log){ .files = 1 };
	if (read_driver(def, ret, err) < 0)
		return -1;
	for (char **word = def->log_opts; word && *word; word++)
		if (read_option(def, *word, ret, err) < 0)
			return -1;
	return 0;
}

static void make_absolute(struct ctr_def *def)
{
	for (char **word = def->log_opts; word && *word; word++) {
		const char *path = str_after(*word, "path=");
		if (!path || *path == '/')
			continue;
		auto_free char *here = getcwd(NULL, 0);
		char *whole = mem_printf("path=%s/%s", here ? here : "", path);
		free(*word);
		*word = whole;
	}
}

int ctr_log_check_terminal(const struct ctr_log *log, struct err *err)
{
	for (int fd = 0; fd <= STDERR_FILENO && log->kind == CTR_LOG_PASSTHROUGH && !log->tty; fd++)
		if (isatty(fd))
			return err_set(err, ERR_USAGE, "--log-driver passthrough cannot be used on a terminal: use passthrough-tty, which gives it to the container");
	return 0;
}

bool ctr_log_passes(const struct ctr_def *def)
{
	return def->log_driver && str_starts(def->log_driver, "passthrough");
}

int ctr_log_complete(struct ctr_def *def, struct err *err)
{
	struct ctr_log log;
	make_absolute(def);
	if (ctr_log_read(def, &log, err) < 0)
		return -1;
	size_t name = strlen(ctr_log_name(&log));
	if (!name || name > CTR_LOG_NAME_MAX)
		return err_set(err, ERR_USAGE, "invalid --log-opt path=%s: a file's name of at most %d bytes is expected", log.path, CTR_LOG_NAME_MAX);
	if (log.files > 1 && log.kind == CTR_LOG_JOURNAL)
		return err_set(err, ERR_USAGE, "--log-opt max-file: log driver journald has no files of its own: leave it out");
	if (log.files > 1 && !log.max_bytes)
		return err_set(err, ERR_USAGE, "--log-opt max-file needs max-size: it says when the next file begins");
	if (log.kind != CTR_LOG_PASSTHROUGH)
		return 0;
	if (def->tty)
		return err_set(err, ERR_USAGE, "--tty and --log-driver %s cannot be used together: the container has the caller's own terminal, or none",
			       def->log_driver);
	return ctr_log_check_terminal(&log, err);
}

int ctr_log_use_dir(struct ctr_def *def, const char *place, struct err *err)
{
	struct ctr_log log;
	struct stat st;
	if (!place || !*place)
		return 0;
	if (ctr_log_read(def, &log, err) < 0 || log.path)
		return log.path ? 0 : -1;
	bool is_dir = stat(place, &st) == 0 && S_ISDIR(st.st_mode);
	auto_free char *dir = mem_printf("%s/%s", place, def->id);
	if (is_dir && mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_sys(err, errno, "cannot make the directory '%s' (log_path of containers.conf)", dir);
	strv_addf(&def->log_opts, is_dir ? "path=%s/ctr.log" : "path=%s", is_dir ? dir : place);
	return 0;
}

const char *ctr_log_name(const struct ctr_log *log)
{
	const char *slash = log->path ? strrchr(log->path, '/') : NULL;
	return slash ? slash + 1 : "ctr.log";
}

int ctr_log_open_dir(const struct ctr *ctr, const struct ctr_log *log, int *ret_fd, struct err *err)
{
	const char *slash = log->path ? strrchr(log->path, '/') : NULL;
	auto_free char *dir = slash ? mem_strndup(log->path, slash == log->path ? 1 : (size_t)(slash - log->path)) : NULL;
	*ret_fd = openat(ctr->dir_fd, dir ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *ret_fd < 0 ? err_sys(err, errno, "cannot open the directory '%s' of the log of container %s", dir ? dir : "", ctr->def.name) : 0;
}

/* COMPAT: as conmon has them; where there is a tag, it is what the entries are called */
int ctr_log_journal_words(struct engine *engine, const struct ctr *ctr, const struct ctr_log *log, char ***words, struct err *err)
{
	auto_ptr(json) view = NULL;
	auto_ptr(template) template = NULL;
	auto_str tag = { 0 };
	if (log->tag && (ctr_inspect(engine, ctr, false, &view, err) < 0 || template_parse("container", log->tag, &template, err) < 0 ||
			 template_run(template, view, &tag, err) < 0))
		return err_wrap(err, "--log-opt tag=%s", log->tag);
	if (tag.len > LIMIT_NAME_BYTES)
		return err_set(err, ERR_USAGE, "--log-opt tag=%s comes to %zu bytes: at most %d are expected", log->tag, tag.len, LIMIT_NAME_BYTES);
	strv_addf(words, "journal=CONTAINER_ID=%.12s", ctr->id);
	strv_addf(words, "journal=CONTAINER_ID_FULL=%s", ctr->id);
	strv_addf(words, "journal=CONTAINER_NAME=%s", ctr->def.name);
	if (tag.len)
		strv_addf(words, "journal=CONTAINER_TAG=%s", str_text(&tag));
	strv_addf(words, "journal=SYSLOG_IDENTIFIER=%s", tag.len ? str_text(&tag) : ctr->def.name);
	return 0;
}

struct json *ctr_log_json_new(struct engine *engine, const struct ctr *ctr)
{
	struct ctr_log log;
	struct err ignored = { 0 };
	struct json *o = json_object_new();
	if (ctr_log_read(&ctr->def, &log, &ignored) < 0)
		log = (struct ctr_log){ .kind = CTR_LOG_NONE };
	bool kept = log.kind == CTR_LOG_FILE || log.tty; /* COMPAT */
	auto_free char *own = mem_printf("%s/containers/%s/ctr.log", store_graphroot(engine->store), ctr->id);
	json_set_str(o, "Type", ctr->def.log_driver && *ctr->def.log_driver ? ctr->def.log_driver : "k8s-file");
	json_set(o, "Config", NULL);
	json_set_str(o, "Path", log.path ? log.path : kept ? own : "");
	json_set_str(o, "Tag", log.tag ? log.tag : "");
	json_set_str(o, "Size", log.max_bytes ? num_size_tight((uint64_t)log.max_bytes).text : "-1B");
	return o;
}
