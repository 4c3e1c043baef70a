/* journal_read.c - see journal_read.h */
#include "host/journal_read.h"

#include <errno.h>
#include <string.h>

#include "base/dl.h"
#include "base/limits.h"

typedef struct sd_journal sd_journal;

enum { LOCAL_ONLY = 1 << 0 }; /* SPEC sd_journal_open(3): SD_JOURNAL_LOCAL_ONLY */

static struct {
	void *handle;
	int (*open)(sd_journal **, int);
	void (*close)(sd_journal *);
	int (*add_match)(sd_journal *, const void *, size_t);
	int (*add_disjunction)(sd_journal *);
	int (*set_threshold)(sd_journal *, size_t);
	int (*has_runtime)(sd_journal *);
	int (*has_persistent)(sd_journal *);
	int (*seek_head)(sd_journal *);
	int (*seek_tail)(sd_journal *);
	int (*seek_realtime)(sd_journal *, uint64_t);
	int (*next)(sd_journal *);
	int (*previous)(sd_journal *);
	int (*get_realtime)(sd_journal *, uint64_t *);
	int (*get_data)(sd_journal *, const char *, const void **, size_t *);
	int (*get_fd)(sd_journal *);
	int (*process)(sd_journal *);
} lib; /* a cache behind dlopen */

#define SYMBOL(name_, slot_) { .name = (name_), .slot = (void **)&lib.slot_ }
static const struct dl_symbol symbols[] = {
	SYMBOL("sd_journal_open", open),
	SYMBOL("sd_journal_close", close),
	SYMBOL("sd_journal_add_match", add_match),
	SYMBOL("sd_journal_add_disjunction", add_disjunction),
	SYMBOL("sd_journal_set_data_threshold", set_threshold),
	SYMBOL("sd_journal_has_runtime_files", has_runtime),
	SYMBOL("sd_journal_has_persistent_files", has_persistent),
	SYMBOL("sd_journal_seek_head", seek_head),
	SYMBOL("sd_journal_seek_tail", seek_tail),
	SYMBOL("sd_journal_seek_realtime_usec", seek_realtime),
	SYMBOL("sd_journal_next", next),
	SYMBOL("sd_journal_previous", previous),
	SYMBOL("sd_journal_get_realtime_usec", get_realtime),
	SYMBOL("sd_journal_get_data", get_data),
	SYMBOL("sd_journal_get_fd", get_fd),
	SYMBOL("sd_journal_process", process),
};

struct journal_reader {
	sd_journal *journal;
};

static int load(struct err *err)
{
	static const char *const sonames[] = { "libsystemd.so.0", NULL };

	return lib.handle ? 0 : dl_load(sonames, "libsystemd0", symbols, ARRAY_LEN(symbols), &lib.handle, err);
}

static int check(int rc, struct err *err)
{
	return rc < 0 ? err_sys(err, -rc, "cannot read the journal") : rc;
}

static int add_set(sd_journal *journal, const char *const *set, struct err *err)
{
	for (; set && *set; set++)
		if (check(lib.add_match(journal, *set, strlen(*set)), err) < 0)
			return -1;
	return 0;
}

int journal_read_open(const char *const *set, const char *const *or_set, struct journal_reader **ret, struct err *err)
{
	if (load(err) < 0)
		return -1;
	auto_ptr(journal_reader) j = mem_alloc(sizeof(*j));
	if (check(lib.open(&j->journal, LOCAL_ONLY), err) < 0)
		return -1;
	if (lib.has_runtime(j->journal) <= 0 && lib.has_persistent(j->journal) <= 0)
		return err_set(err, ERR_DENIED, "cannot read the journal: none of its files can be read by this user; a persistent journal (/var/log/journal) gives each user their own");
	if (check(lib.set_threshold(j->journal, LIMIT_JOURNAL_FIELD_BYTES), err) < 0 || add_set(j->journal, set, err) < 0 ||
	    (or_set && check(lib.add_disjunction(j->journal), err) < 0) || add_set(j->journal, or_set, err) < 0)
		return -1;
	*ret = take_ptr(j);
	return 0;
}

void journal_read_close(struct journal_reader *j)
{
	if (j && j->journal)
		lib.close(j->journal);
	free(j);
}

int journal_read_seek_first(struct journal_reader *j, struct err *err)
{
	return check(lib.seek_head(j->journal), err);
}

int journal_read_seek_time(struct journal_reader *j, int64_t time_ns, struct err *err)
{
	return check(lib.seek_realtime(j->journal, time_ns > 0 ? (uint64_t)time_ns / 1000 : 0), err);
}

/* On the last entry, so that next finds what comes behind it: libsystemd's own end is a place that later entries move. */
int journal_read_seek_last(struct journal_reader *j, struct err *err)
{
	int there;

	if (check(lib.seek_tail(j->journal), err) < 0)
		return -1;
	there = check(lib.previous(j->journal), err);
	return there ? there : journal_read_seek_first(j, err);
}

int journal_read_next(struct journal_reader *j, struct err *err)
{
	return check(lib.next(j->journal), err);
}

int journal_read_previous(struct journal_reader *j, struct err *err)
{
	return check(lib.previous(j->journal), err);
}

int64_t journal_read_time_ns(struct journal_reader *j)
{
	uint64_t usec;

	return lib.get_realtime(j->journal, &usec) < 0 || usec > INT64_MAX / 1000 ? 0 : (int64_t)usec * 1000;
}

const char *journal_read_field(struct journal_reader *j, const char *name, size_t *ret_len)
{
	const void *data;
	size_t len, head = strlen(name) + 1;

	if (lib.get_data(j->journal, name, &data, &len) < 0 || len < head)
		return NULL;
	*ret_len = len - head < LIMIT_JOURNAL_FIELD_BYTES ? len - head : LIMIT_JOURNAL_FIELD_BYTES;
	return (const char *)data + head;
}

int journal_read_fd(struct journal_reader *j)
{
	return lib.get_fd(j->journal);
}

void journal_read_look(struct journal_reader *j)
{
	lib.process(j->journal);
}
