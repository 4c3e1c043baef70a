/* CDI specifications, as JSON and as YAML: what is refused is told. */
#include "config/conf_cdi.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int yaml = 0; yaml <= 1; yaml++) {
		struct err err = { 0 };
		fuzz_told(conf_cdi_parse((const char *)data, size, yaml, &err), &err);
	}
	return 0;
}
