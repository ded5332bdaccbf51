/* SPDX-License-Identifier: ISC */
/* Names of slices and scopes, and where their groups are. */
#include "systemd/systemd.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* systemd.unit(5); no more than 255 with the ending */
static bool
is_unit_name(const char *name)
{
	static const char allowed[] =
	        "0123456789:-_.\\@"
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return *name && strlen(name) < 248 && !name[strspn(name, allowed)];
}

static bool
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n > m && strcmp(text + n - m, end) == 0;
}

/* Dashes are levels, none of which is empty; "-.slice" is the root. */
static bool
is_slice(const char *name)
{
	if (!is_unit_name(name) || !ends_with(name, ".slice"))
		return false;
	if (strcmp(name, "-.slice") == 0)
		return true;
	return *name != '-' && !strstr(name, "--") && !strstr(name, "-.slice");
}

static int
split(const char *path, char *part[3], struct arena *a, struct err *e)
{
	char *rest = arena_text(a, path);

	for (int i = 0; i < 3; i++)
		part[i] = i < 2 ? strsep(&rest, ":") : rest;
	if (!part[2] || strchr(part[2], ':') || !*part[2])
		return fail(e, EINVAL, "cgroupsPath '%s': systemd's form is "
		            "SLICE:PREFIX:NAME", path);
	return 0;
}

int
systemd_unit(struct systemd_unit *u, const char *path, const char *id,
             struct arena *a, struct err *e)
{
	char *part[3] = { arena_text(a, ""), arena_text(a, "mydocker"),
		          arena_text(a, id) };

	*u = (struct systemd_unit){ .user = geteuid() };
	if (path && *path && split(path, part, a, e) < 0)
		return -1;
	u->slice = *part[0] ? part[0]
	           : arena_text(a, u->user ? "user.slice" : "system.slice");
	if (ends_with(part[2], ".slice"))
		return fail(e, EINVAL, "cgroupsPath '%s': a slice holds no "
		            "processes, and a container has some", path);
	u->name = arena_format(a, "%s%s%s.scope", part[1], *part[1] ? "-" : "",
	                       part[2]);
	if (!is_slice(u->slice))
		return fail(e, EINVAL, "cgroupsPath: '%s' is not the name of "
		            "a slice", u->slice);
	if (!is_unit_name(u->name))
		return fail(e, EINVAL, "cgroupsPath: '%s' is not the name of "
		            "a unit", u->name);
	return 0;
}

char *
systemd_cgroup(const struct systemd_unit *u, struct arena *a)
{
	AUTO(buf) struct buf path = { 0 };
	const char *slice = u->slice;
	size_t n = strlen(slice) - strlen(".slice");

	buf_add(&path, "", 1);
	path.n = 0;
	if (u->user)
		buf_format(&path, "/user.slice/user-%u.slice/user@%u.service",
		           u->user, u->user);
	for (size_t i = 1; strcmp(slice, "-.slice") != 0 && i <= n; i++)
		if (slice[i] == '-' || i == n)
			buf_format(&path, "/%.*s.slice", (int)i, slice);
	buf_format(&path, "/%s", u->name);
	return arena_text(a, path.data);
}
