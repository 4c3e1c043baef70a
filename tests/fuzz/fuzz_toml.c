/* TOML: what is taken is a table that can be written as JSON, with the lines of its keys. */
#include "codec/toml.h"

#include "base/str.h"
#include "codec/json_out.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_ptr(json) table = NULL;
	auto_ptr(json) lines = NULL;
	auto_str text = { 0 };
	struct err err = { 0 };
	int r = toml_parse_lines((const char *)data, size, &table, &lines, &err);

	fuzz_told(r, &err);
	if (r < 0 ? table || lines : json_kind(table) != JSON_OBJECT)
		abort();
	if (r >= 0)
		json_write(&text, table, &json_style_compact);
	return 0;
}
