/* inspect_beside.c - see inspect_beside.h */
#include "engine/inspect_beside.h"

#include "base/str.h"
#include "codec/json.h"

static struct json *part_new(const struct json *o, const char *names)
{
	struct json *part = json_object_new();
	auto_strv list = strv_split(names, ',');
	for (char **name = list; name && *name; name++) {
		const struct json *value = json_get(o, *name);
		json_set(part, *name, json_ref(value ? value : json_get(json_beside(o), *name)));
	}
	return part;
}

static struct json *value_new(const struct json *o, const struct beside_row *row)
{
	switch (row->kind) {
	case BESIDE_NULL:
		return NULL;
	case BESIDE_TEXT:
		return json_str_new("");
	case BESIDE_FALSE:
		return json_bool_new(false);
	case BESIDE_ZERO:
		return json_i64_new(0);
	case BESIDE_LIST:
		return json_array_new();
	case BESIDE_SAME:
		return json_ref(json_get(o, row->of));
	case BESIDE_PART:
		return part_new(o, row->of);
	}
	return NULL;
}

void inspect_beside(struct json *tree, const struct beside_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct json *o = rows[i].object ? json_get(tree, rows[i].object) : tree;
		if (o && !json_has(o, rows[i].name))
			json_set_beside(o, rows[i].name, value_new(o, &rows[i]));
	}
}
