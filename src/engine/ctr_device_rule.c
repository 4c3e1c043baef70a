#include "engine/ctr_device_rule.h"

#include "base/num.h"
#include "base/str.h"

static int read_number(const char *text, int64_t *ret, struct err *err)
{
	uint64_t number;
	if (!text || strcmp(text, "*") == 0)
		return 0;
	if (num_u64(text, UINT32_MAX, &number) < 0)
		return err_set(err, ERR_USAGE, "invalid device number \"%s\": a number, or * for all", text);
	*ret = (int64_t)number;
	return 0;
}

/* COMPAT: the sentences */
int ctr_device_rule_read(const char *text, struct spec_device_rule *ret, struct err *err)
{
	struct spec_device_rule rule = { .allow = true, .major = -1, .minor = -1 };
	auto_strv words = strv_split(text, ' ');
	if (strv_len(words) != 3)
		return err_set(err, ERR_USAGE, "invalid device cgroup rule requires type, major:Minor, and access rules: \"%s\"", text);
	if (!*words[0] || words[0][1] || !strchr("abc", *words[0]))
		return err_set(err, ERR_USAGE, "invalid device type in device-access-add: %s", words[0]);
	rule.type = *words[0];
	auto_strv numbers = strv_split(words[1], ':');
	if (strv_len(numbers) > 2 || read_number(numbers[0], &rule.major, err) < 0 || read_number(numbers[1], &rule.minor, err) < 0)
		return err->kind ? -1 : err_set(err, ERR_USAGE, "invalid device numbers \"%s\": MAJOR:MINOR is expected", words[1]);
	if (!*words[2] || words[2][strspn(words[2], "rwm")])
		return err_set(err, ERR_USAGE, "invalid device access in device-access-add: %s", words[2]);
	size_t used = 0;
	for (const char *c = "rwm"; *c; c++)
		if (strchr(words[2], *c))
			rule.access[used++] = *c;
	*ret = rule;
	return 0;
}
