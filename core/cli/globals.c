/* SPDX-License-Identifier: ISC */
/* The options of every applet; they act as soon as they are read. */
#include "cli/cli.h"
#include "base/log.h"
#include "cli/rows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Another process, with another working directory, has to find it too. */
static int
set_root(void *member, const char *value, struct arena *a, struct err *e)
{
	AUTO(free) char *cwd = NULL;

	if (!*value)
		return fail(e, EINVAL, "the directory's name is empty");
	if (*value != '/') {
		cwd = getcwd(NULL, 0);
		if (!cwd)
			return fail_sys(e, "the working directory");
		value = arena_format(a, "%s/%s", cwd, value);
	}
	setenv("MYDOCKER_ROOT", value, 1);
	*(char **)member = arena_text(a, value);
	return 0;
}

static int
set_level(void *member, const char *value, struct arena *a, struct err *e)
{
	int level = log_level_named(value);

	if (level < 0)
		return fail(e, EINVAL, "'%s' is not a level: "
		            "error, warn, info or debug", value);
	log_set((enum log_level)level, log_is_json(), STDERR_FILENO);
	*(char **)member = arena_text(a, value);
	return 0;
}

static int
set_format(void *member, const char *value, struct arena *a, struct err *e)
{
	bool json = strcmp(value, "json") == 0;

	if (!json && strcmp(value, "text") != 0)
		return fail(e, EINVAL, "'%s' is neither text nor json", value);
	log_set(log_level(), json, STDERR_FILENO);
	*(char **)member = arena_text(a, value);
	return 0;
}

static int
set_debug(void *member, const char *value, struct arena *a, struct err *e)
{
	if (opt_flag(member, value, a, e) < 0)
		return -1;
	if (*(bool *)member)
		log_set(LOG_DEBUG, log_is_json(), STDERR_FILENO);
	return 0;
}

#undef OPT_STRUCT
#define OPT_STRUCT struct globals

const struct opt cli_globals[] = {
	{ 0, "root", "DIR", VALUE(set_root, char *, root),
	  "keep everything in DIR, not in /var/lib/mydocker" },
	{ 0, "log-level", "error|warn|info|debug",
	  VALUE(set_level, char *, level), "how much is told on standard error" },
	{ 0, "log-format", "text|json", VALUE(set_format, char *, format),
	  "write log lines and errors as text or as JSON" },
	{ 'D', "debug", NULL, VALUE(set_debug, bool, debug), NULL },
	{ 'h', "help", NULL, FLAG(help), "print this help" },
	OPT_END
};
