/* SPDX-License-Identifier: ISC */
/* From flags to a spec: the parts, in the order in which they need another. */
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

#define VERSION "1.2.0"

static int
set_root(struct build *b, struct err *e)
{
	const char *dir = b->flags->rootfs;
	struct root *root = arena_new(b->a, sizeof(*root));

	if (dir && !*dir)
		return fail(e, EINVAL, "--rootfs: empty");
	root->path = dir ? parse_host_path(b, dir) : arena_text(b->a, "/");
	root->readonly = b->flags->read_only;
	b->spec->root = root;
	return 0;
}

static int
add_pair(struct build *b, const char *option, const char *text,
         struct pairs *into, struct err *e)
{
	const char *value = text;
	char *name = parse_piece(b->a, &value, "=");

	if (!*name)
		return fail(e, EINVAL, "%s: '%s' has no name", option, text);
	pairs_set(b->a, into, name, value ? value : "");
	return 0;
}

static int
set_labels(struct build *b, struct pairs *labels, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	struct env_reader r = { b->host, b->a, "--label-file" };
	struct words lines = { 0 };

	for (size_t i = 0; i < f->label_file.n; i++)
		if (env_lines(&lines, f->label_file.v[i], &r, e) < 0)
			return -1;
	for (size_t i = 0; i < lines.n; i++)
		if (add_pair(b, "--label-file", lines.v[i], labels, e) < 0)
			return -1;
	for (size_t i = 0; i < f->labels.n; i++)
		if (add_pair(b, "--label", f->labels.v[i], labels, e) < 0)
			return -1;
	for (size_t i = 0; i < f->annotations.n; i++)
		if (add_pair(b, "--annotation", f->annotations.v[i],
		             &b->spec->annotations, e) < 0)
			return -1;
	return 0;
}

static int
set_stop_signal(struct build *b, char **signal, struct err *e)
{
	const char *text = b->flags->stop_signal;
	int number = text ? spec_signal_number(text) : 0;

	if (number < 0)
		return fail(e, EINVAL, "--stop-signal: no signal is called "
		            "'%s'", text);
	if (text)
		*signal = arena_text(b->a, spec_signal_name(number));
	return 0;
}

/* container_create adds the group of the container itself. */
static int
set_cgroup_parent(struct build *b, struct err *e)
{
	const char *parent = b->flags->cgroup_parent;
	char *absolute, *clean;

	if (!parent)
		return 0;
	absolute = arena_format(b->a, "%s%s", parent[0] == '/' ? "" : "/",
	                        parent);
	clean = parse_path(b->a, absolute);
	if (!clean || strcmp(clean, "/") == 0)
		return fail(e, EINVAL, "--cgroup-parent: '%.100s' is not the "
		            "path of a group, without '..'", parent);
	b->linux_part->cgroups_path = clean;
	return 0;
}

static int
build_all(struct build *b, char **command, struct err *e)
{
	if (set_root(b, e) < 0 || build_namespaces(b, e) < 0 ||
	    build_capabilities(b, e) < 0 || build_process(b, command, e) < 0 ||
	    build_mounts(b, e) < 0 || build_volumes(b, e) < 0 ||
	    build_devices(b, e) < 0 || build_memory(b, e) < 0 ||
	    build_cpu(b, e) < 0 || build_block_io(b, e) < 0 ||
	    build_security(b, e) < 0 || build_sysctls(b, e) < 0)
		return -1;
	return set_cgroup_parent(b, e);
}

int
specgen_build(const struct specgen_flags *flags, char **command,
              const struct host *host, struct specgen_result *out,
              struct err *e)
{
	struct specgen_result made = { 0 };
	struct build b = { .flags = flags, .host = host, .e = e };

	b.spec = &made.spec;
	b.a = &made.spec.arena;
	made.spec.oci_version = arena_text(b.a, VERSION);
	made.spec.process = arena_new(b.a, sizeof(*made.spec.process));
	b.linux_part = made.spec.linux_part =
	        arena_new(b.a, sizeof(*b.linux_part));
	b.linux_part->resources = arena_new(b.a,
	                                    sizeof(*b.linux_part->resources));
	if (build_all(&b, command, e) < 0 ||
	    set_labels(&b, &made.labels, e) < 0 ||
	    set_stop_signal(&b, &made.stop_signal, e) < 0 ||
	    build_life(&b, &made, e) < 0 ||
	    spec_check(&made.spec, e) < 0) {
		auto_spec(&made.spec);
		return -1;
	}
	made.image = made.spec.root->path;
	made.env = b.env;
	made.sources = b.sources;
	made.binds = b.binds;
	made.points = b.points;
	made.n_points = b.n_points;
	*out = made;
	return 0;
}
