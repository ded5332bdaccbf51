/* SPDX-License-Identifier: ISC */
/* Device rules in force: the devices hierarchy of v1, a program in v2. */
#include "base/log.h"
#include "cgroup/parts.h"
#include "sys/bpf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

/* The kernel allows no more in one group. */
#define MOST_PROGRAMS 64

static void
print(const struct cgroup_device *d, int access, char text[64])
{
	char major[24] = "*", minor[24] = "*";

	if (d->major >= 0)
		snprintf(major, sizeof(major), "%" PRId64, d->major);
	if (d->minor >= 0)
		snprintf(minor, sizeof(minor), "%" PRId64, d->minor);
	snprintf(text, 64, "%c %s:%s %s%s%s", d->type, major, minor,
	         access & CGROUP_READ ? "r" : "",
	         access & CGROUP_WRITE ? "w" : "",
	         access & CGROUP_MKNOD ? "m" : "");
}

/* A group cannot be allowed more than its parent is; that is no limit lost. */
static int
put(int fd, const char *file, const char *text, struct err *e)
{
	if (write(fd, text, strlen(text)) >= 0)
		return 0;
	if (errno != EPERM || strcmp(file, "devices.allow") != 0)
		return cgroup_refused(file, text, e);
	log_info("cgroup: devices: the parent group does not allow '%s'", text);
	return 0;
}

/* Write those of `list` that are not in `but`; one open file for all. */
static int
put_list(const struct cgroup_tree *t, const char *file,
         const struct cgroup_devices *list, const struct cgroup_devices *but,
         struct err *e)
{
	AUTO(close) int fd = -1;
	char text[64];

	for (size_t i = 0; i < list->n; i++) {
		const struct cgroup_device *d = &list->v[i];
		int access = d->access;

		for (size_t k = 0; but && k < but->n; k++)
			if (but->v[k].type == d->type &&
			    but->v[k].major == d->major &&
			    but->v[k].minor == d->minor)
				access &= ~but->v[k].access;
		if (!access)
			continue;
		if (fd < 0)
			fd = cgroup_knob_open(t->dir, file, O_WRONLY);
		if (fd < 0)
			return fail_sys(e, "%s", file);
		print(d, access, text);
		if (put(fd, file, text, e) < 0)
			return -1;
	}
	return 0;
}

/* What is in force, "c 1:3 rwm" a line; returns 0 if it is no such list. */
static int
read_list(const struct cgroup_tree *t, struct arena *a,
          struct cgroup_devices *now, struct err *e)
{
	char text[4096], *rest = text, *line;
	ssize_t n = cgroup_knob_get(t->dir, "devices.list", text,
	                            sizeof(text));

	*now = (struct cgroup_devices){ false, NULL, 0 };
	if (n < 0)
		return fail_sys(e, "devices.list");
	if (n + 1 == sizeof(text))
		return 0;
	while ((line = strsep(&rest, "\n"))) {
		struct cgroup_device *d;
		char *numbers, *minor;

		if (*line == 'a')
			return 0;
		if (strlen(line) < 7)
			continue;
		numbers = line + 2;
		minor = strchr(numbers, ':');
		if (!minor)
			continue;
		d = LIST_ADD(a, now->v, now->n);
		d->type = *line;
		d->major = *numbers == '*' ? -1 : strtoll(numbers, NULL, 10);
		d->minor = minor[1] == '*' ? -1 : strtoll(minor + 1, NULL, 10);
		line = strrchr(minor, ' ');
		if (!line || cgroup_device_access(line + 1, &d->access, e) < 0)
			return fail(e, EINVAL, "devices.list: not understood");
	}
	return 1;
}

/*
 * In a fresh group all is denied at one stroke, and then what is wanted is
 * allowed. Processes that run must not lose their devices for that moment:
 * there only the difference is written, what is new before what goes.
 */
static int
limit_v1(const struct cgroup *g, const struct cgroup_tree *t,
         const struct resources *r, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct cgroup_devices wanted, now;
	AUTO(close) int fd = -1;
	int listed = 0;
	const char *all, *each;

	if (cgroup_reduce_devices(r->devices, r->n_devices, &a, &wanted,
	                          e) < 0)
		return -1;
	all = wanted.allow ? "devices.allow" : "devices.deny";
	each = wanted.allow ? "devices.deny" : "devices.allow";
	if (!g->fresh && !wanted.allow)
		listed = read_list(t, &a, &now, e);
	if (listed < 0)
		return -1;
	if (listed)
		return put_list(t, "devices.allow", &wanted, &now, e) < 0
		               ? -1
		               : put_list(t, "devices.deny", &now, &wanted, e);
	fd = cgroup_knob_open(t->dir, all, O_WRONLY);
	if (fd < 0)
		return fail_sys(e, "%s", all);
	if (put(fd, all, "a", e) < 0)
		return -1;
	return put_list(t, each, &wanted, NULL, e);
}

/* The old programs go after the new one has come: there is no gap. */
static int
detach(int dir, const uint32_t ids[], uint32_t n, struct err *e)
{
	for (uint32_t i = 0; i < n; i++) {
		AUTO(close) int old = bpf_open(ids[i]);

		if (old < 0 || bpf_detach_device(dir, old) < 0)
			return fail_sys(e, "devices: an old BPF program");
	}
	return 0;
}

static bool
is_lacking(int code)
{
	return code == ENOSYS || code == EINVAL || code == EPERM;
}

static int
limit_v2(const struct cgroup *g, const struct cgroup_tree *t,
         const struct resources *r, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int program = -1;
	uint32_t ids[MOST_PROGRAMS], n_ids = MOST_PROGRAMS;
	struct cgroup_program p;

	if (cgroup_device_program(r->devices, r->n_devices, &a, &p, e) < 0)
		return -1;
	if (g->fresh || bpf_attached_devices(t->dir, ids, &n_ids) < 0)
		n_ids = 0;
	if (p.n == 2 && p.code->imm)
		return detach(t->dir, ids, n_ids, e); /* all is allowed */
	program = bpf_load_device(p.code, p.n);
	if (program < 0 && is_lacking(errno)) {
		log_info("cgroup: devices are not limited: no BPF: %s",
		         strerror(errno));
		return 0;
	}
	if (program < 0)
		return fail_sys(e, "devices: loading the BPF program");
	if (bpf_attach_device(t->dir, program) < 0)
		return fail_sys(e, "devices: attaching the BPF program");
	return detach(t->dir, ids, n_ids, e);
}

int
cgroup_limit_devices(const struct cgroup *g, const struct resources *r,
                     struct err *e)
{
	const struct cgroup_tree *t = cgroup_tree(g, "devices");

	if (r->n_devices == 0)
		return 0;
	if (t && t->dir >= 0)
		return limit_v1(g, t, r, e);
	t = cgroup_tree(g, "");
	if (t && t->dir >= 0)
		return limit_v2(g, t, r, e);
	log_info("cgroup: devices are not limited: no such controller here");
	return 0;
}
