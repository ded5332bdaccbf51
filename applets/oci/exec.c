/* SPDX-License-Identifier: ISC */
/* oci exec: run one more process in a container. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	struct oci_exec exec;
} args;

static const struct opt options[] = {
	{ 'g', "additional-gids", "GID", LIST(exec.groups), "be in this group, too" },
	{ 0, "apparmor", "PROFILE", TEXT(exec.apparmor), "the AppArmor profile" },
	{ 'c', "cap", "CAPABILITY", LIST(exec.caps), "have this capability, too" },
	{ 0, "cgroup", "[CONTROLLER,...:]PATH", LIST(exec.cgroups),
	  "run in this group below the container's" },
	{ 0, "console-socket", "PATH", TEXT(exec.how.console_socket),
	  "send the terminal over this socket" },
	{ 0, "cwd", "DIR", TEXT(exec.cwd), "start in this directory of the container" },
	{ 'd', "detach", NULL, FLAG(exec.how.detach), "do not wait for its end" },
	{ 'e', "env", "NAME=VALUE", LIST(exec.env), "set an environment variable" },
	{ 0, "ignore-paused", NULL, FLAG(exec.ignore_paused),
	  "start it in a paused container, too, where it waits" },
	{ 0, "no-new-privs", NULL, FLAG(exec.no_new_privs), "gain no privileges by execve" },
	{ 0, "pid-file", "FILE", TEXT(exec.how.pid_file), "write the process's pid to FILE" },
	{ 0, "pidfd-socket", "PATH", TEXT(exec.how.pidfd_socket), "send a pidfd over this socket" },
	{ 0, "preserve-fds", "N", NUMBER(exec.how.preserve), "keep N more descriptors, from 3 up" },
	{ 'p', "process", "FILE", TEXT(exec.process), "all about it is in FILE, as JSON" },
	{ 0, "process-label", "LABEL", TEXT(exec.label), "the SELinux label" },
	{ 't', "tty", NULL, FLAG(exec.tty), "give it a terminal" },
	{ 'u', "user", "UID[:GID]", TEXT(exec.user), "run as this user" },
	OPT_END
};

static int
run(char **words, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;

	if (oci_begin(&args.globals, &args.exec.how.preserve, e) < 0 ||
	    oci_open(&c, &args.globals, words[0], e) < 0)
		return -1;
	return oci_exec(&c, &args.exec, words + 1, e);
}

APPLET(oci, exec,
	.args    = "ID [COMMAND] [ARG...]",
	.what    = "run one more process in a container",
	.options = options, .into = &args, .stops = true,
	.before  = oci_options, .before_into = &args.globals, .failure = 255,
	.run     = run);
