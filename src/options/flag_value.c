/* flag_value.c - see flag_value.h */
#include "options/flag_value.h"

#include "base/num.h"
#include "base/str.h"
#include "options/flag_number.h"

#include <errno.h>

/* as Go's %q prints what people type */
static char *quote_dup(const char *text)
{
	auto_str out = { 0 };
	for (const char *p = text; *p; p++) {
		if (*p == '"' || *p == '\\')
			str_add_char(&out, '\\');
		if (*p == '\n')
			str_add(&out, "\\n");
		else if (*p == '\t')
			str_add(&out, "\\t");
		else
			str_add_char(&out, *p);
	}
	return str_take(&out);
}

/* invalid argument "x" for "-n, --last" flag: … */
static int refuse(const struct flag *flag, const char *raw, const char *why, struct err *err)
{
	auto_free char *value = quote_dup(raw);
	if (flag->letter)
		return err_set(err, ERR_USAGE, "invalid argument \"%s\" for \"-%c, --%s\" flag: %s", value, flag->letter,
			       flag->name, why);
	return err_set(err, ERR_USAGE, "invalid argument \"%s\" for \"--%s\" flag: %s", value, flag->name, why);
}

/* Go's strconv, whose function and reason are part of the sentence people see */
static int refuse_number(const struct flag *flag, const char *value, const char *function, int rc, struct err *err)
{
	auto_free char *why = mem_printf("strconv.%s: parsing \"%s\": %s", function, value,
					 rc == -ERANGE ? "value out of range" : "invalid syntax");
	return refuse(flag, value, why, err);
}

static int refuse_choice(const struct flag *flag, const char *value, struct err *err)
{
	auto_str why = { 0 };
	str_addf(&why, "\"%s\" is not a valid value.  Choose from: \"", value);
	for (size_t i = 0; flag->choices[i]; i++)
		str_addf(&why, "%s%s", i ? ", " : "", flag->choices[i]);
	str_add_char(&why, '"');
	return refuse(flag, value, str_text(&why), err);
}

static int64_t int_max(const struct flag *flag)
{
	return flag->size == sizeof(int) ? INT32_MAX : INT64_MAX;
}

static uint64_t uint_max(const struct flag *flag)
{
	return flag->size == sizeof(uint32_t) ? UINT32_MAX : UINT64_MAX;
}

static int check_slice(const struct flag *flag, const char *value, struct err *err)
{
	auto_strv items = NULL;
	struct err why = { 0 };
	return flag_split_csv(value, &items, &why) < 0 ? refuse(flag, value, why.text, err) : 0;
}

static int check_uints(const struct flag *flag, const char *value, struct err *err)
{
	auto_strv items = strv_split(value, ',');
	uint64_t number;
	for (char **item = items; item && *item; item++) {
		int rc = flag_number_u64(*item, UINT64_MAX, &number);
		if (rc < 0)
			return refuse_number(flag, *item, "ParseUint", rc, err);
	}
	return 0;
}

int flag_value_check(const struct flag *flag, const char *value, struct err *err)
{
	int64_t i;
	uint64_t u;
	double d;
	int rc;
	switch (flag->kind) {
	case FLAG_STRING:
	case FLAG_ARRAY:
		return 0;
	case FLAG_BOOL:
		rc = num_bool(value);
		return rc < 0 ? refuse_number(flag, value, "ParseBool", rc, err) : 0;
	case FLAG_SLICE:
		return check_slice(flag, value, err);
	case FLAG_INT:
		rc = flag_number_i64(value, -int_max(flag) - 1, int_max(flag), &i);
		return rc < 0 ? refuse_number(flag, value, "ParseInt", rc, err) : 0;
	case FLAG_UINT:
		rc = flag_number_u64(value, uint_max(flag), &u);
		return rc < 0 ? refuse_number(flag, value, "ParseUint", rc, err) : 0;
	case FLAG_FLOAT:
		rc = num_double(value, &d);
		return rc < 0 ? refuse_number(flag, value, "ParseFloat", rc, err) : 0;
	case FLAG_CHOICE:
		return str_index(flag->choices, value) < 0 ? refuse_choice(flag, value, err) : 0;
	case FLAG_UINTS:
		return check_uints(flag, value, err);
	case FLAG_KIND_COUNT:
		break;
	}
	return err_set(err, ERR_INTERNAL, "flag --%s has no kind", flag->name);
}

static void replace(char **field, const char *value)
{
	free(*field);
	*field = mem_strdup(value);
}

static int store_int(const struct flag *flag, void *field, const char *value, struct err *err)
{
	int64_t i;
	if (flag_number_i64(value, -int_max(flag) - 1, int_max(flag), &i) < 0)
		return refuse_number(flag, value, "ParseInt", -EINVAL, err);
	if (flag->size == sizeof(int))
		*(int *)field = (int)i;
	else
		*(int64_t *)field = i;
	return 0;
}

static int store_uint(const struct flag *flag, void *field, const char *value, struct err *err)
{
	uint64_t u;
	if (flag_number_u64(value, uint_max(flag), &u) < 0)
		return refuse_number(flag, value, "ParseUint", -EINVAL, err);
	if (flag->size == sizeof(uint32_t))
		*(uint32_t *)field = (uint32_t)u;
	else
		*(uint64_t *)field = u;
	return 0;
}

static int store_slice(const struct flag *flag, void *base, char ***field, const char *value, struct err *err)
{
	auto_strv items = NULL;
	if (flag_split_csv(value, &items, err) < 0)
		return -1;
	for (char **item = items; item && *item; item++) {
		if (!flag->set)
			strv_add(field, *item);
		else if (flag->set(flag, base, *item, err) < 0)
			return -1;
	}
	return 0;
}

int flag_value_store(const struct flag *flag, void *base, const char *value, struct err *err)
{
	void *field = (char *)base + flag->offset;
	if (flag->kind == FLAG_SLICE && (flag->set || flag->size))
		return store_slice(flag, base, field, value, err);
	if (flag->set)
		return flag->set(flag, base, value, err);
	if (!flag->size)
		return 0;
	switch (flag->kind) {
	case FLAG_STRING:
	case FLAG_CHOICE:
		replace(field, value);
		return 0;
	case FLAG_ARRAY:
		strv_add(field, value);
		return 0;
	case FLAG_UINTS: {
		auto_strv items = strv_split(value, ',');
		strv_extend(field, items);
		return 0;
	}
	case FLAG_BOOL:
		*(bool *)field = num_bool(value) == 1;
		return 0;
	case FLAG_INT:
		return store_int(flag, field, value, err);
	case FLAG_UINT:
		return store_uint(flag, field, value, err);
	case FLAG_FLOAT:
		return num_double(value, field) < 0 ? refuse_number(flag, value, "ParseFloat", -EINVAL, err) : 0;
	case FLAG_SLICE:
	case FLAG_KIND_COUNT:
		break;
	}
	return err_set(err, ERR_INTERNAL, "flag --%s cannot be stored", flag->name);
}

void flag_value_free(const struct flag *flag, void *base)
{
	void *field = (char *)base + flag->offset;
	if (!flag->size)
		return;
	if (flag->kind == FLAG_STRING || flag->kind == FLAG_CHOICE) {
		free(*(char **)field);
		*(char **)field = NULL;
	} else if (flag->kind == FLAG_ARRAY || flag->kind == FLAG_SLICE || flag->kind == FLAG_UINTS) {
		strv_free(*(char ***)field);
		*(char ***)field = NULL;
	}
}
