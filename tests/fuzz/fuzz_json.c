/* JSON: what is taken can be written, and read again as the same. */
#include "codec/json_out.h"
#include "codec/json_parse.h"

#include "base/limits.h"
#include "base/str.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_ptr(json) value = NULL;
	auto_ptr(json) again = NULL;
	auto_str text = { 0 };
	auto_str text_again = { 0 };
	struct err err = { 0 };
	int r = json_parse((const char *)data, size, LIMIT_JSON_DEPTH_OUTSIDE, 0, &value, &err);

	fuzz_told(r, &err);
	if (r < 0)
		return 0;
	json_write(&text, value, &json_style_compact);
	if (json_parse(text.data, text.len, LIMIT_JSON_DEPTH_OUTSIDE, 0, &again, &err) < 0)
		abort();
	json_write(&text_again, again, &json_style_compact);
	if (strcmp(str_text(&text), str_text(&text_again)) != 0)
		abort();
	return 0;
}
