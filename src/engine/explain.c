#include "engine/explain.h"

#include "codec/json.h"
#include "engine/ctr_spec.h"
#include "engine/explain_priv.h"

static void row_done(struct explain_row *row)
{
	free(row->name);
	free(row->value);
	free(row->from.text);
}

void explain_free(struct explain *x)
{
	for (int part = 0; x && part < EXPLAIN_PART_COUNT; part++) {
		for (size_t i = 0; i < x->parts[part].count; i++)
			row_done(&x->parts[part].rows[i]);
		free(x->parts[part].rows);
	}
	for (size_t i = 0; x && i < x->gap_count; i++) {
		free(x->gaps[i].what);
		free(x->gaps[i].why);
		free(x->gaps[i].way_out);
	}
	if (x) {
		free(x->gaps);
		free(x->uids.rows);
		free(x->gids.rows);
	}
	free(x);
}

const char *explain_part_word(enum explain_part part)
{
	static const char *const words[EXPLAIN_PART_COUNT] = {
		[EXPLAIN_IMAGE] = "Image", [EXPLAIN_COMMAND] = "Command", [EXPLAIN_ENVIRONMENT] = "Environment",
		[EXPLAIN_NAMESPACES] = "Namespaces", [EXPLAIN_MOUNTS] = "Mounts", [EXPLAIN_DEVICES] = "Devices",
		[EXPLAIN_CAPABILITIES] = "Capabilities", [EXPLAIN_CONFINEMENT] = "Confinement", [EXPLAIN_LIMITS] = "Limits",
		[EXPLAIN_NETWORK] = "Network", [EXPLAIN_LIFE] = "Life", [EXPLAIN_LABELS] = "Labels",
	};
	return words[part];
}

/* --- for the parts --- */

void explain_add(const struct explain_job *job, enum explain_part part, const char *name, const char *value, const struct origin *from)
{
	struct explain_section *s = &job->out->parts[part];
	if (!value || !*value)
		return;
	enum origin_kind otherwise = job->origins ? ORIGIN_DEFAULT : ORIGIN_DEFINITION;
	s->rows = mem_resize(s->rows, s->count + 1, sizeof(*s->rows));
	s->rows[s->count++] = (struct explain_row){
		.name = mem_strdup(name), .value = mem_strdup(value),
		.from = { from ? from->kind : otherwise, mem_strdup(from ? from->text : "") },
	};
}

const struct origin *explain_origin(const struct explain_job *job, const char *flag, const char *key)
{
	return origins_find(job->origins, flag, key);
}

void explain_add_flag(const struct explain_job *job, enum explain_part part, const char *name, const char *value, const char *flag, const char *key)
{
	explain_add(job, part, name, value, explain_origin(job, flag, key));
}

void explain_add_gap(const struct explain_job *job, const char *what, const char *why, const char *way_out, bool refused)
{
	struct explain *x = job->out;
	x->gaps = mem_resize(x->gaps, x->gap_count + 1, sizeof(*x->gaps));
	x->gaps[x->gap_count++] = (struct explain_gap){ mem_strdup(what), mem_strdup(why), mem_strdup(way_out ? way_out : ""), refused };
}

/* --- the whole --- */

int explain_new(struct engine *engine, struct ctr *ctr, const struct origins *origins, struct explain **ret, struct err *err)
{
	auto_ptr(explain) x = mem_alloc(sizeof(*x));
	auto_val(ctr_spec) s = { 0 };
	auto_free char *run_path = mem_printf("%s/containers/%s", store_runroot(engine->store), ctr->id);
	if (ctr_spec_build(engine, ctr, run_path, &s, err) < 0)
		return -1;
	const struct explain_job job = { engine, ctr, &ctr->def, &s.spec, origins, x };
	explain_process(&job);
	explain_files(&job);
	explain_confinement(&job);
	if (explain_maps(&job, err) < 0)
		return -1;
	explain_limits(&job);
	explain_network(&job);
	explain_life(&job);
	*ret = take_ptr(x);
	return 0;
}

/* --- two of them --- */

static const struct explain_row *find_same(const struct explain_section *s, const struct explain_row *row)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->rows[i].name, row->name) == 0 && strcmp(s->rows[i].value, row->value) == 0)
			return &s->rows[i];
	return NULL;
}

void explain_take_origins(struct explain *x, const struct explain *words)
{
	for (int part = 0; part < EXPLAIN_PART_COUNT; part++) {
		for (size_t i = 0; i < x->parts[part].count; i++) {
			struct explain_row *row = &x->parts[part].rows[i];
			const struct explain_row *same = find_same(&words->parts[part], row);
			if (!same)
				continue;
			free(row->from.text);
			row->from = (struct origin){ same->from.kind, mem_strdup(same->from.text) };
		}
	}
}

/* --- for programs --- */

static struct json *rows_new(const struct explain_section *s)
{
	struct json *list = json_array_new();
	for (size_t i = 0; i < s->count; i++) {
		struct json *o = json_object_new();
		json_set_str(o, "Name", s->rows[i].name);
		json_set_str(o, "Value", s->rows[i].value);
		json_set_str(o, "Origin", origins_word(s->rows[i].from.kind));
		json_set_str(o, "From", s->rows[i].from.text);
		json_add(list, o);
	}
	return list;
}

static struct json *map_new(const struct explain_map *map)
{
	struct json *list = json_array_new();
	for (size_t i = 0; i < map->count; i++) {
		struct json *o = json_object_new();
		json_set_u64(o, "Container", map->rows[i].inside);
		json_set_u64(o, "Engine", map->rows[i].ours);
		json_set_u64(o, "Host", map->rows[i].host);
		json_set_u64(o, "Count", map->rows[i].count);
		json_add(list, o);
	}
	return list;
}

static struct json *gaps_new(const struct explain *x)
{
	struct json *list = json_array_new();
	for (size_t i = 0; i < x->gap_count; i++) {
		struct json *o = json_object_new();
		json_set_str(o, "What", x->gaps[i].what);
		json_set_str(o, "Why", x->gaps[i].why);
		json_set_str(o, "WayOut", x->gaps[i].way_out);
		json_set_bool(o, "Refused", x->gaps[i].refused);
		json_add(list, o);
	}
	return list;
}

struct json *explain_json_new(const struct explain *x)
{
	struct json *o = json_object_new(), *ids = json_object_new();
	for (int part = 0; part < EXPLAIN_PART_COUNT; part++)
		json_set(o, explain_part_word((enum explain_part)part), rows_new(&x->parts[part]));
	json_set(ids, "Users", map_new(&x->uids));
	json_set(ids, "Groups", map_new(&x->gids));
	json_set(o, "Ids", ids);
	json_set(o, "NotEnforced", gaps_new(x));
	return o;
}
