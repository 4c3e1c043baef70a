/* cmd_system_check.c - system check: is the store whole? */
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/check.h"

#include <stdio.h>

struct check_values {
	char *max;
	bool force, quick, repair;
};

static void print_row(const struct check_row *row)
{
	if (!row->is_damage)
		return;
	printf("Damaged %s%s %s: %s\n", row->what, row->is_name ? " name" : "", row->id, row->text);
	if (row->done)
		printf("  %s: %s\n", row->mended ? "Repaired" : "Not as before", row->done);
}

static int run_check(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct check_values *v = values;
	unsigned how = (v->quick ? CHECK_RECORDS : 0) | (v->repair || v->force ? CHECK_REPAIR : 0);
	auto_ptr(engine) engine = NULL;
	auto_val(check_report) report = { 0 };
	(void)words;
	if (session_open(cli, ENGINE_WRITE, &engine, err) < 0 || check_store(engine, how, &report, err) < 0)
		return -1;
	for (size_t i = 0; i < report.count; i++)
		print_row(&report.rows[i]);
	if (!report.damaged)
		return 0;
	return err_set(err, ERR_CORRUPT, "damage detected in local storage: %zu object%s%s", report.damaged, report.damaged == 1 ? "" : "s",
		       how & CHECK_REPAIR ? " could not be mended" : ": mend it with --repair");
}

#define AT(member) FLAG_AT(struct check_values, member)
static const struct flag check_rows[] = {
	{ "force", 'f', FLAG_BOOL, AT(force), .help = "The same as --repair: what a container has written is kept in any case" },
	{ "max", 'm', FLAG_STRING, AT(max), .bits = FLAG_NOT_YET, .meta = "duration", .def = "24h0m0s", .instead = "layers that nothing needs go with the next removal of an image",
	  .help = "Largest age of layers that nothing needs" },
	{ "quick", 'q', FLAG_BOOL, AT(quick), .help = "Look at the records only, not at the files of layers" },
	{ "repair", 'r', FLAG_BOOL, AT(repair), .help = "Fetch again what is damaged, or put it aside; nothing that a container or a volume holds is removed" },
};
static const struct flag_group check_groups[] = { { check_rows, ARRAY_LEN(check_rows), 0 }, { 0 } };
const struct verb cmd_system_check_verb = {
	.about = "Looks for damage in the store: records, names, and every byte of every layer. Changes nothing without --repair.",
	.groups = check_groups, .values_size = sizeof(struct check_values), .libraries = true, .args = VERB_NONE, .run = run_check,
};
