/* SPDX-License-Identifier: ISC */
/* Log lines, as text or JSON; the one file of core that keeps a setting. */
#include "base/log.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	enum log_level most;
	bool json;
	int fd;
} setting = { LOG_WARN, false, STDERR_FILENO };

/* The first name of a level is the one that is written. */
static const struct name {
	const char *name;
	enum log_level level;
} names[] = {
	{ "error", LOG_ERROR },  { "warning", LOG_WARN }, { "info", LOG_INFO },
	{ "debug", LOG_DEBUG },  { "warn", LOG_WARN },    { "fatal", LOG_ERROR },
	{ "panic", LOG_ERROR },  { "trace", LOG_DEBUG },
};

void
log_set(enum log_level most, bool json, int fd)
{
	setting.most = most;
	setting.json = json;
	setting.fd = fd;
}

enum log_level
log_level(void)
{
	return setting.most;
}

bool
log_is_json(void)
{
	return setting.json;
}

int
log_fd(void)
{
	return setting.fd;
}

int
log_level_named(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i].name, name) == 0)
			return (int)names[i].level;
	return -1;
}

const char *
log_level_name(enum log_level level)
{
	return names[level].name;
}

static void
add_json(struct buf *line, enum log_level level, const char *said)
{
	struct timespec now;
	struct tm utc;
	char text[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	buf_format(line, "{\"level\":\"%s\",\"msg\":", log_level_name(level));
	json_quote(line, said);
	buf_format(line, ",\"time\":\"%s.%03ldZ\"}", text,
	           now.tv_nsec / 1000000);
}

static void
add_text(struct buf *line, enum log_level level, const char *said)
{
	buf_text(line, level == LOG_WARN ? "mydocker: warning: "
	                                 : "mydocker: ");
	text_escape(line, said);
}

void
log_line(enum log_level level, const char *format, ...)
{
	AUTO(buf) struct buf line = { 0 };
	AUTO(free) char *said = NULL;
	int kept = errno;
	va_list args;

	if (level > setting.most)
		return;
	va_start(args, format);
	if (vasprintf(&said, format, args) < 0)
		said = NULL;
	va_end(args);
	(setting.json ? add_json : add_text)(&line, level, said ? said : "");
	buf_text(&line, "\n");
	/* nowhere is left to report that a log line was lost */
	if (write(setting.fd, line.data, line.n) < 0)
		errno = 0;
	errno = kept;
}
