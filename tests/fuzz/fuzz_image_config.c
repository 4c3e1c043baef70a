/* An image's configuration: what is taken can be written, and read again with as many layers. */
#include "image/image_config.h"

#include "base/str.h"
#include "fuzz.h"
#include "image/ref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_val(image_config) config = { 0 };
	auto_val(image_config) again = { 0 };
	auto_str text = { 0 };
	struct err err = { 0 };
	int r = image_config_parse((const char *)data, size, &config, &err);

	fuzz_told(r, &err);
	if (r < 0)
		return 0;
	for (char **id = config.rootfs.diff_ids; id && *id; id++)
		if (!ref_digest_valid(*id))
			abort();
	image_config_write(&config, &text);
	if (image_config_parse(text.data, text.len, &again, &err) < 0 || strv_len(again.rootfs.diff_ids) != strv_len(config.rootfs.diff_ids))
		abort();
	return 0;
}
