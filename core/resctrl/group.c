/* SPDX-License-Identifier: ISC */
/* A group: made, with its schemata, entered and removed. */
#include "resctrl/resctrl.h"
#include "sys/fd.h"
#include "sys/mountinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define MOST 65536 /* bytes of a file */

static int
open_if_resctrl(const struct mount_row *row, void *with)
{
	int *root = with;

	if (strcmp(row->type, "resctrl") != 0)
		return 0;
	*root = open(row->target, DIRECTORY);
	return *root >= 0;
}

int
resctrl_root(struct err *e)
{
	int root = -1;

	if (mountinfo_each("/proc/self/mountinfo", open_if_resctrl, &root,
	                   e) < 0)
		return -1;
	if (root >= 0)
		return root;
	return fail(e, ENOTSUP, access("/sys/fs/resctrl", F_OK) < 0
	            ? "linux.intelRdt: this kernel has no resctrl"
	            : "linux.intelRdt: no resctrl is mounted");
}

/* The kernel says more than a number in a file. */
static int
explain(int root, const char *name, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	int code = errno;

	if (fd_read_at(root, "info/last_cmd_status", MOST, &text) < 0 ||
	    !text.n || strcmp(text.data, "ok\n") == 0) {
		errno = code;
		return fail_sys(e, "linux.intelRdt: '%s'", name);
	}
	text.data[strcspn(text.data, "\n")] = '\0';
	return fail(e, code, "linux.intelRdt: '%s': %s", name, text.data);
}

static bool
has_clos(const struct intel_rdt *rdt)
{
	return rdt->clos_id && *rdt->clos_id;
}

static bool
is_monitored(const struct intel_rdt *rdt)
{
	return rdt->enable_monitoring || rdt->enable_cmt || rdt->enable_mbm;
}

static const char *
name_of(const struct intel_rdt *rdt, const char *id)
{
	if (!has_clos(rdt))
		return id;
	return strcmp(rdt->clos_id, "/") == 0 ? "." : rdt->clos_id;
}

/* ---- schemata */

/* In the order that is asked for, a line each. */
static void
collect(const struct intel_rdt *rdt, struct buf *text)
{
	const char *first[] = { rdt->l3_cache_schema, rdt->mem_bw_schema };

	for (int i = 0; i < 2; i++)
		if (first[i] && *first[i])
			buf_format(text, "%s\n", first[i]);
	for (size_t i = 0; i < rdt->schemata.n; i++)
		buf_format(text, "%s\n", rdt->schemata.v[i]);
}

/* "  L3:0=7f0;1=1f": the line of that resource, behind its colon. */
static const char *
find_line(const char *text, const char *resource, size_t n)
{
	while (text && *text) {
		text += strspn(text, " ");
		if (strncmp(text, resource, n) == 0 && text[n] == ':')
			return text + n + 1;
		text = strchr(text, '\n');
		text += text ? 1 : 0;
	}
	return NULL;
}

/* One "cache=value" of a line; the kernel fills values up with zeros. */
struct share {
	unsigned long cache, value;
};

static const char *
next_share(const char *at, int base, struct share *s)
{
	char *end;

	at += strspn(at, "; ");
	if (!*at || *at == '\n')
		return NULL;
	s->cache = strtoul(at, &end, 10);
	if (end == at || *end != '=')
		return NULL;
	at = end + 1;
	s->value = strtoul(at, &end, base);
	return end == at ? NULL : end;
}

static bool
has_share(const char *line, int base, const struct share *wanted)
{
	struct share s;

	while (line && (line = next_share(line, base, &s)))
		if (s.cache == wanted->cache)
			return s.value == wanted->value;
	return false;
}

/* Bandwidth is a number, everything else a mask. */
static bool
has_line(const char *now, const char *wanted)
{
	size_t n = strcspn(wanted, ":\n");
	const char *line = find_line(now, wanted, n);
	int base = strncmp(wanted, "MB", 2) == 0 ? 10 : 16;
	struct share s;

	if (wanted[n] != ':' || !line)
		return false;
	for (wanted += n + 1; (wanted = next_share(wanted, base, &s));)
		if (!has_share(line, base, &s))
			return false;
	return true;
}

static int
compare(int group, const char *name, const struct buf *wanted, struct err *e)
{
	AUTO(buf) struct buf now = { 0 };
	const char *line = wanted->data;

	if (wanted->n && fd_read_at(group, "schemata", MOST, &now) < 0)
		return fail_sys(e, "linux.intelRdt: '%s': schemata", name);
	for (; line && *line; line = strchr(line, '\n') + 1)
		if (*line != '\n' &&
		    !has_line(now.data ? now.data : "", line))
			return fail(e, EINVAL, "linux.intelRdt.closID: '%s' "
			            "was there, and does not have %.*s", name,
			            (int)strcspn(line, "\n"), line);
	return 0;
}

int
resctrl_write(int root, const struct intel_rdt *rdt, const char *id,
              struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	AUTO(close) int group = resctrl_open(root, rdt, id, e);

	collect(rdt, &text);
	if (group < 0)
		return -1;
	if (text.n && fd_write_at(group, "schemata", text.data) < 0)
		return explain(root, name_of(rdt, id), e);
	return 0;
}

/* ---- groups */

int
resctrl_open(int root, const struct intel_rdt *rdt, const char *id,
             struct err *e)
{
	const char *name = name_of(rdt, id);
	int group = openat(root, name, DIRECTORY);

	if (group < 0 && errno == ENOENT)
		return fail(e, ENOENT, "linux.intelRdt%s: no group is called "
		            "'%s'", has_clos(rdt) ? ".closID" : "", name);
	return group < 0 ? fail_sys(e, "linux.intelRdt: '%s'", name) : group;
}

static char *
monitor_path(const char *id, struct arena *a)
{
	return arena_format(a, "mon_groups/%s", id);
}

int
resctrl_monitor(int group, const struct intel_rdt *rdt, const char *id,
                struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	const char *path = is_monitored(rdt) ? monitor_path(id, &a) : ".";
	int fd = openat(group, path, DIRECTORY);

	return fd < 0 ? fail_sys(e, "linux.intelRdt: '%s'", path) : fd;
}

/* Made by us, or there before: *made. */
static int
make_group(int root, const struct intel_rdt *rdt, const char *id, bool *made,
           struct err *e)
{
	const char *name = name_of(rdt, id);
	AUTO(buf) struct buf wanted = { 0 };
	AUTO(close) int group = -1;

	collect(rdt, &wanted);
	*made = (!has_clos(rdt) || wanted.n) && mkdirat(root, name, 0755) == 0;
	if (*made)
		return resctrl_write(root, rdt, id, e);
	if ((!has_clos(rdt) || wanted.n) && errno != EEXIST)
		return explain(root, name, e);
	if (!has_clos(rdt))
		return fail(e, EEXIST, "linux.intelRdt: there is a group "
		            "called '%s'", name);
	group = resctrl_open(root, rdt, id, e);
	return group < 0 ? -1 : compare(group, name, &wanted, e);
}

static int
make_monitor(int root, const struct intel_rdt *rdt, const char *id,
             struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int group = -1;
	const char *path;

	if (!is_monitored(rdt))
		return 0;
	group = resctrl_open(root, rdt, id, e);
	if (group < 0)
		return -1;
	path = monitor_path(id, &a);
	return mkdirat(group, path, 0755) < 0 ? explain(root, path, e) : 0;
}

int
resctrl_make(int root, const struct intel_rdt *rdt, const char *id,
             struct err *e)
{
	bool made = false;

	if (make_group(root, rdt, id, &made, e) == 0 &&
	    make_monitor(root, rdt, id, e) == 0)
		return 0;
	if (made)
		(void)unlinkat(root, name_of(rdt, id), AT_REMOVEDIR);
	return -1;
}

int
resctrl_enter(int root, const struct intel_rdt *rdt, const char *id, pid_t pid,
              struct err *e)
{
	AUTO(close) int group = resctrl_open(root, rdt, id, e);
	AUTO(close) int monitor = group < 0 ? -1
	        : resctrl_monitor(group, rdt, id, e);
	char text[16];

	if (monitor < 0)
		return -1;
	snprintf(text, sizeof(text), "%d", (int)pid);
	if (fd_write_at(group, "tasks", text) < 0 ||
	    (is_monitored(rdt) && fd_write_at(monitor, "tasks", text) < 0))
		return explain(root, name_of(rdt, id), e);
	return 0;
}

int
resctrl_remove(int root, const struct intel_rdt *rdt, const char *id,
               struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	const char *path = id;

	if (has_clos(rdt) && !is_monitored(rdt))
		return 0;
	if (has_clos(rdt))
		path = arena_format(&a, "%s/%s", name_of(rdt, id),
		                    monitor_path(id, &a));
	return unlinkat(root, path, AT_REMOVEDIR) < 0 && errno != ENOENT
	       ? explain(root, path, e) : 0;
}
