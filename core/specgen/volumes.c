/* SPDX-License-Identifier: ISC */
/* -v and --tmpfs, and where in a container something may be mounted. */
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

int
volumes_add(struct build *b, const char *option, struct mount *m,
               struct err *e)
{
	struct mount *before = b->spec->mounts;
	size_t n = b->spec->n_mounts;

	/* ours are before the user's, and he may replace them once */
	for (size_t i = b->n_own_mounts; i < n; i++)
		if (strcmp(before[i].destination, m->destination) == 0)
			return fail(e, EINVAL, "%s: the target '%s' is given "
			            "twice", option, m->destination);
	*(struct mount *)LIST_ADD(b->a, b->spec->mounts,
	                          b->spec->n_mounts) = *m;
	return 0;
}

bool
volumes_is_propagation(const char *word)
{
	static const char *const modes[] = { "private", "rprivate", "shared",
		                             "rshared", "slave", "rslave" };

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (strcmp(word, modes[i]) == 0)
			return true;
	return false;
}

/* Options of -v. What docker takes and what here has no effect is left out:
 * labels of SELinux, copying into a named volume, Mac OS' caches. */
static const struct {
	const char *name;
	int group; /* only one of a group may be given */
	bool keep;
} volume_options[] = {
	{ "ro", 1, true },      { "rw", 1, true },
	{ "z", 2, false },      { "Z", 2, false },
	{ "nocopy", 3, false }, { "consistent", 4, false },
	{ "cached", 4, false }, { "delegated", 4, false },
	{ "nosuid", 5, true },  { "suid", 5, true },
	{ "nodev", 6, true },   { "dev", 6, true },
	{ "noexec", 7, true },  { "exec", 7, true },
	{ "bind", 8, true },    { "rbind", 8, true },
};

#define GROUP_DEVICES 6
#define GROUP_BIND 8
#define GROUP_PROPAGATION 9

static int
option_group(const char *word, bool *keep)
{
	*keep = true;
	if (volumes_is_propagation(word))
		return GROUP_PROPAGATION;
	for (size_t i = 0;
	     i < sizeof(volume_options) / sizeof(volume_options[0]); i++)
		if (strcmp(volume_options[i].name, word) == 0) {
			*keep = volume_options[i].keep;
			return volume_options[i].group;
		}
	return 0;
}

static int
volume_words(struct build *b, const char *text, const char *whole,
             struct words *options, struct err *e)
{
	unsigned seen = 0;
	char *word;

	while ((word = parse_piece(b->a, &text, ","))) {
		bool keep;
		int group = option_group(word, &keep);

		if (!group)
			return fail(e, EINVAL, "--volume: '%s': unknown option "
			            "'%s'", whole, word);
		if (seen & 1u << group)
			return fail(e, EINVAL, "--volume: '%s': '%s' "
			            "contradicts another option", whole, word);
		seen |= 1u << group;
		if (keep)
			words_add(b->a, options, word);
	}
	if (!(seen & 1u << GROUP_BIND))
		words_add(b->a, options, "rbind");
	if (!(seen & 1u << GROUP_PROPAGATION))
		words_add(b->a, options, "rprivate");
	/* a device comes through --device, which tells the cgroup, too */
	if (!(seen & 1u << GROUP_DEVICES) && !b->flags->privileged)
		words_add(b->a, options, "nodev");
	return 0;
}

static int
add_volume(struct build *b, const char *whole, struct err *e)
{
	const char *rest = whole;
	char *source = parse_piece(b->a, &rest, ":");
	char *target = parse_piece(b->a, &rest, ":");
	struct mount m = { .type = arena_text(b->a, "bind") };

	if (!target)
		return fail(e, EINVAL, "--volume: '%s': anonymous volumes are "
		            "not supported yet; give SOURCE:TARGET", whole);
	if (rest && strchr(rest, ':'))
		return fail(e, EINVAL, "--volume: '%s' is not "
		            "SOURCE:TARGET[:OPTIONS]", whole);
	if (!*source)
		return fail(e, EINVAL, "--volume: '%s': no source", whole);
	if (source[0] != '/' && source[0] != '.')
		return fail(e, EINVAL, "--volume: '%s': named volumes are not "
		            "supported yet; give an absolute path", whole);
	if (volumes_target(b, "--volume", target, &m.destination, e) < 0 ||
	    volume_words(b, rest, whole, &m.options, e) < 0)
		return -1;
	m.source = parse_host_path(b, source);
	words_add(b->a, &b->sources, m.source);
	return volumes_add(b, "--volume", &m, e);
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
build_tmpfs(struct build *b, const char *option, const char *target,
            const char *options, struct err *e)
{
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
	return volumes_add(b, option, &m, e);
}

int
build_volumes(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;

	b->n_own_mounts = b->spec->n_mounts;
	for (size_t i = 0; i < f->volumes.n; i++)
		if (add_volume(b, f->volumes.v[i], e) < 0)
			return -1;
	if (build_mount_rows(b, e) < 0)
		return -1;
	for (size_t i = 0; i < f->tmpfs.n; i++) {
		const char *rest = f->tmpfs.v[i];
		char *target = parse_piece(b->a, &rest, ":");

		if (build_tmpfs(b, "--tmpfs", target, rest, e) < 0)
			return -1;
	}
	mounts_order(b->spec);
	return 0;
}
