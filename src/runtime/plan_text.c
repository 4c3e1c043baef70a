/* The text form: one operation a line, numbers in the table's order, texts quoted, lists in brackets. Environment and words
 * are told whole: it is a debugging aid of the person who typed them. */
#include "runtime/plan_build.h"
#include "wire/plan_words.h"

#include <stdio.h>

static const char *const flag_names[] = {
	"recursive", "attr-recursive", "file", "copy-up", "no-links", "or-bind", "volatile", "userxattr", "default", "console-link",
	"replace-link", "copy-mode", "give", "keep-keys",
};

static void add_quoted(struct str *out, const char *text)
{
	str_add_char(out, '"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		if (c == '"' || c == '\\')
			str_addf(out, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			str_addf(out, "\\x%02x", c);
		else
			str_add_char(out, (char)c);
	}
	str_add_char(out, '"');
}

static void add_ref(struct str *out, const struct plan_header *plan, struct plan_ref ref, unsigned kind)
{
	switch (kind & ~(unsigned)PLAN_REF_OPT) {
	case PLAN_REF_LIST:
	case PLAN_REF_PATHS:
		str_add(out, " [");
		for (const char *at = NULL; (at = plan_list_next(plan, ref, at));) {
			str_add(out, out->data[out->len - 1] == '[' ? "" : " ");
			add_quoted(out, at);
		}
		str_add(out, "]");
		return;
	case PLAN_REF_GROUPS:
		str_add(out, " [");
		for (uint32_t i = 0; i < ref.length / 4; i++)
			str_addf(out, "%s%u", i ? " " : "", ((const uint32_t *)plan_bytes(plan, ref))[i]);
		str_add(out, "]");
		return;
	case PLAN_REF_FILTER:
		str_addf(out, " <%u instructions>", ref.length / 8);
		return;
	default:
		str_add(out, " ");
		add_quoted(out, ref.length ? plan_text(plan, ref) : "");
	}
}

static bool prints_hex(enum plan_code code)
{
	return code == PLAN_BOUNDING || code == PLAN_CAPS || code == PLAN_MOUNT || code == PLAN_BIND || code == PLAN_ENTER ||
	       code == PLAN_PROPAGATION || code == PLAN_ROOT_DIR;
}

static void add_number(struct str *out, const struct plan_op *op, unsigned i)
{
	if (op->code == PLAN_OOM_SCORE)
		str_addf(out, " %lld", (long long)op->num[i]);
	else if (op->code == PLAN_UMASK || (op->code == PLAN_DEVICE && i == 0))
		str_addf(out, " 0%llo", (unsigned long long)op->num[i]);
	else
		str_addf(out, prints_hex(op->code) ? " 0x%llx" : " %llu", (unsigned long long)op->num[i]);
}

char *plan_text_dup(const struct str *bytes)
{
	const struct plan_header *plan = (const struct plan_header *)bytes->data;
	auto_str out = { 0 };
	str_addf(&out, "plan version=%u stdio=%u preserve-fds=%u\n", plan->version, plan->stdio_fds, plan->preserve_fds);
	for (uint32_t i = 0; i < plan->op_count; i++) {
		const struct plan_op *op = &plan_ops(plan)[i];
		const struct plan_row *row = &plan_rows[op->code];
		str_add(&out, plan_names[op->code]);
		for (unsigned ref = 0; ref < PLAN_REFS; ref++)
			if (row->refs[ref] != PLAN_REF_NONE)
				add_ref(&out, plan, op->ref[ref], row->refs[ref]);
		for (unsigned n = 0; n < row->numbers; n++)
			add_number(&out, op, n);
		for (unsigned f = 0; f < ARRAY_LEN(flag_names); f++)
			if (op->flags & (1 << f))
				str_addf(&out, " %s", flag_names[f]);
		str_add(&out, "\n");
	}
	return str_take(&out);
}
