/* SPDX-License-Identifier: ISC */
/* syslog: lines for a server here or elsewhere, in old formats and new. */
#include "logs/parts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* By number; 12 to 15 have no name (RFC 3164, 4.1.1). */
static const char *const facilities[] = {
	"kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news",
	"uucp", "cron", "authpriv", "ftp", "12", "13", "14", "15",
	"local0", "local1", "local2", "local3", "local4", "local5", "local6",
	"local7",
};

static int
facility_number(const char *name)
{
	char *end;
	unsigned long n = strtoul(name, &end, 10);
	size_t all = sizeof(facilities) / sizeof(*facilities);

	if (*name >= '0' && *name <= '9' && !*end && n < all)
		return (int)n;
	for (size_t i = 0; i < all; i++)
		if (strcmp(facilities[i], name) == 0)
			return (int)i;
	return -1;
}

static int
check_facility(const char *value, struct err *e)
{
	if (facility_number(value) < 0)
		return fail(e, EINVAL, "no facility is called '%s'", value);
	return 0;
}

static int
check_address(const char *value, struct err *e)
{
	struct logs_socket s = { .fd = -1 };

	return socket_parse(&s, value, e);
}

/* ---- formats ---- */

/* The clock that a person here reads; months have the names of the C locale. */
static void
put_time(char text[32])
{
	time_t now = time(NULL);
	struct tm parts;

	localtime_r(&now, &parts);
	strftime(text, 32, "%b %e %H:%M:%S", &parts);
}

/* What a program on this machine says (srslog's UnixFormatter). */
static int
put_local(const struct logs *l, int priority, char *to)
{
	char when[32];

	put_time(when);
	return sprintf(to, "<%d>%s %s[%d]: ", priority, when, l->tag,
	               getpid());
}

static int
put_3164(const struct logs *l, int priority, char *to)
{
	char when[32];

	put_time(when);
	return sprintf(to, "<%d>%s %s %s[%d]: ", priority, when, l->host,
	               l->tag, getpid());
}

/* "digits" of the fraction, which is cut off the stamp of the line. */
static int
put_new(const struct logs *l, int priority, int digits, char *to)
{
	return sprintf(to, "<%d>1 %.*sZ %s %s %d %s - ", priority,
	               digits ? 20 + digits : 19, l->stamp, l->host, l->tag,
	               getpid(), l->tag);
}

static int
put_5424(const struct logs *l, int priority, char *to)
{
	return put_new(l, priority, 0, to);
}

static int
put_5424_micro(const struct logs *l, int priority, char *to)
{
	return put_new(l, priority, 6, to);
}

static const struct format {
	const char *name;
	int (*put)(const struct logs *l, int priority, char *to);
} formats[] = {
	{ "", put_local }, { "rfc3164", put_3164 }, { "rfc5424", put_5424 },
	{ "rfc5424micro", put_5424_micro },
};

static int
format_number(const char *name)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int
check_format(const char *value, struct err *e)
{
	if (format_number(value) < 0)
		return fail(e, EINVAL, "'%s' is none of rfc3164, rfc5424,"
		            " rfc5424micro", value);
	return 0;
}

/* ---- opening ---- */

/* Where a server of this machine listens, if it does; datagrams or not. */
static int
open_local(struct logs *l, const struct logs_how *how, struct err *e)
{
	static const char *const paths[] = { "/dev/log", "/var/run/syslog",
	                                     "/var/run/log" };
	static const int types[] = { SOCK_DGRAM, SOCK_STREAM };
	struct err ignored = { 0 };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		for (size_t j = 0; j < sizeof(types) / sizeof(*types); j++) {
			struct err *why = i + j ? &ignored : e;

			if (socket_unix(&l->socket, paths[i], types[j],
			                why) == 0 &&
			    socket_open(&l->socket, how, why) == 0)
				return 0;
		}
	return fail_in(e, "no syslog server listens at /dev/log");
}

static int
open_syslog(struct logs *l, const struct logs_how *how, struct err *e)
{
	const char *address = options_get(how, "syslog-address");
	const char *tag = options_get(how, "tag");
	const char *facility = options_get(how, "syslog-facility");
	const char *format = options_get(how, "syslog-format");
	char host[256] = "";

	l->tag = tag_make(&l->arena, tag && *tag ? tag : "{{.ID}}", how);
	if (strlen(l->tag) > 1024)
		return fail(e, E2BIG, "the tag has more than 1024 bytes");
	l->facility = facility_number(facility ? facility : "daemon");
	l->format = format_number(format ? format : "");
	if (gethostname(host, sizeof(host) - 1) < 0 || !*host)
		strcpy(host, "localhost");
	l->host = arena_text(&l->arena, host);
	if (!address || !*address)
		return open_local(l, how, e);
	if (socket_parse(&l->socket, address, e) < 0)
		return -1;
	if (socket_open(&l->socket, how, e) < 0)
		return fail_in(e, "%s", address);
	return 0;
}

static int
send_line(struct logs *l, const struct logs_line *line)
{
	int severity = line->stream == LOGS_ERR ? 3 : 6;
	char *to = l->room;

	to += formats[l->format].put(l, l->facility * 8 + severity, to);
	memcpy(to, line->text, line->n);
	to += line->n;
	*to++ = '\n';
	return socket_send(&l->socket, l->room, (size_t)(to - l->room));
}

static const struct logs_option options[] = {
	{ "syslog-address", check_address },
	{ "syslog-facility", check_facility },
	{ "syslog-format", check_format }, OPTIONS_OF_ALL, { NULL, NULL }
};

const struct logs_driver syslog_driver = {
	.name    = "syslog",
	.options = options,
	.open    = open_syslog,
	.send    = send_line,
};
