/* YAML: what is taken is within its bounds and can be written as JSON; what is not is told. */
#include "codec/json_out.h"
#include "codec/yaml.h"
#include "base/str.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_ptr(json) docs = NULL;
	auto_str out = { 0 };
	struct err err = { 0 };
	int r = yaml_parse_all((const char *)data, size, &docs, &err);

	if ((r < 0) != (err.kind != ERR_NONE))
		abort();
	if (r == 0)
		json_write(&out, docs, &json_style_compact);
	return 0;
}
