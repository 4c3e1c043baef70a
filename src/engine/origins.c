#include "engine/origins.h"

#include "base/str.h"

#include <string.h>

struct note {
	char *member, *key;
	struct origin origin;
};

struct origins {
	struct note *notes;
	size_t count;
};

struct origins *origins_new(void)
{
	return mem_alloc(sizeof(struct origins));
}

void origins_free(struct origins *o)
{
	for (size_t i = 0; o && i < o->count; i++) {
		free(o->notes[i].member);
		free(o->notes[i].key);
		free(o->notes[i].origin.text);
	}
	if (o)
		free(o->notes);
	free(o);
}

const char *origins_word(enum origin_kind kind)
{
	static const char *const words[ORIGIN_KIND_COUNT] = {
		[ORIGIN_DEFAULT] = "default", [ORIGIN_FLAG] = "flag", [ORIGIN_CONF] = "containers.conf", [ORIGIN_IMAGE] = "image",
		[ORIGIN_HOST] = "host", [ORIGIN_CONTAINER] = "container", [ORIGIN_DEFINITION] = "definition",
	};
	return words[kind];
}

static struct note *find(const struct origins *o, const char *member, const char *key)
{
	for (size_t i = 0; o && i < o->count; i++)
		if (strcmp(o->notes[i].member, member) == 0 && strcmp(o->notes[i].key, key) == 0)
			return &o->notes[i];
	return NULL;
}

void origins_note(struct origins *o, const char *member, const char *key, enum origin_kind kind, const char *text)
{
	if (!o)
		return;
	struct note *note = find(o, member, key);
	if (!note) {
		o->notes = mem_resize(o->notes, o->count + 1, sizeof(*o->notes));
		note = &o->notes[o->count++];
		*note = (struct note){ .member = mem_strdup(member), .key = mem_strdup(key) };
	}
	free(note->origin.text);
	note->origin = (struct origin){ kind, mem_strdup(text) };
}

void origins_note_words(struct origins *o, const char *member, char *const *words, enum origin_kind kind, const char *text)
{
	for (; o && words && *words; words++) {
		auto_free char *key = mem_strndup(*words, strcspn(*words, "="));
		origins_note(o, member, key, kind, text);
	}
}

const struct origin *origins_find(const struct origins *o, const char *member, const char *key)
{
	const struct note *note = find(o, member, key);
	return note ? &note->origin : NULL;
}
