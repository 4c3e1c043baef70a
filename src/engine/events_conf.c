/* events_conf.c - see events_conf.h */
#include "engine/events_conf.h"

#include "base/num.h"
#include "base/str.h"
#include "config/conf_containers.h"

static const char *const words[] = { [EVENTS_FILE] = "file", [EVENTS_JOURNALD] = "journald", [EVENTS_NONE] = "none" };

void events_conf_done(struct events_conf *conf)
{
	free(conf->path);
	*conf = (struct events_conf){ 0 };
}

const char *events_conf_word(enum events_backend backend)
{
	return words[backend];
}

static int find_word(const char *word, enum events_backend *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		if (strcmp(words[i], word) == 0) {
			*ret = (enum events_backend)i;
			return 0;
		}
	}
	return -1;
}

static int read_backend(const struct conf_containers *files, const char *word, enum events_backend *ret, struct err *err)
{
	if (word)
		return find_word(word, ret) < 0 ?
			       err_set(err, ERR_USAGE, "configuring runtime: \"%s\" is not a valid events backend: invalid argument", word) : 0; /* COMPAT */
	const char *said = conf_containers_word(files, "engine.events_logger", "");
	if (*said && find_word(said, ret) < 0)
		return err_set(err, ERR_INVALID, "unknown event logger type: %s", said); /* COMPAT */
	return 0;
}

/* COMPAT: a size of containers.conf is one of Docker's units, or a number */
static int read_file(const struct conf_containers *files, struct events_conf *ret, struct err *err)
{
	const char *size = conf_containers_word(files, "engine.events_logfile_max_size", "1m");
	const char *path = conf_containers_word(files, "engine.events_logfile_path", "");
	if (num_size(size, &ret->max_bytes) < 0)
		return err_set(err, ERR_INVALID, "engine.events_logfile_max_size: invalid size: '%s'", size);
	if (*path && *path != '/')
		return err_set(err, ERR_INVALID, "engine.events_logfile_path: '%s' is no absolute path: commands run in different directories", path);
	ret->path = *path ? mem_strdup(path) : NULL;
	return 0;
}

int events_conf_read(const struct conf_containers *files, const char *word, struct events_conf *ret, struct err *err)
{
	auto_val(events_conf) conf = { 0 };
	if (read_backend(files, word, &conf.backend, err) < 0 || read_file(files, &conf, err) < 0)
		return -1;
	conf.no_health = str_eq(conf_containers_word(files, "engine.healthcheck_events", "true"), "false");
	conf.with_inspect = str_eq(conf_containers_word(files, "engine.events_container_create_inspect_data", "false"), "true");
	*ret = conf;
	conf.path = NULL;
	return 0;
}
