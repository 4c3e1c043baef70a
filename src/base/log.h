/* log.h - what the program says about itself on stderr, by level; data never goes through here.
 * Shape:  one line each; "time=\"…\" level=warning msg=\"…\"" as Podman's logrus prints on a pipe, "WARN[0000] …" on a terminal.
 */
#pragma once

enum log_level { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_FATAL, LOG_PANIC };

void log_set_level(enum log_level level);
/* 0, or -EINVAL; accepts Podman's words, any case. */
int log_level_parse(const char *text, enum log_level *ret);
enum log_level log_level_get(void);
void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_debug(...) (log_level_get() <= LOG_DEBUG ? log_line(LOG_DEBUG, __VA_ARGS__) : (void)0)
#define log_info(...) (log_level_get() <= LOG_INFO ? log_line(LOG_INFO, __VA_ARGS__) : (void)0)
#define log_warn(...) log_line(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
