/* cmd_generate.c - generate spec: a container as the JSON that Podman's API makes one from */
#include "base/fd.h"
#include "base/str.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "engine/ctr_clone.h"
#include "engine/ctr_specgen.h"
#include "engine/output_file.h"

#include <stdio.h>

struct generate_spec_values {
	bool compact, name;
	char *filename;
};

static int write_file(const char *path, const struct str *text, struct err *err)
{
	struct output_file file;
	if (output_file_open(path, "write", &file, err) < 0)
		return -1;
	int rc = fd_write_full(file.fd, text->data, text->len);
	return output_file_end(&file, rc < 0 ? err_sys(err, -rc, "cannot write '%s'", path) : 0, err);
}

static int read_spec(struct engine *engine, const char *word, bool rename, struct json **ret, struct err *err)
{
	auto_ptr(ctr) ctr = NULL;
	auto_free char *name = NULL;
	if (ctr_open(engine, word, &ctr, err) < 0)
		return err_is(err, ERR_NOT_FOUND) ? err_wrap(err, "a specification is made of a container; pods are not done yet") : -1;
	if (rename && ctr_clone_name(engine, ctr->def.name, &name, err) < 0)
		return -1;
	return ctr_specgen_new(ctr, rename ? name : ctr->def.name, ret, err);
}

static int run_generate_spec(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct generate_spec_values *v = values;
	const struct json_style pretty = { .indent = " ", .html = true }, compact = { .html = true };
	auto_ptr(engine) engine = NULL;
	auto_ptr(json) spec = NULL;
	auto_str text = { 0 };
	if (session_open(cli, ENGINE_READ, &engine, err) < 0 || read_spec(engine, words[0], v->name, &spec, err) < 0)
		return -1;
	json_write(&text, spec, v->compact ? &compact : &pretty);
	if (v->filename && *v->filename) {
		if (write_file(v->filename, &text, err) < 0)
			return -1;
		printf("%s\n", v->filename);
		return 0;
	}
	str_add_char(&text, '\n');
	session_put(str_text(&text));
	return 0;
}

static void generate_spec_init(void *values)
{
	*(struct generate_spec_values *)values = (struct generate_spec_values){ .name = true };
}

#define SPEC(member) FLAG_AT(struct generate_spec_values, member)
static const struct flag generate_spec_rows[] = {
	{ "compact", 'c', FLAG_BOOL, SPEC(compact), .help = "Write everything on one line" },
	{ "filename", 'f', FLAG_STRING, SPEC(filename), .help = "Write to this file and print its name" },
	{ "name", 'n', FLAG_BOOL, SPEC(name), .def = "true", .help = "Give it a name that is free, so that both can be there" },
};
static const struct flag_group generate_spec_groups[] = { { generate_spec_rows, ARRAY_LEN(generate_spec_rows), 0 }, { 0 } };
const struct verb cmd_generate_spec_verb = {
	.about = "Writes a container as the JSON from which Podman's API makes one.\n\n"
		 "It tells what Podman's tells: capabilities, security options and annotations are not in it. `explain` shows all of a container.",
	.groups = generate_spec_groups, .values_size = sizeof(struct generate_spec_values), .init = generate_spec_init, .args = VERB_EXACT, .arg_count = 1,
	.run = run_generate_spec,
};
