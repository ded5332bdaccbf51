/* SPDX-License-Identifier: ISC */
/* One process as /proc tells of it, and the columns that ps(1) has for it. */
#include "report/process.h"

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

/* Longer command lines are cut. */
#define TEXT_MOST 32768

static char *
read_text(pid_t pid, const char *file, size_t *n, struct arena *a)
{
	char *path = arena_format(a, "/proc/%d/%s", (int)pid, file);
	AUTO(close) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[TEXT_MOST];
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text));

	*n = got > 0 ? (size_t)got : 0;
	return got < 0 ? NULL : arena_bytes(a, text, *n);
}

/* The kernel's clocks: how long the machine runs, and what a tick is. */
static double
uptime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* proc_pid_stat(5): what stands behind the name, which may have brackets. */
static int
read_stat(struct process_look *p, struct arena *a)
{
	double tick = (double)sysconf(_SC_CLK_TCK), age;
	unsigned long long user, system, start;
	char *text, *open, *close;
	int foreground;
	size_t n;

	text = read_text(p->pid, "stat", &n, a);
	open = text ? strchr(text, '(') : NULL;
	close = open ? strrchr(open, ')') : NULL;
	if (!close || !close[1])
		return -1;
	p->name = arena_bytes(a, open + 1, (size_t)(close - open - 1));
	if (sscanf(close + 2, "%c %d %d %d %d %d %*u %*u %*u %*u %*u %llu %llu"
	           " %*d %*d %d %d %d %*d %llu", &p->state, &p->ppid, &p->pgrp,
	           &p->session, &p->tty, &foreground, &user, &system,
	           &p->priority, &p->nice, &p->threads, &start) != 12)
		return -1;
	age = uptime() - (double)start / tick;
	p->age = age > 0 ? age : 0;
	p->started = (int64_t)time(NULL) - (int64_t)p->age;
	p->cpu = (double)(user + system) / tick;
	p->foreground = foreground == p->pgrp;
	p->leader = p->session == p->pid;
	return 0;
}

static uint64_t
number_of(const char *text, const char *key)
{
	const char *at = strstr(text, key);

	return at ? strtoull(at + strlen(key), NULL, 10) : 0;
}

static int
read_status(struct process_look *p, struct arena *a)
{
	size_t n;
	const char *text = read_text(p->pid, "status", &n, a), *at;

	if (!text)
		return -1;
	at = strstr(text, "\nUid:");
	if (!at || sscanf(at, "\nUid: %u %u", &p->ruid, &p->uid) != 2)
		return -1;
	at = strstr(text, "\nGid:");
	if (!at || sscanf(at, "\nGid: %*u %u", &p->gid) != 1)
		return -1;
	p->size = number_of(text, "\nVmSize:");
	p->resident = number_of(text, "\nVmRSS:");
	p->locked = number_of(text, "\nVmLck:") > 0;
	return 0;
}

static void
read_command(struct process_look *p, struct arena *a)
{
	size_t n;
	char *text = read_text(p->pid, "cmdline", &n, a);

	while (n > 0 && !text[n - 1])
		n--;
	for (size_t i = 0; i < n; i++)
		if (!text[i])
			text[i] = ' ';
	p->command = n ? text : arena_format(a, "[%s]", p->name);
}

int
process_look(struct process_look *p, pid_t pid, struct arena *a)
{
	*p = (struct process_look){ .pid = pid };
	if (read_stat(p, a) < 0 || read_status(p, a) < 0)
		return -1;
	read_command(p, a);
	return 0;
}

void
process_all(struct words *pids, struct arena *a)
{
	DIR *dir = opendir("/proc");
	struct dirent *one;

	while (dir && (one = readdir(dir)))
		if (*one->d_name >= '0' && *one->d_name <= '9')
			words_add(a, pids, one->d_name);
	if (dir)
		closedir(dir);
}

/* ---- columns ---- */

static char *
number(struct arena *a, int64_t n)
{
	return arena_format(a, "%" PRId64, n);
}

/* Of the host, whose user it is there. */
static char *
user_name(struct arena *a, uid_t uid)
{
	const struct passwd *row = getpwuid(uid);

	return row ? arena_text(a, row->pw_name) : number(a, uid);
}

static char *
show_user(const struct process_look *p, struct arena *a)
{
	return user_name(a, p->uid);
}

static char *
show_ruser(const struct process_look *p, struct arena *a)
{
	return user_name(a, p->ruid);
}

static char *
show_uid(const struct process_look *p, struct arena *a)
{
	return number(a, p->uid);
}

static char *
show_gid(const struct process_look *p, struct arena *a)
{
	return number(a, p->gid);
}

static char *
show_group(const struct process_look *p, struct arena *a)
{
	const struct group *row = getgrgid(p->gid);

	return row ? arena_text(a, row->gr_name) : number(a, p->gid);
}

static char *
show_pid(const struct process_look *p, struct arena *a)
{
	return number(a, p->pid);
}

static char *
show_ppid(const struct process_look *p, struct arena *a)
{
	return number(a, p->ppid);
}

static char *
show_pgid(const struct process_look *p, struct arena *a)
{
	return number(a, p->pgrp);
}

static char *
show_sid(const struct process_look *p, struct arena *a)
{
	return number(a, p->session);
}

static double
percent(const struct process_look *p)
{
	return p->age > 0 ? 100 * p->cpu / p->age : 0;
}

static char *
show_c(const struct process_look *p, struct arena *a)
{
	return number(a, percent(p) > 99 ? 99 : (int64_t)percent(p));
}

static char *
show_cpu(const struct process_look *p, struct arena *a)
{
	return arena_format(a, "%.1f", percent(p));
}

static char *
show_memory(const struct process_look *p, struct arena *a)
{
	double all = (double)sysconf(_SC_PHYS_PAGES) *
	             (double)sysconf(_SC_PAGESIZE);

	return arena_format(a, "%.1f", 100 * 1024 * (double)p->resident / all);
}

static char *
show_size(const struct process_look *p, struct arena *a)
{
	return number(a, (int64_t)p->size);
}

static char *
show_resident(const struct process_look *p, struct arena *a)
{
	return number(a, (int64_t)p->resident);
}

/* The time of today, or the day. */
static char *
show_start(const struct process_look *p, struct arena *a)
{
	time_t then = (time_t)p->started, now = time(NULL);
	struct tm day, today;
	char text[32];

	if (!localtime_r(&then, &day) || !localtime_r(&now, &today))
		return arena_text(a, "?");
	strftime(text, sizeof(text),
	         day.tm_yday == today.tm_yday && day.tm_year == today.tm_year
	         ? "%H:%M" : day.tm_year == today.tm_year ? "%b%d" : "%Y",
	         &day);
	return arena_text(a, text);
}

static char *
show_started(const struct process_look *p, struct arena *a)
{
	time_t then = (time_t)p->started;
	struct tm day;
	char text[32];

	if (!localtime_r(&then, &day))
		return arena_text(a, "?");
	strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &day);
	return arena_text(a, text);
}

/* linux/Documentation/admin-guide/devices.txt */
static char *
show_tty(const struct process_look *p, struct arena *a)
{
	unsigned row = major((dev_t)p->tty), number = minor((dev_t)p->tty);

	if (!p->tty)
		return arena_text(a, "?");
	if (row >= 136 && row <= 143)
		return arena_format(a, "pts/%u", number + 256 * (row - 136));
	if (row == 4)
		return arena_format(a, number < 64 ? "tty%u" : "ttyS%u",
		                    number < 64 ? number : number - 64);
	return row == 5 && number == 1 ? arena_text(a, "console")
	                               : arena_format(a, "%u:%u", row, number);
}

/* DD-HH:MM:SS, the days only if there are any. */
static char *
show_time(const struct process_look *p, struct arena *a)
{
	int64_t s = (int64_t)p->cpu, days = s / 86400;
	char *clock = arena_format(a, "%02d:%02d:%02d", (int)(s / 3600 % 24),
	                           (int)(s / 60 % 60), (int)(s % 60));

	return days ? arena_format(a, "%" PRId64 "-%s", days, clock) : clock;
}

static char *
show_minutes(const struct process_look *p, struct arena *a)
{
	int64_t s = (int64_t)p->cpu;

	return arena_format(a, "%" PRId64 ":%02d", s / 60, (int)(s % 60));
}

static char *
show_age(const struct process_look *p, struct arena *a)
{
	int64_t s = (int64_t)p->age;
	char *clock = arena_format(a, "%02d:%02d", (int)(s / 60 % 60),
	                           (int)(s % 60));

	if (s >= 86400)
		return arena_format(a, "%" PRId64 "-%02d:%s", s / 86400,
		                    (int)(s / 3600 % 24), clock);
	return s < 3600 ? clock
	       : arena_format(a, "%02d:%s", (int)(s / 3600), clock);
}

static char *
show_command(const struct process_look *p, struct arena *a)
{
	return p->command;
}

static char *
show_name(const struct process_look *p, struct arena *a)
{
	return p->name;
}

static char *
show_nice(const struct process_look *p, struct arena *a)
{
	return number(a, p->nice);
}

static char *
show_priority(const struct process_look *p, struct arena *a)
{
	return number(a, 39 - p->priority);
}

static char *
show_threads(const struct process_look *p, struct arena *a)
{
	return number(a, p->threads);
}

static char *
show_state(const struct process_look *p, struct arena *a)
{
	return arena_format(a, "%c", p->state);
}

/* ps(1), "PROCESS STATE CODES" */
static char *
show_states(const struct process_look *p, struct arena *a)
{
	return arena_format(a, "%c%s%s%s%s%s", p->state,
	                    p->nice < 0   ? "<"
	                    : p->nice > 0 ? "N" : "",
	                    p->locked ? "L" : "", p->leader ? "s" : "",
	                    p->threads > 1 ? "l" : "",
	                    p->foreground ? "+" : "");
}

static const struct process_column columns[] = {
	{ "user|euser|uname", "USER", show_user },
	{ "ruser", "RUSER", show_ruser },
	{ "uid|euid", "UID", show_uid },
	{ "gid|egid", "GID", show_gid },
	{ "group|egroup", "GROUP", show_group },
	{ "pid|tgid", "PID", show_pid },
	{ "ppid", "PPID", show_ppid },
	{ "pgid|pgrp", "PGID", show_pgid },
	{ "sid|sess|session", "SID", show_sid },
	{ "c", "C", show_c },
	{ "%cpu|pcpu", "%CPU", show_cpu },
	{ "%mem|pmem", "%MEM", show_memory },
	{ "vsz|vsize", "VSZ", show_size },
	{ "rss|rssize|rsz", "RSS", show_resident },
	{ "stime", "STIME", show_start },
	{ "start|start_time|bsdstart", "START", show_start },
	{ "lstart", "STARTED", show_started },
	{ "tty|tt|tname", "TTY", show_tty },
	{ "time|cputime", "TIME", show_time },
	{ "bsdtime", "TIME", show_minutes },
	{ "etime", "ELAPSED", show_age },
	{ "cmd", "CMD", show_command },
	{ "args|command", "COMMAND", show_command },
	{ "comm|ucmd|ucomm", "COMMAND", show_name },
	{ "ni|nice", "NI", show_nice },
	{ "pri", "PRI", show_priority },
	{ "nlwp|thcount", "NLWP", show_threads },
	{ "s|state", "S", show_state },
	{ "stat", "STAT", show_states },
};

const struct process_column *
process_column(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		const char *at = columns[i].names;

		while (at) {
			if (strcspn(at, "|") == n && memcmp(at, name, n) == 0)
				return &columns[i];
			at = strchr(at, '|');
			at += at != NULL;
		}
	}
	return NULL;
}
