/* explain_maps.c - which id of the container is which one of the namespace in which cpod works, and of the host */
#include "engine/explain_priv.h"
#include "host/userns.h"

static void add(struct explain_map *map, struct explain_ids ids)
{
	map->rows = mem_resize(map->rows, map->count + 1, sizeof(*map->rows));
	map->rows[map->count++] = ids;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* A piece of the container's map, cut where ours begins another one. What ours does not have is nobody's, and left out. */
static void follow(struct explain_map *map, struct spec_id_map piece, const struct userns_map *ours)
{
	for (uint32_t at = 0; at < piece.count;) {
		uint32_t id = piece.outside + at, left = piece.count - at;
		const struct userns_map *m = ours;
		while (m->count && (id < m->inside || id - m->inside >= m->count))
			m++;
		if (!m->count)
			return;
		uint32_t count = smaller(left, m->count - (id - m->inside));
		add(map, (struct explain_ids){ piece.inside + at, id, m->outside + (id - m->inside), count });
		at += count;
	}
}

static void build(struct explain_map *map, const struct spec_id_map *pieces, const struct userns_map *ours)
{
	if (pieces) {
		for (; pieces->count; pieces++)
			follow(map, *pieces, ours);
		return;
	}
	for (; ours->count; ours++) /* no namespace of its own: ours */
		add(map, (struct explain_ids){ ours->inside, ours->inside, ours->outside, ours->count });
}

int explain_maps(const struct explain_job *job, struct err *err)
{
	auto_free struct userns_map *uids = NULL, *gids = NULL;
	if (userns_current_maps(&uids, &gids, err) < 0)
		return -1;
	build(&job->out->uids, job->spec->uid_maps, uids);
	build(&job->out->gids, job->spec->gid_maps, gids);
	return 0;
}
