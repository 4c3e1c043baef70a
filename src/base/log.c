/* log.c - see log.h */
#include "base/log.h"

#include "base/mem.h"
#include "base/ntime.h"
#include "base/str.h"

#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

static enum log_level current = LOG_WARN;

static const struct {
	const char *word;
	const char *tag;
} levels[] = {
	[LOG_TRACE] = { "trace", "TRAC" }, [LOG_DEBUG] = { "debug", "DEBU" }, [LOG_INFO] = { "info", "INFO" },
	[LOG_WARN] = { "warning", "WARN" }, [LOG_ERROR] = { "error", "ERRO" }, [LOG_FATAL] = { "fatal", "FATA" },
	[LOG_PANIC] = { "panic", "PANI" },
};

void log_set_level(enum log_level level)
{
	current = level;
}

enum log_level log_level_get(void)
{
	return current;
}

int log_level_parse(const char *text, enum log_level *ret)
{
	if (strcasecmp(text, "warn") == 0)
		text = "warning";
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (strcasecmp(text, levels[i].word) == 0) {
			*ret = (enum log_level)i;
			return 0;
		}
	return -EINVAL;
}

void log_line(enum log_level level, const char *fmt, ...)
{
	auto_str text = { 0 };
	auto_str line = { 0 };
	va_list ap;

	if (level < current)
		return;
	va_start(ap, fmt);
	str_addv(&text, fmt, ap);
	va_end(ap);
	if (isatty(STDERR_FILENO)) {
		str_addf(&line, "%s[0000] %s\n", levels[level].tag, str_text(&text));
	} else {
		str_addf(&line, "time=\"%s\" level=%s msg=\"", ntime_rfc3339_local(ntime_now() / NS_PER_S * NS_PER_S).text,
			 levels[level].word);
		for (const char *p = str_text(&text); *p; p++) {
			if (*p == '"' || *p == '\\')
				str_add_char(&line, '\\');
			if (*p == '\n')
				str_add(&line, "\\n");
			else
				str_add_char(&line, *p);
		}
		str_add(&line, "\"\n");
	}
	if (write(STDERR_FILENO, line.data, line.len) < 0)
		return; /* nobody to tell */
}
