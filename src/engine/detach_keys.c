#include "engine/detach_keys.h"

#include "base/str.h"

#include <errno.h>

static int parse_key(const char *word, char *ret)
{
	const char *ctrl = str_after(word, "ctrl-");
	if (!ctrl) {
		*ret = word[0];
		return word[0] && !word[1] ? 0 : -EINVAL;
	}
	if (!ctrl[0] || ctrl[1])
		return -EINVAL;
	if (ctrl[0] >= 'a' && ctrl[0] <= 'z')
		*ret = (char)(ctrl[0] - 'a' + 1);
	else if (ctrl[0] == '@')
		*ret = 0;
	else if (ctrl[0] >= '[' && ctrl[0] <= '_')
		*ret = (char)(ctrl[0] - '[' + 27);
	else
		return -EINVAL;
	return 0;
}

int detach_keys_parse(const char *text, struct detach_keys *ret)
{
	*ret = (struct detach_keys){ 0 };
	auto_strv words = strv_split(text, ',');
	for (char **word = words; word && *word; word++)
		if (ret->count == DETACH_KEYS_MAX || parse_key(*word, &ret->keys[ret->count++]) < 0)
			return -EINVAL;
	return 0;
}

long detach_keys_filter(struct detach_keys *k, const char *in, size_t len, char *out, size_t *ret_len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++) {
		if (k->count && in[i] == k->keys[k->matched]) {
			if (++k->matched == k->count) {
				*ret_len = n;
				return -1;
			}
			continue;
		}
		memcpy(out + n, k->keys, k->matched); /* a false start was input after all */
		n += k->matched;
		k->matched = 0;
		if (k->count && in[i] == k->keys[0])
			k->matched = 1;
		else
			out[n++] = in[i];
		if (k->matched && k->matched == k->count) {
			*ret_len = n;
			return -1;
		}
	}
	*ret_len = n;
	return (long)n;
}
