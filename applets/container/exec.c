/* SPDX-License-Identifier: ISC */
/* exec: run one more command in a running container. */
#include "cli/cli.h"
#include "container/container.h"
#include "monitor/monitor.h"
#include "specgen/specgen.h"

#include <errno.h>

static struct args {
	bool interactive, tty, privileged, detach;
	char *user, *workdir, *detach_keys;
	struct words env, env_file;
} args;

static const struct opt options[] = {
	{ 'd', "detach", NULL, FLAG(detach), "leave it running, and do not wait" },
	{ 0, "detach-keys", "KEYS", TEXT(detach_keys),
	  "the keys that detach, ctrl-p,ctrl-q if not given" },
	{ 'e', "env", "NAME[=VALUE]", LIST(env), "set an environment variable" },
	{ 0, "env-file", "FILE", LIST(env_file), "read environment variables from FILE" },
	{ 'i', "interactive", NULL, FLAG(interactive), "pass stdin on to the command" },
	{ 0, "privileged", NULL, FLAG(privileged), "give the command all capabilities" },
	{ 't', "tty", NULL, FLAG(tty), "give the command a terminal" },
	{ 'u', "user", "USER[:GROUP]", TEXT(user), "run as this user, by name or number" },
	{ 'w', "workdir", "DIR", TEXT(workdir), "start in this directory of the container" },
	OPT_END
};

/* The container's spec, with the process that is to run instead. */
static int
prepare(struct container *c, char **command, struct arena *a, struct err *e)
{
	struct specgen_exec flags = {
		.tty = args.tty,
		.privileged = args.privileged,
		.user = args.user,
		.rootfs = arena_format(a, "/proc/%d/root",
		                       (int)c->record.pid.value),
		.workdir = args.workdir,
		.env = args.env,
		.env_file = args.env_file,
	};
	struct host host;

	if (container_load_spec(c, e) < 0 || container_host(&host, a, e) < 0)
		return -1;
	return specgen_exec(&c->spec, &flags, command, &host, e);
}

/* The descriptor is only to know that it runs, as long as we look. */
static int
open_running(struct container *c, const char *name, int *pidfd, struct err *e)
{
	if (container_open(c, name, e) < 0 || container_pidfd(c, pidfd, e) < 0)
		return -1;
	return container_state(c) == CONTAINER_PAUSED
	       ? fail(e, EBUSY, "container '%s' is paused", c->record.name)
	       : 0;
}

static int
run(char **words, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int pidfd = -1;
	struct attach how = {
		.tty = args.tty, .detached = args.detach,
		.interactive = args.interactive && !args.detach,
		.direct = !args.detach,
	};
	char keys[MONITOR_KEYS];
	int status;

	if (monitor_keys(args.detach_keys, keys, e) < 0)
		return fail_in(e, "--detach-keys");
	how.detach = keys;
	if (monitor_check(&how, e) < 0)
		return -1;
	if (open_running(&c, words[0], &pidfd, e) < 0)
		return fail_status(e, STATUS_FAILED);
	if (prepare(&c, words + 1, &a, e) < 0)
		return -1;
	status = monitor_exec(&c, &c.spec, &how, e);
	if (status == ATTACH_DETACHED)
		return 0;
	if (status < 0 && e->status == STATUS_OURS)
		return fail_status(e, e->code == ENOENT
		                      ? STATUS_NOT_FOUND
		                      : STATUS_NOT_EXECUTABLE);
	return status;
}

APPLET(container, exec,
	.alias   = "exec",
	.args    = "CONTAINER COMMAND [ARG...]",
	.what    = "run a command in a running container",
	.options = options, .into = &args, .stops = true,
	.running = true,
	.run     = run);
