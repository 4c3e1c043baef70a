#include "base/file.h"
#include "base/limits.h"
#include "codec/json_out.h"
#include "codec/json_parse.h"
#include "storage/store_priv.h"

int store_record_write(int dir_fd, const char *file, const struct json *record, bool durable, struct err *err)
{
	auto_str text = { 0 };
	json_write(&text, record, &json_style_compact);
	str_add_char(&text, '\n');
	int rc = file_write(dir_fd, file, 0600, text.data, text.len, FILE_SOLE | (durable ? FILE_DURABLE : 0));
	return rc < 0 ? err_sys(err, -rc, "cannot write the record '%s'", file) : 0;
}

int store_record_create(int dir_fd, const char *file, const struct json *record, struct err *err)
{
	auto_str text = { 0 };
	json_write(&text, record, &json_style_compact);
	str_add_char(&text, '\n');
	int rc = file_create(dir_fd, file, 0600, text.data, text.len, 0);
	return rc < 0 ? err_sys(err, -rc, "cannot write the record '%s'", file) : 0;
}

int store_record_read(int dir_fd, const char *file, struct json **ret, struct err *err)
{
	auto_free char *data = NULL;
	size_t len;
	struct err why = { 0 };
	int rc = file_read(dir_fd, file, LIMIT_RECORD_BYTES, &data, &len);
	if (rc < 0)
		return err_set(err, ERR_CORRUPT, "the record '%s' cannot be read: %s", file, err_reason(-rc));
	if (json_parse_object(data, len, LIMIT_JSON_DEPTH, JSON_PARSE_UNIQUE, ret, &why) < 0)
		return err_set(err, ERR_CORRUPT, "the record '%s' is damaged: %s", file, why.text);
	return 0;
}
