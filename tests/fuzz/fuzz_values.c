/* The values of run's flags: "KIND VALUE", where the first byte chooses the kind. A value that is refused is refused with a sentence. */
#include "options/values.h"

#include "engine/ctr_def.h"
#include "fuzz.h"

static int (*const kinds[])(struct ctr_def *def, const char *text, struct err *err) = {
	values_volume, values_mount, values_tmpfs, values_publish, values_expose, values_ulimit, values_device, values_secret, values_network, values_restart,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	auto_free char *text = fuzz_text(data + 1, size - 1);
	auto_val(ctr_def) def;
	struct err err = { 0 };
	int64_t bytes;
	ctr_def_init(&def);
	int r = kinds[data[0] % ARRAY_LEN(kinds)](&def, text, &err);

	fuzz_told(r, &err);
	err_clear(&err);
	r = values_size("invalid value", text, &bytes, &err);
	fuzz_told(r, &err);
	return 0;
}
