/* SPDX-License-Identifier: ISC */
/* A tmpfs: --tmpfs, and --mount type=tmpfs. */
#include "specgen/inside.h"
#include "specgen/mounts.h"

#include <errno.h>
#include <string.h>

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

	if (target_read(b, option, target, &m.destination, e) < 0)
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
	return target_add(b, option, &m, p, e);
}
