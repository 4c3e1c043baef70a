/* --format: a template is refused with a sentence, or runs to an end, whatever it is given. */
#include "codec/template.h"

#include "base/limits.h"
#include "base/str.h"
#include "codec/json_parse.h"
#include "fuzz.h"

static const char dot[] = "{\"Name\":\"a\",\"Size\":12,\"List\":[1,2,{\"X\":\"y\"}],\"Map\":{\"k\":\"v\"},\"Time\":\"2026-01-01T00:00:00Z\",\"No\":null}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_free char *text = fuzz_text(data, size);
	auto_ptr(template) template = NULL;
	auto_ptr(json) value = NULL;
	auto_str out = { 0 };
	struct err err = { 0 };
	int r = template_parse("ps", text, &template, &err);

	fuzz_told(r, &err);
	if (r < 0)
		return 0;
	if (json_parse(dot, strlen(dot), LIMIT_JSON_DEPTH_OUTSIDE, 0, &value, &err) < 0)
		abort();
	r = template_run(template, value, &out, &err);
	fuzz_told(r, &err);
	return 0;
}
