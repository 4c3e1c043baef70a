/* pick.c - see pick.h */
#include "cli/pick.h"

#include "base/file.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>

enum { CIDFILE_MAX = 4096 };

void pick_done(struct pick *pick)
{
	for (size_t i = 0; i < pick->count; i++)
		ctr_free(pick->ctrs[i]);
	free(pick->ctrs);
	strv_free(pick->shown);
	*pick = (struct pick){ 0 };
}

static void add(struct pick *pick, struct ctr *ctr, const char *shown)
{
	pick->ctrs = mem_resize(pick->ctrs, pick->count + 1, sizeof(struct ctr *));
	pick->ctrs[pick->count++] = ctr;
	strv_add(&pick->shown, shown);
}

static int add_word(struct engine *engine, const struct pick_opts *o, const char *word, struct pick *pick, struct err *err)
{
	struct ctr *ctr = NULL;
	if (ctr_open(engine, word, &ctr, err) < 0) {
		if (!o->ignore || !err_is(err, ERR_NOT_FOUND))
			return -1;
		err_clear(err);
		return 0;
	}
	for (size_t i = 0; i < pick->count; i++) {
		if (strcmp(pick->ctrs[i]->id, ctr->id) == 0) { /* named twice */
			ctr_free(ctr);
			return 0;
		}
	}
	add(pick, ctr, word);
	return 0;
}

static int add_cidfile(struct engine *engine, const struct pick_opts *o, const char *path, struct pick *pick, struct err *err)
{
	auto_free char *text = NULL;
	size_t len;
	int rc = file_read(AT_FDCWD, path, CIDFILE_MAX, &text, &len);
	if (rc == -ENOENT && o->ignore)
		return 0;
	if (rc < 0)
		return err_sys(err, -rc, "reading CIDFile %s", path);
	text[strcspn(text, "\r\n")] = 0;
	return add_word(engine, o, text, pick, err);
}

static int matches(struct engine *engine, const struct ctr *ctr, const struct pick_opts *o, bool *ret, struct err *err)
{
	*ret = !o->states || (o->states & (1U << ctr->status.state));
	return *ret ? ctr_match_all(engine, ctr, o->filters, ret, err) : 0;
}

static int add_matching(struct engine *engine, const struct pick_opts *o, struct pick *pick, struct err *err)
{
	struct ctr **list = NULL;
	size_t count = 0;
	for (char *const *f = o->filters; f && *f; f++)
		if (ctr_match_check(engine, *f, err) < 0)
			return -1;
	if (ctr_list(engine, &list, &count, err) < 0)
		return -1;
	int rc = 0;
	for (size_t i = 0; i < count && rc >= 0; i++) {
		bool yes = false;
		rc = matches(engine, list[i], o, &yes, err);
		if (rc >= 0 && yes)
			add(pick, list[i], list[i]->id); /* what was not typed is shown by its id */
		else
			ctr_free(list[i]);
		list[i] = NULL;
	}
	ctr_list_free(list, count);
	return rc;
}

static int check_words(const struct pick_opts *o, struct err *err)
{
	bool words = o->words && *o->words;
	if (o->all && o->latest)
		return err_set(err, ERR_USAGE, "--all and --latest cannot be used together");
	if (words && o->all)
		return err_set(err, ERR_USAGE, "no arguments are needed with --all");
	if (words && o->latest)
		return err_set(err, ERR_USAGE, "--latest and containers cannot be used together");
	if (!words && !o->all && !o->latest && !o->filters && !o->cidfiles)
		return err_set(err, ERR_USAGE, "%s", o->missing ? o->missing : "you must provide at least one name or id");
	return 0;
}

static int fill(struct engine *engine, const struct pick_opts *o, struct pick *pick, struct err *err)
{
	if (o->latest) {
		struct ctr *ctr = NULL;
		if (ctr_open_latest(engine, &ctr, err) < 0)
			return -1;
		add(pick, ctr, ctr->id);
		return 0;
	}
	if (o->all || o->filters)
		return add_matching(engine, o, pick, err);
	for (char *const *w = o->words; w && *w; w++)
		if (add_word(engine, o, *w, pick, err) < 0)
			return -1;
	for (char *const *f = o->cidfiles; f && *f; f++)
		if (add_cidfile(engine, o, *f, pick, err) < 0)
			return -1;
	return 0;
}

int pick_ctrs(struct engine *engine, const struct pick_opts *opts, struct pick *ret, struct err *err)
{
	struct pick pick = { 0 };
	if (check_words(opts, err) < 0)
		return -1;
	if (fill(engine, opts, &pick, err) < 0) {
		pick_done(&pick);
		return -1;
	}
	*ret = pick;
	return 0;
}
