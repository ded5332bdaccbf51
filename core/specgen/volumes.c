/* SPDX-License-Identifier: ISC */
/* Where in a container something may be mounted; --tmpfs, --volumes-from. */
#include "specgen/inside.h"
#include "specgen/mounts.h"

#include <errno.h>
#include <string.h>

static bool
is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (!path[n] || path[n] == '/');
}

/* Files of procfs that something else, such as lxcfs, may stand in for. */
static bool
is_replaceable(const char *path)
{
	static const char *const files[] = {
		"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo",
		"/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg",
		"/proc/slabinfo",
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(path, files[i]) == 0)
			return true;
	return false;
}

/* What masks, terminals and limits rest on; --privileged has none of it. */
static bool
is_ours(const char *path)
{
	static const char *const exact[] = {
		"/dev", "/dev/console", "/dev/ptmx", "/dev/null", "/dev/fd",
		"/dev/stdin", "/dev/stdout", "/dev/stderr",
	};

	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (strcmp(path, exact[i]) == 0)
			return true;
	return is_below(path, "/dev/pts") || is_below(path, "/sys/fs/cgroup");
}

int
volumes_target(struct build *b, const char *option, const char *text,
             char **target, struct err *e)
{
	char *path = parse_path(b->a, text);

	if (!path)
		return fail(e, EINVAL, "%s: the target '%.100s' is not an "
		            "absolute path without '..'", option, text);
	if (strcmp(path, "/") == 0)
		return fail(e, EINVAL, "%s: the target must not be '/'; "
		            "see --rootfs", option);
	if ((is_below(path, "/proc") && !is_replaceable(path)) ||
	    (is_ours(path) && !b->flags->privileged))
		return fail(e, EINVAL, "%s: '%s' must be the container's own",
		            option, path);
	*target = path;
	return 0;
}

/* Ours are before the user's, and he may replace them once. */
static bool
is_taken(const struct build *b, const char *destination)
{
	for (size_t i = b->n_own_mounts; i < b->spec->n_mounts; i++)
		if (strcmp(b->spec->mounts[i].destination, destination) == 0)
			return true;
	return false;
}

int
volumes_add(struct build *b, const char *option, struct mount *m,
            struct mount_point *p, struct err *e)
{
	if (is_taken(b, m->destination))
		return fail(e, EINVAL, "%s: the target '%s' is given twice",
		            option, m->destination);
	*LIST_ADD(b->a, b->spec->mounts, b->spec->n_mounts) = *m;
	if (!p)
		return 0;
	p->destination = m->destination;
	p->readonly = words_has(&m->options, "ro") ||
	              words_has(&m->options, "rro");
	*LIST_ADD(b->a, b->points, b->n_points) = *p;
	return 0;
}

/* What may be told a tmpfs; a '=' at the end takes a value. */
static const char *const tmpfs_options[] = {
	"ro", "rw", "nosuid", "suid", "nodev", "dev", "noexec", "exec",
	"sync", "async", "dirsync", "remount", "atime", "noatime",
	"diratime", "nodiratime", "relatime", "norelatime", "strictatime",
	"nostrictatime", "size=", "mode=", "uid=", "gid=", "nr_inodes=",
	"nr_blocks=", "huge=", "mpol=", "tmpcopyup", NULL
};

static bool
is_tmpfs_option(const char *word)
{
	for (const char *const *o = tmpfs_options; *o; o++) {
		size_t n = strlen(*o);

		if ((*o)[n - 1] == '=' ? strncmp(word, *o, n) == 0 && word[n]
		                       : strcmp(word, *o) == 0)
			return true;
	}
	return false;
}

/* The later one of two that contradict each other counts: ours come first. */
int
build_tmpfs(struct build *b, const char *target, const char *options,
            struct mount_point *p, struct err *e)
{
	const char *option = p ? "--mount" : "--tmpfs";
	struct mount m = { .type = arena_text(b->a, "tmpfs"),
		           .source = arena_text(b->a, "tmpfs") };
	char *word;

	if (volumes_target(b, option, target, &m.destination, e) < 0)
		return -1;
	words_add(b->a, &m.options, "noexec");
	words_add(b->a, &m.options, "nosuid");
	words_add(b->a, &m.options, "nodev");
	while ((word = parse_piece(b->a, &options, ","))) {
		if (!is_tmpfs_option(word))
			return fail(e, EINVAL, "%s: unknown option '%s'",
			            option, word);
		words_add(b->a, &m.options, word);
	}
	return volumes_add(b, option, &m, p, e);
}

/* One mount of another container's; what was said here itself counts. */
static int
take_point(struct build *b, const struct mount_point *from, bool readonly,
           struct err *e)
{
	struct mount_point p = *from;
	struct mount m = { .destination = p.destination,
		           .type = arena_text(b->a, "bind") };
	bool bind = strcmp(p.type, "bind") == 0;

	if (is_taken(b, p.destination) ||
	    (!bind && strcmp(p.type, "volume") != 0))
		return 0;
	m.source = bind ? p.source : p.name;
	words_add(b->a, &m.options, "rbind");
	words_add(b->a, &m.options, p.propagation && *p.propagation
	          ? p.propagation : "rprivate");
	if (!b->flags->privileged)
		words_add(b->a, &m.options, "nodev");
	if (readonly || p.readonly)
		words_add(b->a, &m.options, "ro");
	if (p.subpath)
		words_add(b->a, &m.options, arena_format(b->a, "subpath=%s",
		                                         p.subpath));
	p.no_copy = true;
	p.row = false;
	return volumes_add(b, "--volumes-from", &m, &p, e);
}

static int
take_all(struct build *b, const char *text, struct err *e)
{
	const char *mode = text;
	char *name = parse_piece(b->a, &mode, ":");
	struct mount_point *v = NULL;
	size_t n = 0;

	if (!*name)
		return fail(e, EINVAL, "--volumes-from: '%s' has no name",
		            text);
	if (mode && strcmp(mode, "ro") != 0 && strcmp(mode, "rw") != 0 &&
	    strcmp(mode, "z") != 0)
		return fail(e, EINVAL, "--volumes-from: '%s': invalid mode: "
		            "%s", text, mode);
	if (b->host->points(name, &v, &n, b->a, e) < 0)
		return fail_in(e, "--volumes-from");
	for (size_t i = 0; i < n; i++)
		if (take_point(b, &v[i], mode && strcmp(mode, "ro") == 0,
		               e) < 0)
			return -1;
	return 0;
}

/* Without it, what is mounted in a container is no business of the host's,
 * whatever its mount says. */
static void
set_propagation(struct build *b)
{
	const char *found = NULL;

	for (size_t i = b->n_own_mounts; i < b->spec->n_mounts; i++) {
		const struct words *o = &b->spec->mounts[i].options;

		if (words_has(o, "shared") || words_has(o, "rshared"))
			found = "shared";
		else if (!found && (words_has(o, "slave") ||
		                    words_has(o, "rslave")))
			found = "rslave";
	}
	b->linux_part->rootfs_propagation = arena_text(b->a, found);
}

int
build_volumes(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;

	b->n_own_mounts = b->spec->n_mounts;
	if (build_volume_rows(b, e) < 0 || build_mount_rows(b, e) < 0)
		return -1;
	for (size_t i = 0; i < f->tmpfs.n; i++) {
		const char *rest = f->tmpfs.v[i];
		char *target = parse_piece(b->a, &rest, ":");

		if (build_tmpfs(b, target, rest, NULL, e) < 0)
			return -1;
	}
	for (size_t i = f->volumes_from.n; i > 0; i--)
		if (take_all(b, f->volumes_from.v[i - 1], e) < 0)
			return -1;
	set_propagation(b);
	mounts_order(b->spec);
	return 0;
}
