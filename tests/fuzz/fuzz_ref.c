/* Names of images: one that is taken is written as it was read, and its full form is one too. */
#include "image/ref.h"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *word = fuzz_text(data, size);
	auto_free char *text = NULL, *full = NULL, *local = NULL;
	auto_val(ref) ref = { 0 };
	auto_val(ref) again = { 0 };
	struct err err = { 0 };
	int r = ref_parse(word, &ref, &err);

	fuzz_told(r, &err);
	if (r < 0)
		return 0;
	if (ref.digest && !ref_digest_valid(ref.digest))
		abort();
	if (strstr(ref.path, "..") || *ref.path == '/')
		abort();
	text = ref_text(&ref);
	if (strcmp(text, word) != 0)
		abort();
	ref_normalize(&ref);
	full = ref_text(&ref);
	if (ref_parse(full, &again, &err) < 0 || !again.domain)
		abort();
	r = ref_local_name(word, &local, &err);
	fuzz_told(r, &err);
	return 0;
}
