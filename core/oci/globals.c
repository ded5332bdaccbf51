/* SPDX-License-Identifier: ISC */
/* The options before the verb. */
#include "base/log.h"
#include "oci/box.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#undef OPT_STRUCT
#define OPT_STRUCT struct oci_globals

const struct opt oci_options[] = {
	{ 0, "cgroup-manager", "cgroupfs|systemd|disabled", TEXT(manager),
	  "who makes cgroups" },
	{ 0, "debug", NULL, FLAG(debug), "write more to the log" },
	{ 0, "log", "FILE", TEXT(log), "append the log to FILE" },
	{ 0, "log-format", "text|json", TEXT(format), "write the log as text or as JSON" },
	{ 0, "root", "DIR", TEXT(root), "keep state in DIR, not in /run/mydocker/oci" },
	{ 0, "rootless", "true|false|auto", TEXT(rootless),
	  "do without cgroups that are not ours to make" },
	{ 0, "systemd-cgroup", NULL, FLAG(systemd), "let systemd make cgroups" },
	OPT_END
};

#undef OPT_STRUCT
#define OPT_STRUCT struct oci_how

const struct opt oci_how_options[] = {
	{ 'b', "bundle", "DIR", TEXT(bundle), "the bundle, instead of the working directory" },
	{ 'f', "config", "FILE", TEXT(config), "read FILE, not the bundle's config.json" },
	{ 0, "console-socket", "PATH", TEXT(console_socket),
	  "send the terminal over this socket" },
	{ 0, "no-new-keyring", NULL, FLAG(no_new_keyring), "stay in the session's keyring" },
	{ 0, "no-pivot", NULL, FLAG(no_pivot), "move the root's mount instead of pivot_root" },
	{ 0, "pid-file", "FILE", TEXT(pid_file), "write the process's pid to FILE" },
	{ 0, "pidfd-socket", "PATH", TEXT(pidfd_socket), "send a pidfd over this socket" },
	{ 0, "preserve-fds", "N", NUMBER(preserve), "keep N more descriptors, from 3 up" },
	OPT_END
};

static int
check_word(const char *option, const char *word, const char *const *choice,
           struct err *e)
{
	if (!word)
		return 0;
	for (; *choice; choice++)
		if (strcmp(word, *choice) == 0)
			return 0;
	return fail(e, EINVAL, "%s: '%s' is not a choice", option, word);
}

static int
check(const struct oci_globals *g, struct err *e)
{
	static const char *const formats[] = { "text", "json", NULL };
	static const char *const managers[] = { "cgroupfs", "systemd",
	                                        "disabled", NULL };
	static const char *const rootless[] = { "true", "false", "auto", NULL };

	if (check_word("--log-format", g->format, formats, e) < 0 ||
	    check_word("--cgroup-manager", g->manager, managers, e) < 0)
		return -1;
	return check_word("--rootless", g->rootless, rootless, e);
}

/* crun's words for where it goes; a file is all that there is here. */
static int
log_file(const char *log, const char **file, struct err *e)
{
	static const char prefix[] = "file:";
	static const char *const others[] = { "journald:", "syslog:" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strncmp(log, others[i], strlen(others[i])) == 0)
			return fail(e, ENOTSUP, "--log: '%s': only to a file",
			            log);
	*file = log;
	if (strncmp(log, prefix, sizeof(prefix) - 1) == 0)
		*file += sizeof(prefix) - 1;
	return 0;
}

/* The descriptor stays open as long as we live. */
static int
open_log(const struct oci_globals *g, struct err *e)
{
	bool json = g->format && strcmp(g->format, "json") == 0;
	int fd = STDERR_FILENO;
	const char *file = NULL;

	if (g->log && *g->log) {
		if (log_file(g->log, &file, e) < 0)
			return -1;
		fd = open(file, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY |
		          O_CLOEXEC, 0644);
		if (fd < 0)
			return fail_sys(e, "--log: '%s'", file);
	}
	log_set(g->debug ? LOG_DEBUG : log_level(), json, fd);
	return 0;
}

int
oci_begin(const struct oci_globals *g, const struct number *keep,
          struct err *e)
{
	int kept = hand_check_kept(keep, e);

	return check(g, e) < 0 || open_log(g, e) < 0 ? -1 : kept;
}

const char *
oci_version(void)
{
	return "1.3.0";
}
