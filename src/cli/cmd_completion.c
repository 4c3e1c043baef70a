/* cmd_completion.c - completion, and the hidden words that its scripts ask with */
#include "base/file.h"
#include "base/str.h"
#include "cli/complete.h"
#include "cli/session.h"
#include "cli/verbs.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>

/* The scripts' text, from the files beside this one: NAME is the program's name, FUNC the same as a part of a function's name,
 * ASK the hidden word. */
#define SCRIPT(shell)                                                                                     \
	extern const char completion_##shell[];                                                           \
	__asm__(".pushsection .rodata\n"                                                                   \
		".global completion_" #shell "\ncompletion_" #shell ":\n.incbin \"" SCRIPT_DIR "/completion." #shell "\"\n" \
		".byte 0\n.popsection\n")
SCRIPT(bash);
SCRIPT(fish);
SCRIPT(zsh);

static const struct script {
	const char *shell, *text; /* text NULL: known, not done */
} scripts[] = { { "bash", completion_bash }, { "fish", completion_fish }, { "powershell", NULL }, { "zsh", completion_zsh } };

struct completion_values {
	char *file;
	bool no_desc;
};

static char *func_dup(const char *program)
{
	char *name = mem_strdup(program);
	for (char *p = name; *p; p++)
		*p = isalnum((unsigned char)*p) ? *p : '_';
	return name;
}

static void write_script(struct str *out, const char *text, const char *program, bool no_desc)
{
	auto_free char *func = func_dup(program);
	const struct { const char *mark, *text; } marks[] = {
		{ "NAME", program }, { "FUNC", func }, { "ASK", no_desc ? "__completeNoDesc" : "__complete" },
	};
	while (*text) {
		size_t i = 0;
		while (i < ARRAY_LEN(marks) && !str_starts(text, marks[i].mark))
			i++;
		if (i < ARRAY_LEN(marks)) {
			str_add(out, marks[i].text);
			text += strlen(marks[i].mark);
		} else {
			str_add_char(out, *text++);
		}
	}
}

static int run_completion(struct cli *cli, void *values, char **words, struct err *err)
{
	const struct completion_values *v = values;
	auto_str out = { 0 };
	size_t i = 0;
	while (i < ARRAY_LEN(scripts) && strcmp(scripts[i].shell, words[0]) != 0)
		i++;
	if (i == ARRAY_LEN(scripts))
		return err_set(err, ERR_USAGE, "invalid argument \"%s\" for \"%s\"", words[0], cli->path);
	if (!scripts[i].text)
		return err_set(err, ERR_UNSUPPORTED, "completion for %s is not done: there are scripts for bash, zsh and fish", words[0]);
	write_script(&out, scripts[i].text, cli->program, v->no_desc);
	if (!v->file || !*v->file) {
		session_put(str_text(&out));
		return 0;
	}
	int rc = file_write(AT_FDCWD, v->file, 0644, out.data, out.len, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot write '%s'", v->file) : 0;
}

#define AT(member) FLAG_AT(struct completion_values, member)
static const struct flag completion_rows[] = {
	{ "file", 'f', FLAG_STRING, AT(file), .help = "Write the script to the file" },
	{ "no-desc", 0, FLAG_BOOL, AT(no_desc), .help = "Complete without descriptions" },
};
static const struct flag_group completion_groups[] = { { completion_rows, ARRAY_LEN(completion_rows), 0 }, { 0 } };
const struct verb cmd_completion_verb = {
	.about = "Prints a script that makes bash, zsh or fish complete the words of %: commands, flags with what they do,\n"
		 "values, and the names of what there is. An installation puts the scripts where the shells look for them.",
	.groups = completion_groups, .values_size = sizeof(struct completion_values), .args = VERB_EXACT, .arg_count = 1,
	.run = run_completion,
};

/* --- what the scripts ask --- */

static int answer(struct cli *cli, char **words, bool plain)
{
	auto_str out = { 0 };
	complete_write(&out, cli, words, plain);
	session_put(str_text(&out));
	return 0;
}

static int run_complete(struct cli *cli, void *values, char **words, struct err *err)
{
	(void)values, (void)err;
	return answer(cli, words, false);
}

static int run_complete_plain(struct cli *cli, void *values, char **words, struct err *err)
{
	(void)values, (void)err;
	return answer(cli, words, true);
}

static const struct flag_group no_groups[] = { { 0 } };
#define ASKED "Prints what the last word could become, one possibility a line, then a colon and how the shell shall take them."
const struct verb cmd_complete_verb = { .about = ASKED, .groups = no_groups, .raw = true, .args = VERB_MIN, .arg_count = 1, .run = run_complete };
const struct verb cmd_complete_plain_verb = { .about = ASKED, .groups = no_groups, .raw = true, .args = VERB_MIN, .arg_count = 1, .run = run_complete_plain };
