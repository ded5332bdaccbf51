/* SPDX-License-Identifier: ISC */
/* The first process of a machine: mounts, one command, its orphans, the end. */
#include "init/init.h"
#include "base/auto.h"
#include "base/log.h"
#include "sys/mountinfo.h"
#include "sys/netdev.h"
#include "sys/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { NOTHING = MS_NOSUID | MS_NODEV | MS_NOEXEC };

/*
 * What a machine has before anything runs, in this order: one lies in another.
 * An initramfs begins with none of it.
 */
static const struct place {
	const char *target, *type, *data;
	unsigned long flags;
} places[] = {
	{ "/proc",          "proc",     NULL,                          NOTHING },
	{ "/sys",           "sysfs",    NULL,                          NOTHING },
	{ "/dev",           "devtmpfs", "mode=755",                    MS_NOSUID },
	{ "/dev/pts",       "devpts",   "ptmxmode=666,mode=620,gid=5", MS_NOSUID | MS_NOEXEC },
	{ "/dev/shm",       "tmpfs",    "mode=1777",                   MS_NOSUID | MS_NODEV },
	{ "/run",           "tmpfs",    "mode=755",                    MS_NOSUID | MS_NODEV },
	{ "/sys/fs/cgroup", "cgroup2",  "nsdelegate",                  NOTHING },
};

/* devtmpfs has the devices, but not the links that programs expect. */
static const struct link {
	const char *to, *path;
} links[] = {
	{ "/proc/self/fd",   "/dev/fd" },
	{ "/proc/self/fd/0", "/dev/stdin" },
	{ "/proc/self/fd/1", "/dev/stdout" },
	{ "/proc/self/fd/2", "/dev/stderr" },
};

/* Somebody, the kernel perhaps, has mounted something there. */
static bool
is_mounted(const char *target)
{
	struct stat here, above;
	char parent[32];

	snprintf(parent, sizeof(parent), "%s/..", target);
	return stat(target, &here) == 0 && stat(parent, &above) == 0 &&
	       here.st_dev != above.st_dev;
}

/* A machine with less than all of it is still better than none. */
static void
mount_place(const struct place *p)
{
	(void)mkdir(p->target, 0755);
	if (!is_mounted(p->target) &&
	    mount(p->type, p->target, p->type, p->flags, p->data) < 0)
		log_warn("init: %s on %s: %s", p->type, p->target,
		         strerror(errno));
}

/*
 * The kernel gives its first process a console only if there was a /dev at
 * that time, and then it is one that ttyname(3) does not find in ours.
 */
static void
open_console(void)
{
	int fd = open("/dev/console", O_RDWR);

	if (fd < 0)
		return;
	for (int to = STDIN_FILENO; to <= STDERR_FILENO; to++)
		(void)dup2(fd, to);
	if (fd > STDERR_FILENO)
		close(fd);
}

static void
set_up(void)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		mount_place(&places[i]);
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		(void)symlink(links[i].to, links[i].path);
	open_console();
	if (netdev_raise_loopback() < 0)
		log_warn("init: loopback: %s", strerror(errno));
	/* The kernel sets HOME and TERM, but no PATH. */
	(void)setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:"
	             "/usr/bin:/sbin:/bin", 0);
}

/* In the child: lead a session on the console, so that ^C and jobs work. */
static void __attribute__((noreturn))
become(char **words)
{
	signal_reset();
	(void)setsid();
	(void)ioctl(STDIN_FILENO, TIOCSCTTY, 1);
	execvp(words[0], words);
	log_error("init: '%s': %s", words[0], strerror(errno));
	_exit(errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

/* Bury whoever has died. Says whether the command was among them. */
static bool
reap(pid_t command, int *status)
{
	bool ended = false;
	int how;
	pid_t pid;

	while ((pid = waitpid(-1, &how, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		ended = true;
		*status = WIFSIGNALED(how) ? STATUS_SIGNAL + WTERMSIG(how)
		                           : WEXITSTATUS(how);
	}
	return ended;
}

/*
 * Until the command ends, or the machine is told to. A first process has no
 * signals by default: the kernel drops those that it does not ask for.
 */
static int
watch(pid_t command, const sigset_t *set)
{
	int status = STATUS_OURS;

	for (;;) {
		int signal = sigwaitinfo(set, NULL);

		if (reap(command, &status))
			return status;
		if (signal > 0 && signal != SIGCHLD)
			return STATUS_SIGNAL + signal;
	}
}

/*
 * Have everybody end within some tenths of a second. Whose parent dies becomes
 * our child: without children there is nobody left but the kernel's threads.
 */
static void
end_all(int signal, int tenths, const sigset_t *set)
{
	const struct timespec tenth = { .tv_nsec = 100000000 };
	pid_t pid;

	(void)kill(-1, signal);
	(void)kill(-1, SIGCONT);
	for (int i = 0; i < tenths; i++) {
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			continue;
		if (pid < 0)
			return;
		(void)sigtimedwait(set, NULL, &tenth);
	}
}

static int
make_readonly(const struct mount_row *row, void *with)
{
	(void)mount(NULL, row->target, NULL, MS_REMOUNT | MS_RDONLY, NULL);
	return 0;
}

static void __attribute__((noreturn))
power_off(const sigset_t *set)
{
	struct err unheard;

	end_all(SIGTERM, 20, set);
	end_all(SIGKILL, 20, set);
	if (mountinfo_each("/proc/self/mountinfo", make_readonly, NULL,
	                   &unheard) < 0)
		log_warn("init: %s", unheard.text);
	sync();
	(void)reboot(RB_POWER_OFF);
	/* Where there is nothing to switch it off with. */
	for (;;)
		pause();
}

int
init_machine(char **words, struct err *e)
{
	char *shell[] = { (char[]){ "/bin/sh" }, NULL };
	sigset_t set;
	pid_t command;
	int status = STATUS_OURS;

	if (getpid() != 1)
		return fail(e, EINVAL, "not the first process of a machine");
	set_up();
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT); /* the console's Ctrl-Alt-Del, from now on */
	sigaddset(&set, SIGPWR);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	(void)reboot(RB_DISABLE_CAD);

	command = fork();
	if (command == 0)
		become(words && words[0] ? words : shell);
	if (command < 0)
		log_error("init: fork: %s", strerror(errno));
	else
		status = watch(command, &set);
	/* Before the consoles close: whoever booted us waits for this line. */
	log_error("init: status %d", status);
	power_off(&set);
}
