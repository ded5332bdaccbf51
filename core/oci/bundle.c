/* SPDX-License-Identifier: ISC */
/* A bundle's config.json, and what a runtime makes of it by itself. */
#include "oci/box.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Before any other rule: what is not allowed is denied. */
static const struct device_rule deny_all[] = {
	{ .allow = false, .type = (char *)(uintptr_t)"a",
	  .access = (char *)(uintptr_t)"rwm" },
};

#define EACH    { false, 0 }
#define NODE(n) { true, n }
#define DEVICE(kind, major_, minor_, access_) \
	{ .allow = true, .type = (char *)(uintptr_t)kind, .major = major_, \
	  .minor = minor_, .access = (char *)(uintptr_t)access_ }

/*
 * After all others: what every container has (config-linux.md, default
 * devices), its terminals, and making any node, as it cannot be opened.
 */
static const struct device_rule allow_usual[] = {
	DEVICE("c", EACH, EACH, "m"),
	DEVICE("b", EACH, EACH, "m"),
	DEVICE("c", NODE(1), NODE(3), "rwm"),   /* null */
	DEVICE("c", NODE(1), NODE(5), "rwm"),   /* zero */
	DEVICE("c", NODE(1), NODE(7), "rwm"),   /* full */
	DEVICE("c", NODE(1), NODE(8), "rwm"),   /* random */
	DEVICE("c", NODE(1), NODE(9), "rwm"),   /* urandom */
	DEVICE("c", NODE(5), NODE(0), "rwm"),   /* tty */
	DEVICE("c", NODE(5), NODE(1), "rwm"),   /* console */
	DEVICE("c", NODE(5), NODE(2), "rwm"),   /* ptmx */
	DEVICE("c", NODE(136), EACH, "rwm"),    /* pts */
};

static void
add_rules(struct spec *s)
{
	struct resources *r = s->linux_part->resources;
	size_t n = sizeof(allow_usual) / sizeof(*allow_usual);

	if (!r)
		r = arena_new(&s->arena, sizeof(*r));
	s->linux_part->resources = r;
	if (r->n_devices == 0)
		*LIST_ADD(&s->arena, r->devices, r->n_devices) = deny_all[0];
	for (size_t i = 0; i < n; i++)
		*LIST_ADD(&s->arena, r->devices, r->n_devices) =
		        allow_usual[i];
}

static bool
is_managed_by(const struct oci_globals *g, const char *manager)
{
	const char *asked = g->manager ? g->manager
	                    : g->systemd ? "systemd" : "cgroupfs";

	return strcmp(asked, manager) == 0;
}

/*
 * A relative path is ours to interpret (config-linux.md, cgroupsPath), the same
 * each time; without one the id is.
 */
static int
place_cgroup(struct oci *c, const struct oci_globals *g, struct err *e)
{
	struct linux_part *l = c->spec.linux_part;
	struct oci_record *r = &c->record;
	const char *path = l->cgroups_path;

	c->strict = !box_is_rootless(g) || (path && *path);
	if (is_managed_by(g, "disabled")) {
		l->resources = NULL;
		return 0;
	}
	if (is_managed_by(g, "systemd")) {
		if (systemd_unit(&r->scope, path, c->id, &c->arena, e) < 0)
			return -1;
		r->cgroup = systemd_cgroup(&r->scope, &c->arena);
	} else {
		if (!path || !*path)
			path = c->id;
		r->cgroup = arena_format(&c->arena, "%s%s", *path == '/'
		                         ? "" : "/mydocker/", path);
	}
	l->cgroups_path = arena_text(&c->spec.arena, r->cgroup);
	return 0;
}

static void
fill_record(struct oci *c, const char *bundle)
{
	struct oci_record *r = &c->record;
	const char *root = c->spec.root->path;

	r->bundle = arena_text(&c->arena, bundle);
	r->rootfs = *root == '/'
	        ? arena_text(&c->arena, root)
	        : arena_format(&c->arena, "%s/%s", bundle, root);
	for (size_t i = 0; i < c->spec.annotations.n; i++)
		pairs_set(&c->arena, &r->annotations,
		          c->spec.annotations.v[i].key,
		          c->spec.annotations.v[i].value);
}

static int
enter(const char *bundle, char path[PATH_MAX], struct err *e)
{
	if (bundle && chdir(bundle) < 0)
		return fail_sys(e, "--bundle: '%s'", bundle);
	if (!getcwd(path, PATH_MAX))
		return fail_sys(e, "--bundle");
	return 0;
}

int
bundle_read(struct oci *c, const struct oci_globals *g,
            const struct oci_how *how, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	const char *name = how->config ? how->config : "config.json";
	char path[PATH_MAX];

	if (enter(how->bundle, path, e) < 0 ||
	    box_read_file(name, &text, e) < 0)
		return -1;
	if (spec_read(&c->spec, text.data ? text.data : "", text.n, e) < 0 ||
	    spec_check(&c->spec, e) < 0)
		return fail_in(e, "%s", name);
	if (!c->spec.linux_part)
		c->spec.linux_part = arena_new(&c->spec.arena,
		                               sizeof(*c->spec.linux_part));
	c->record.id = c->id;
	fill_record(c, path);
	add_rules(&c->spec);
	return place_cgroup(c, g, e);
}
