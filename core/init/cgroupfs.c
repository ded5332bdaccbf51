/* SPDX-License-Identifier: ISC */
/* The mount of type cgroup: what this host has, seen from the own group. */
#include "base/log.h"
#include "init/child.h"
#include "init/mount_options.h"
#include "sys/fd.h"
#include "sys/mountinfo.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#define UNIFIED "/sys/fs/cgroup"

/*
 * One hierarchy. The texts lie in the child's arena.
 *
 * controllers  "cpu,cpuacct", "name=systemd"; "" is v2
 * path         of our group, as our cgroup namespace sees it
 * mount, root  where the host has mounted which part of it; NULL: nowhere
 */
struct hierarchy {
	char *controllers, *path, *mount, *root;
};

struct hierarchies {
	struct child *c;
	struct hierarchy *v;
	size_t n;
};

static bool
is_at(const struct hierarchy *h, const struct mount_row *row)
{
	if (!*h->controllers)
		return strcmp(row->type, "cgroup2") == 0;
	/* Co-mounted controllers are all in the options, the first one will
	 * do; the text ends at the comma for a moment. */
	char *comma = strchr(h->controllers, ',');
	bool is;

	if (comma)
		*comma = '\0';
	is = strcmp(row->type, "cgroup") == 0 &&
	     mountinfo_has(row->super, h->controllers);
	if (comma)
		*comma = ',';
	return is;
}

static int
note_mount(const struct mount_row *row, void *with)
{
	struct hierarchies *all = with;

	for (size_t i = 0; i < all->n; i++) {
		struct hierarchy *h = &all->v[i];

		if (h->mount || !is_at(h, row))
			continue;
		h->mount = arena_text(&all->c->spec.arena, row->target);
		h->root = arena_text(&all->c->spec.arena, row->root);
	}
	return 0;
}

/* Lines such as "4:memory:/user/1" and "0::/". */
static int
find_hierarchies(struct hierarchies *all, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	struct arena *a = &all->c->spec.arena;
	char *line, *rest;

	if (fd_read_at(AT_FDCWD, "/proc/self/cgroup", 65536, &text) < 0)
		return errno == ENOENT ? 0 : fail_sys(e, "/proc/self/cgroup");
	for (line = strtok_r(text.data, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *controllers = strchr(line, ':');
		char *path = controllers ? strchr(controllers + 1, ':') : NULL;
		struct hierarchy *h;

		if (!path)
			continue;
		h = LIST_ADD(a, all->v, all->n);
		h->controllers = arena_bytes(a, controllers + 1,
		                             (size_t)(path - controllers) - 1);
		h->path = arena_text(a, path + 1);
	}
	return mountinfo_each("/proc/self/mountinfo", note_mount, all, e);
}

static const char *
name_of(const struct hierarchy *h)
{
	const char *slash = strrchr(h->mount, '/');

	return slash ? slash + 1 : h->mount;
}

/* Our group's directory where the host has it: for hosts that let us mount
 * nothing new, and without a cgroup namespace. */
static int
bind_group(struct child *c, const struct hierarchy *h,
           const struct mount_options *o, const struct mount_at *at)
{
	size_t n = strlen(h->root);
	const char *path = h->path;
	AUTO(close) int source = -1;
	struct mount_bind b = { .change = MOUNT_CHANGE_NONE };

	/* A mount of a part of the hierarchy begins at `root`. */
	if (n > 1 && strncmp(path, h->root, n) == 0)
		path += n;
	source = open(arena_format(&c->spec.arena, "%s/%s", h->mount, path),
	              O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (source < 0)
		return -1;
	b.source = source;
	b.change.set = o->change.set;
	return mounts_bind(&b, at);
}

static int
mount_hierarchy(struct child *c, const struct hierarchy *h,
                const struct mount_at *at, const struct mount_options *o,
                struct err *e)
{
	AUTO(close) int made = -1;
	struct mount_new new = {
		.type = *h->controllers ? "cgroup" : "cgroup2",
		.source = "cgroup",
		.flags = o->flags,
		.data = *h->controllers ? h->controllers : NULL,
	};

	if ((!*h->controllers || init_has_new(c, NAMESPACE_CGROUP)) &&
	    mounts_make(&new, at) == 0)
		return 0;
	made = bind_group(c, h, o, at);
	return made < 0 ? fail_sys(e, "%s", new.type) : 0;
}

/* In the tmpfs that we have just made nobody else has put anything. */
static int
mount_in(struct child *c, const struct hierarchy *h, int dir,
         const struct mount_options *o, struct err *e)
{
	const char *name = name_of(h);
	AUTO(close) int place = -1;
	struct mount_at at = { .root = dir, .path = name, .proc = c->proc };

	if (mkdirat(dir, name, 0755) == 0)
		place = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (place < 0)
		return fail_sys(e, "its directory");
	at.fd = place;
	return mount_hierarchy(c, h, &at, o, e);
}

/* Co-mounted controllers are also found by their single names. */
static int
link_names(int dir, const struct hierarchy *h, struct err *e)
{
	const char *at = h->controllers, *name = name_of(h);

	while (*at) {
		size_t n = strcspn(at, ",");
		char one[64];

		if (n < sizeof(one) && strncmp(at, "name=", 5) != 0) {
			memcpy(one, at, n);
			one[n] = '\0';
			if (strcmp(one, name) != 0 &&
			    symlinkat(name, dir, one) < 0)
				return fail_sys(e, "%s", one);
		}
		at += n + (at[n] == ',');
	}
	return 0;
}

static int
mount_all(struct child *c, const struct mount *m,
          const struct mount_options *o, const struct hierarchies *all,
          struct err *e)
{
	struct mount_new tmpfs = {
		.type = "tmpfs", .source = "cgroup", .data = "mode=755",
		.flags = o->flags & ~(unsigned long)MS_RDONLY,
	};
	struct mount_change last = { .set = o->change.set & MS_RDONLY,
		                     .propagation = o->change.propagation,
		                     .userns = -1 };
	AUTO(close) int place = -1, made = -1;
	struct mount_at at;

	if (init_place(c, m->destination, false, &at, e) < 0)
		return -1;
	place = at.fd;
	if (mounts_make(&tmpfs, &at) == 0)
		made = mounts_over(&at, O_DIRECTORY);
	if (made < 0)
		return fail_sys(e, "tmpfs");
	for (size_t i = 0; i < all->n; i++) {
		const struct hierarchy *h = &all->v[i];

		if (h->mount && (mount_in(c, h, made, o, e) < 0 ||
		                 link_names(made, h, e) < 0))
			return fail_in(e, "%s", name_of(h));
	}
	return mounts_alter(made, &last, c->proc) < 0 ? fail_sys(e, "options")
	                                             : 0;
}

static bool
has_mount(const struct hierarchies *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (all->v[i].mount)
			return true;
	return false;
}

/* The row of /proc/self/cgroup of the unified hierarchy. */
static struct hierarchy *
unified(const struct hierarchies *all)
{
	for (size_t i = 0; i < all->n; i++)
		if (!*all->v[i].controllers && all->v[i].mount)
			return &all->v[i];
	return NULL;
}

int
init_mount_cgroups(struct child *c, const struct mount *m,
                   const struct mount_options *o, struct err *e)
{
	struct hierarchies all = { .c = c };
	AUTO(close) int place = -1;
	struct mount_at at;
	struct statfs fs;

	if (find_hierarchies(&all, e) < 0)
		return -1;
	if (!has_mount(&all)) {
		log_debug("mounts: no cgroups on this host");
		return 0;
	}
	if (!unified(&all) ||
	    (strcmp(m->type, "cgroup2") != 0 &&
	     (statfs(UNIFIED, &fs) < 0 || fs.f_type != CGROUP2_SUPER_MAGIC)))
		return mount_all(c, m, o, &all, e);
	if (init_place(c, m->destination, false, &at, e) < 0)
		return -1;
	place = at.fd;
	return mount_hierarchy(c, unified(&all), &at, o, e);
}
