/* Manifests and indexes: digests that reach a path are digests, and an entry that is chosen is one of the index. */
#include "image/manifest.h"

#include "base/str.h"
#include "fuzz.h"
#include "image/ref.h"

static void check_blobs(const struct manifest_blob *blobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!ref_digest_valid(blobs[i].digest))
			abort();
}

static void check_choice(const struct manifest *index)
{
	const struct manifest_wish wishes[] = { manifest_wish_of(NULL, "amd64", NULL), manifest_wish_of("linux", "arm", "v7"), manifest_wish_of("windows", "s390x", NULL) };
	for (size_t i = 0; i < ARRAY_LEN(wishes); i++) {
		const struct manifest_blob *chosen = NULL;
		struct err err = { 0 };
		int r = manifest_choose(index, &wishes[i], &chosen, &err);

		fuzz_told(r, &err);
		if (r >= 0 && (chosen < index->entries || chosen >= index->entries + index->entry_count))
			abort();
	}
}

/* With the same blobs it stays one that can be read. */
static void check_edit(const uint8_t *data, size_t size, const struct manifest *manifest)
{
	auto_free struct manifest_blob *layers = mem_array(manifest->layer_count + 1, sizeof(*layers));
	auto_str out = { 0 };
	auto_val(manifest) again = { 0 };
	struct err err = { 0 };
	struct manifest_edit how = { .data = (const char *)data, .len = size, .layers = layers, .layer_count = manifest->layer_count };

	for (size_t i = 0; i < manifest->layer_count; i++) {
		layers[i] = manifest->layers[i];
		layers[i].media_type = (char *)manifest_layer_compression(manifest->layers[i].media_type);
	}
	if (manifest_edit(&how, &out, &err) >= 0 &&
	    (manifest_parse(out.data, out.len, NULL, &again, &err) < 0 || again.layer_count != manifest->layer_count))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_val(manifest) manifest = { 0 };
	struct err err = { 0 };
	int r = manifest_parse((const char *)data, size, NULL, &manifest, &err);

	fuzz_told(r, &err);
	if (r < 0)
		return 0;
	check_blobs(manifest.layers, manifest.layer_count);
	check_blobs(manifest.entries, manifest.entry_count);
	if (manifest.is_index)
		check_choice(&manifest);
	else
		check_edit(data, size, &manifest);
	return 0;
}
