/* json_tree.c - arrays and objects; see json.h */
#include "codec/json_priv.h"

#include "base/str.h"

#include <sys/auxv.h>

enum { INDEX_FROM = 16 }; /* members: fewer are looked through */

void json_tree_done(struct json *v)
{
	if (v->kind == JSON_ARRAY) {
		for (size_t i = 0; i < v->items.count; i++)
			json_free(v->items.rows[i]);
		free(v->items.rows);
	} else if (v->kind == JSON_OBJECT) {
		for (size_t i = 0; i < v->members.count; i++) {
			free(v->members.rows[i].name);
			json_free(v->members.rows[i].value);
		}
		free(v->members.rows);
		free(v->members.index);
	}
}

/* --- the index of names --- */

/* FNV-1a from a beginning that differs from process to process: a stranger cannot choose names that fall together. */
static size_t hash(const char *name)
{
	static uint64_t seed; /* it stays what it is */
	uint64_t h;

	if (!seed)
		memcpy(&seed, (const void *)getauxval(AT_RANDOM), sizeof(seed));
	h = seed;
	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 1099511628211u;
	return (size_t)(h ^ h >> 32);
}

static void index_add(struct json_members *m, size_t place)
{
	size_t at = hash(m->rows[place].name) & (m->index_size - 1);

	while (m->index[at])
		at = (at + 1) & (m->index_size - 1);
	m->index[at] = (uint32_t)place + 1;
}

static void index_make(struct json_members *m)
{
	free(m->index);
	m->index = NULL;
	m->index_size = 0;
	if (m->count < INDEX_FROM)
		return;
	for (m->index_size = 4 * INDEX_FROM; m->index_size < 4 * m->count;)
		m->index_size *= 2;
	m->index = mem_array(m->index_size, sizeof(*m->index));
	for (size_t i = 0; i < m->count; i++)
		index_add(m, i);
}

static struct json_member *find(const struct json *v, const char *name)
{
	if (json_kind(v) != JSON_OBJECT)
		return NULL;
	const struct json_members *m = &v->members;
	if (!m->index_size) {
		for (size_t i = 0; i < m->count; i++)
			if (strcmp(m->rows[i].name, name) == 0)
				return &m->rows[i];
		return NULL;
	}
	for (size_t at = hash(name) & (m->index_size - 1); m->index[at]; at = (at + 1) & (m->index_size - 1))
		if (strcmp(m->rows[m->index[at] - 1].name, name) == 0)
			return &m->rows[m->index[at] - 1];
	return NULL;
}

/* --- looking --- */

bool json_has(const struct json *v, const char *name)
{
	return find(v, name) != NULL;
}

struct json *json_get(const struct json *v, const char *name)
{
	const struct json_member *m = find(v, name);

	return m ? m->value : NULL;
}

size_t json_len(const struct json *v)
{
	switch (json_kind(v)) {
	case JSON_ARRAY:
		return v->items.count;
	case JSON_OBJECT:
		return v->members.count;
	case JSON_NULL:
	case JSON_BOOL:
	case JSON_NUMBER:
	case JSON_STRING:
		break;
	}
	return 0;
}

struct json *json_at(const struct json *v, size_t index)
{
	return json_kind(v) == JSON_ARRAY && index < v->items.count ? v->items.rows[index] : NULL;
}

const char *json_get_str(const struct json *v, const char *name, const char *fallback)
{
	return json_str(json_get(v, name), fallback);
}

bool json_get_bool(const struct json *v, const char *name, bool fallback)
{
	return json_bool(json_get(v, name), fallback);
}

int64_t json_get_i64(const struct json *v, const char *name, int64_t fallback)
{
	return json_i64(json_get(v, name), fallback);
}

uint64_t json_get_u64(const struct json *v, const char *name, uint64_t fallback)
{
	return json_u64(json_get(v, name), fallback);
}

struct json_iter json_iter(const struct json *v)
{
	return (struct json_iter){ .object = json_kind(v) == JSON_OBJECT ? v : NULL };
}

bool json_next(struct json_iter *it)
{
	if (it->next >= json_len(it->object))
		return false;
	const struct json_member *m = &it->object->members.rows[it->next++];
	it->name = m->name;
	it->value = m->value;
	return true;
}

/* --- building --- */

struct json *json_object_new(void)
{
	return json_new(JSON_OBJECT);
}

struct json *json_array_new(void)
{
	return json_new(JSON_ARRAY);
}

static void *grow(void *rows, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return rows;
	*room = *room ? 2 * *room : 4;
	return mem_resize(rows, *room, size);
}

void json_set(struct json *object, const char *name, struct json *value)
{
	struct json_members *m = &object->members;
	struct json_member *old = find(object, name);

	if (old) {
		json_free(old->value);
		old->value = value;
		return;
	}
	m->rows = grow(m->rows, m->count, &m->room, sizeof(*m->rows));
	m->rows[m->count++] = (struct json_member){ .name = mem_strdup(name), .value = value };
	if (m->index_size >= 2 * m->count)
		index_add(m, m->count - 1);
	else
		index_make(m);
}

void json_del(struct json *object, const char *name)
{
	struct json_members *m = &object->members;
	struct json_member *old = find(object, name);

	if (!old)
		return;
	free(old->name);
	json_free(old->value);
	m->count--;
	memmove(old, old + 1, (size_t)(m->rows + m->count - old) * sizeof(*old));
	index_make(m);
}

void json_add(struct json *array, struct json *value)
{
	struct json_items *items = &array->items;

	items->rows = grow(items->rows, items->count, &items->room, sizeof(struct json *));
	items->rows[items->count++] = value;
}

struct json *json_strv_new(char *const *list)
{
	struct json *array = json_array_new();

	for (; list && *list; list++)
		json_add_str(array, *list);
	return array;
}

void json_set_str(struct json *object, const char *name, const char *text)
{
	json_set(object, name, json_str_new(text));
}

void json_set_bool(struct json *object, const char *name, bool value)
{
	json_set(object, name, json_bool_new(value));
}

void json_set_i64(struct json *object, const char *name, int64_t value)
{
	json_set(object, name, json_i64_new(value));
}

void json_set_u64(struct json *object, const char *name, uint64_t value)
{
	json_set(object, name, json_u64_new(value));
}

void json_add_str(struct json *array, const char *text)
{
	json_add(array, json_str_new(text));
}
