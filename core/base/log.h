/* SPDX-License-Identifier: ISC */
/* Narration for whoever asks with --log-level: one line on stderr. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/*
 * Choose what is written, where, and how. The default is warnings and errors,
 * as text, on fd 2.
 *
 * json  a line is {"level":"info","msg":"…","time":"RFC 3339"}, else it is
 *       "mydocker: …", and "mydocker: warning: …" at that level
 * fd    stays the caller's
 */
void log_set(enum log_level most, bool json, int fd);

/* What log_set was told, for handing it on to another process. */
enum log_level log_level(void);
bool log_is_json(void);
int log_fd(void);

/* The level called `name` (error warn info debug, also warning, fatal, panic,
 * trace), or -1. */
int log_level_named(const char *name);

/* The name of a level that log_level_named takes. */
const char *log_level_name(enum log_level level);

/*
 * Write one line if the level asks for it. Whatever could leave the line or
 * drive a terminal is escaped. It is one write(2), so that the lines of
 * several processes do not mix; errno stays as it was.
 */
void log_line(enum log_level level, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

#define log_error(...) log_line(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_line(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_line(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG, __VA_ARGS__)

#endif
