/* cmd_prune.c - container prune, image prune, volume prune, system prune: what nobody uses */
#include "base/num.h"
#include "base/str.h"
#include "cli/format.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/prune.h"

#include <stdio.h>

struct prune_values {
	char **filter;
	bool all, force, dry_run, volumes, build, external;
};

static void print_ids(const struct prune *p)
{
	for (size_t i = 0; i < p->count; i++)
		printf("%s\n", p->rows[i].id);
}

static uint64_t sum_of(const struct prune *p)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < p->count; i++)
		sum += p->rows[i].bytes;
	return sum;
}

static void print_plan(const struct prune *p)
{
	static const char *const kinds[] = { [PRUNE_CONTAINER] = "container", [PRUNE_VOLUME] = "volume", [PRUNE_IMAGE] = "image" };
	auto_str lines = { 0 };
	auto_str out = { 0 };
	str_add(&lines, "TYPE\tID\tNAME\tSIZE\n");
	for (size_t i = 0; i < p->count; i++) {
		const struct prune_row *r = &p->rows[i];
		str_addf(&lines, "%s\t%.*s\t%s\t%s\n", kinds[r->kind], r->kind == PRUNE_VOLUME ? 0 : 12, r->id, *r->name ? r->name : "<none>",
			 num_size_tight(r->bytes).text);
	}
	format_columns(&out, str_text(&lines));
	session_put(str_text(&out));
	printf("Would be reclaimed: %s\n", num_size_tight(sum_of(p)).text);
}

/* Asks unless told not to, then removes; with --dry-run tells only. ret_done: something may be printed. */
static int prune(struct cli *cli, const struct prune_values *v, const struct prune_opts *opts, const char *warning, struct prune *ret,
		 bool *ret_done, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	bool yes = true;
	struct prune_opts all = *opts;
	all.filters = v->filter;
	all.sizes = opts->sizes || v->dry_run;
	*ret_done = false;
	if (!v->force && !v->dry_run && warning && session_confirm(warning, &yes, err) < 0)
		return -1;
	if (!yes)
		return 0;
	if (session_open(cli, v->dry_run ? ENGINE_READ : ENGINE_WRITE, &engine, err) < 0 || prune_find(engine, &all, ret, err) < 0)
		return -1;
	if (v->dry_run) {
		print_plan(ret);
		return 0;
	}
	*ret_done = true;
	return prune_run(engine, ret, err);
}

#define AT(member) FLAG_AT(struct prune_values, member)
#define FILTER { "filter", 0, FLAG_ARRAY, AT(filter), .help = "Remove only what matches (label=<key>=<value>, until=<time>)" }
#define FORCE { "force", 'f', FLAG_BOOL, AT(force), .help = "Do not ask" }
#define DRY_RUN { "dry-run", 0, FLAG_BOOL, AT(dry_run), .help = "Show what would go, and its size; remove nothing" }

/* --- containers --- */

static int run_containers(struct cli *cli, void *values, char **words, struct err *err)
{
	auto_val(prune) list = { 0 };
	bool done;
	(void)words;
	if (prune(cli, values, &(struct prune_opts){ .kinds = 1 << PRUNE_CONTAINER }, "This will remove all non running containers.", &list, &done, err) < 0)
		return -1;
	if (done)
		print_ids(&list);
	return 0;
}

static const struct flag container_rows[] = { DRY_RUN, FILTER, FORCE };
static const struct flag_group container_groups[] = { { container_rows, ARRAY_LEN(container_rows), 0 }, { 0 } };
const struct verb cmd_container_prune_verb = {
	.about = "Removes every container that does not run.",
	.groups = container_groups, .values_size = sizeof(struct prune_values), .args = VERB_NONE, .run = run_containers,
};

/* --- images --- */

static int run_images(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct prune_values *v = values;
	const struct prune_opts opts = { .kinds = 1 << PRUNE_IMAGE, .all_images = v->all };
	auto_val(prune) list = { 0 };
	bool done;
	(void)words;
	if (prune(cli, v, &opts, v->all ? "This command removes all images without at least one container associated with them." :
					  "This command removes all dangling images.", &list, &done, err) < 0)
		return -1;
	if (done)
		print_ids(&list);
	return 0;
}

static const struct flag image_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Remove every image that no container uses, not only nameless ones" },
	{ "build-cache", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Remove the cache of builds as well; there is none" },
	DRY_RUN,
	{ "external", 0, FLAG_BOOL, .bits = FLAG_NO_EFFECT, .help = "Remove images that containers of other programs use; the store has none" },
	FILTER, FORCE,
};
static const struct flag_group image_groups[] = { { image_rows, ARRAY_LEN(image_rows), 0 }, { 0 } };
const struct verb cmd_image_prune_verb = {
	.about = "Removes images that no container uses: those without a name, or all of them.",
	.groups = image_groups, .values_size = sizeof(struct prune_values), .args = VERB_NONE, .run = run_images,
};

/* --- volumes --- */

/* What would go is part of the question. */
static int ask_for_volumes(struct cli *cli, const struct prune_values *v, bool *ret_yes, struct err *err)
{
	auto_ptr(engine) engine = NULL;
	auto_val(prune) list = { 0 };
	auto_str text = { 0 };
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 ||
	    prune_find(engine, &(struct prune_opts){ .kinds = 1 << PRUNE_VOLUME, .filters = v->filter }, &list, err) < 0)
		return -1;
	str_add(&text, "This will remove all volumes not used by at least one container. The following volumes will be removed:");
	*ret_yes = list.count > 0;
	if (!list.count) {
		printf("WARNING! %s\nNo dangling volumes found\n", str_text(&text));
		return 0;
	}
	for (size_t i = 0; i < list.count; i++)
		str_addf(&text, "\n%s", list.rows[i].name);
	return session_confirm(str_text(&text), ret_yes, err);
}

static int run_volumes(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct prune_values *v = values;
	auto_val(prune) list = { 0 };
	bool yes = true, done;
	(void)words;
	if (!v->force && !v->dry_run && ask_for_volumes(cli, v, &yes, err) < 0)
		return -1;
	if (!yes)
		return 0;
	if (prune(cli, v, &(struct prune_opts){ .kinds = 1 << PRUNE_VOLUME }, NULL, &list, &done, err) < 0)
		return -1;
	if (done)
		print_ids(&list);
	return 0;
}

const struct verb cmd_volume_prune_verb = {
	.about = "Removes every volume that no container uses.",
	.groups = container_groups, .values_size = sizeof(struct prune_values), .args = VERB_NONE, .run = run_volumes,
};

/* --- all of it --- */

static char *system_warning_dup(const struct prune_values *v)
{
	return mem_printf("This command removes:\n"
			  "\t- all stopped containers\n"
			  "\t- all networks not used by at least one container\n"
			  "%s%s", v->volumes ? "\t- all volumes not used by at least one container\n" : "",
			  v->all ? "\t- all images without at least one container associated with them\n\t- all build cache\n" :
				   "\t- all dangling images\n\t- all dangling build cache\n");
}

static void print_kinds(const struct prune *p)
{
	static const char *const heads[] = { [PRUNE_CONTAINER] = "Deleted Containers", [PRUNE_VOLUME] = "Deleted Volumes", [PRUNE_IMAGE] = "Deleted Images" };
	for (size_t i = 0; i < p->count; i++) {
		if (!i || p->rows[i].kind != p->rows[i - 1].kind)
			printf("%s\n", heads[p->rows[i].kind]);
		printf("%s\n", p->rows[i].id);
	}
	printf("Total reclaimed space: %s\n", num_size_tight(sum_of(p)).text);
}

static int run_system(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct prune_values *v = values;
	const struct prune_opts opts = { .kinds = 1 << PRUNE_CONTAINER | 1 << PRUNE_IMAGE | (v->volumes ? 1 << PRUNE_VOLUME : 0),
					 .all_images = v->all, .sizes = true };
	auto_free char *warning = system_warning_dup(v);
	auto_val(prune) list = { 0 };
	bool done;
	(void)words;
	if (v->external && (v->all || v->volumes || v->filter))
		return err_set(err, ERR_USAGE, "system prune --external cannot be combined with other options");
	if (v->external)
		return 0; /* nothing of other programs is in the store */
	if (prune(cli, v, &opts, warning, &list, &done, err) < 0)
		return -1;
	if (done)
		print_kinds(&list);
	return 0;
}

static const struct flag system_rows[] = {
	{ "all", 'a', FLAG_BOOL, AT(all), .help = "Remove every image that no container uses, not only nameless ones" },
	{ "build", 0, FLAG_BOOL, AT(build), .bits = FLAG_NO_EFFECT, .help = "Remove what builds have left; there is nothing" },
	DRY_RUN,
	{ "external", 0, FLAG_BOOL, AT(external), .help = "Remove what other programs have left in the store; nothing is" },
	FILTER, FORCE,
	{ "volumes", 0, FLAG_BOOL, AT(volumes), .help = "Remove volumes that no container uses" },
};
static const struct flag_group system_groups[] = { { system_rows, ARRAY_LEN(system_rows), 0 }, { 0 } };
const struct verb cmd_system_prune_verb = {
	.about = "Removes stopped containers, images without a name and, when asked to, unused volumes.",
	.groups = system_groups, .values_size = sizeof(struct prune_values), .args = VERB_NONE, .run = run_system,
};
