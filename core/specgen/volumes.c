/* SPDX-License-Identifier: ISC */
/* What is mounted in a container: -v, --mount, --tmpfs, --volumes-from. */
#include "specgen/inside.h"
#include "specgen/mounts.h"

#include <errno.h>
#include <string.h>

/* One mount of another container's; what was said here itself counts. */
static int
take_point(struct build *b, const struct mount_point *from, bool readonly,
           struct err *e)
{
	struct mount_point p = *from;
	struct mount m = { .destination = p.destination,
		           .type = arena_text(b->a, "bind") };
	bool bind = strcmp(p.type, "bind") == 0;

	if (target_is_taken(b, p.destination) ||
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
	return target_add(b, "--volumes-from", &m, &p, e);
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
