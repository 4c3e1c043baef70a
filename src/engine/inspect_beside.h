/* inspect_beside.h - members that a template may ask of what inspect shows, though JSON leaves them out: other words for a
 * member, and what has the value of nothing. A row each.
 */
#pragma once

#include <stddef.h>

struct json;

enum beside_kind { BESIDE_NULL, BESIDE_TEXT, BESIDE_FALSE, BESIDE_ZERO, BESIDE_LIST, BESIDE_SAME, BESIDE_PART };
struct beside_row {
	const char *object; /* a member of the tree, or NULL: the tree */
	const char *name;
	enum beside_kind kind;
	const char *of; /* SAME: the member it is another word for; PART: the members, between commas, that it has too */
};
/* What the tree has already stays. */
void inspect_beside(struct json *tree, const struct beside_row *rows, size_t count);
