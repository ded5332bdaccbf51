/* SPDX-License-Identifier: ISC */
/* The parts of the document that repeat what the user has asked for. */
#include "report/report.h"
#include "report/document.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "net_admin" is "CAP_NET_ADMIN", each once and sorted, as docker's command
 * sends them; ALL stays so. */
static struct words
capabilities(const struct words *from, struct arena *a)
{
	struct words all = { 0 };

	for (size_t i = 0; i < from->n; i++) {
		char *name = arena_text(a, from->v[i]);

		for (char *c = name; *c; c++)
			*c = (char)toupper((unsigned char)*c);
		if (strcmp(name, "ALL") != 0 && strncmp(name, "CAP_", 4) != 0)
			name = arena_format(a, "CAP_%s", name);
		if (!words_has(&all, name))
			words_add(a, &all, name);
	}
	if (all.n)
		qsort(all.v, all.n, sizeof(*all.v), by_text);
	return all;
}

static void
add_empty(struct document *d, const char *key)
{
	struct value *list = value_list(d->arena);

	list->texts = true;
	value_set(d->arena, d->into, key, list);
}

/* Texts with a sign in them, as a map; none is left out. */
static void
add_map(struct document *d, const char *key, const struct words *texts,
        char sign)
{
	struct value *map = value_map(d->arena);

	map->texts = true;
	for (size_t i = 0; i < texts->n; i++) {
		char *name = arena_text(d->arena, texts->v[i]);
		char *value = strchr(name, sign);

		if (value)
			*value++ = '\0';
		value_set(d->arena, map, name,
		          value_text(d->arena, value ? value : ""));
	}
	if (map->n)
		value_set(d->arena, d->into, key, map);
}

static void
add_volume_options(struct document *d, const struct mount_point *p)
{
	struct document in, driver;

	if (!p->no_copy && !p->subpath && !p->labels.n && !p->options.n)
		return;
	in = document_inside(d, "VolumeOptions", "mount.VolumeOptions");
	if (p->no_copy)
		document_flag(&in, "NoCopy", true);
	if (p->labels.n)
		document_pairs(&in, "Labels", &p->labels);
	if (p->subpath)
		document_text(&in, "Subpath", p->subpath);
	driver = document_inside(&in, "DriverConfig", "mount.Driver");
	if (p->options.n)
		document_pairs(&driver, "Options", &p->options);
}

static void
add_bind_options(struct document *d, const struct mount_point *p)
{
	const char *below = pairs_get(&p->options, "recursive");
	bool other = p->propagation && strcmp(p->propagation, "rprivate") != 0;
	struct document in;

	if (!other && !p->options.n)
		return;
	in = document_inside(d, "BindOptions", "mount.BindOptions");
	if (other)
		document_text(&in, "Propagation", p->propagation);
	if (below)
		document_flag(&in, strcmp(below, "disabled") == 0
		              ? "NonRecursive"
		              : strcmp(below, "writable") == 0
		              ? "ReadOnlyNonRecursive"
		              : "ReadOnlyForceRecursive", true);
	if (pairs_get(&p->options, "create"))
		document_flag(&in, "CreateMountpoint", true);
}

static void
add_tmpfs_options(struct document *d, const struct mount_point *p)
{
	const char *size = pairs_get(&p->options, "size");
	const char *mode = pairs_get(&p->options, "mode");
	struct document in;

	if (!size && !mode)
		return;
	in = document_inside(d, "TmpfsOptions", "mount.TmpfsOptions");
	if (size)
		document_int(&in, "SizeBytes", strtoll(size, NULL, 10));
	if (mode)
		document_int(&in, "Mode", strtol(mode, NULL, 8));
}

/* docker's mount.Mount, in which nothing stands that was not said. */
static struct value *
one_row(struct document *d, const struct mount_point *p)
{
	struct document in = *d;
	bool bind = strcmp(p->type, "bind") == 0;

	in.into = value_record(d->arena, "mount.Mount");
	document_text(&in, "Type", p->type);
	if (bind || (p->name && !p->anonymous))
		document_text(&in, "Source", bind ? p->source : p->name);
	document_text(&in, "Target", p->destination);
	if (p->readonly)
		document_flag(&in, "ReadOnly", true);
	if (bind)
		add_bind_options(&in, p);
	else if (strcmp(p->type, "tmpfs") == 0)
		add_tmpfs_options(&in, p);
	else
		add_volume_options(&in, p);
	document_hide(&in, "Source", VALUE_TEXT);
	document_hide(&in, "ReadOnly", VALUE_FLAG);
	document_hide(&in, "Consistency", VALUE_TEXT);
	document_hide(&in, "BindOptions", VALUE_NULL);
	document_hide(&in, "TmpfsOptions", VALUE_NULL);
	document_hide(&in, "VolumeOptions", VALUE_NULL);
	return in.into;
}

static void
add_rows(struct document *d)
{
	const struct record *r = &d->container->record;
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < r->n_mounts; i++)
		if (r->mounts[i].row)
			value_add(d->arena, list, one_row(d, &r->mounts[i]));
	if (list->n)
		value_set(d->arena, d->into, "Mounts", list);
}

void
document_asked(struct document *d)
{
	const struct asked *asked = &d->container->record.asked;
	struct words add = capabilities(&asked->cap_add, d->arena);
	struct words drop = capabilities(&asked->cap_drop, d->arena);

	document_words(d, "Binds", &asked->binds);
	add_map(d, "Sysctls", &asked->sysctls, '=');
	document_text(d, "ContainerIDFile", asked->cidfile);
	document_text(d, "VolumeDriver", asked->volume_driver);
	document_words(d, "VolumesFrom", &asked->volumes_from);
	add_map(d, "Annotations", &asked->annotations, '=');
	document_words(d, "CapAdd", &add);
	document_words(d, "CapDrop", &drop);
	add_empty(d, "Dns");
	add_empty(d, "DnsOptions");
	add_empty(d, "DnsSearch");
	document_nil(d, "ExtraHosts", VALUE_LIST);
	document_words(d, "GroupAdd", &asked->group_add);
	document_nil(d, "Links", VALUE_LIST);
	document_words(d, "SecurityOpt", &asked->security_opt);
	add_map(d, "Tmpfs", &asked->tmpfs, ':');
	add_rows(d);
	document_hide(d, "Annotations", VALUE_MAP);
	document_hide(d, "Sysctls", VALUE_MAP);
	document_hide(d, "Tmpfs", VALUE_MAP);
	document_hide(d, "StorageOpt", VALUE_MAP);
	document_hide(d, "Mounts", VALUE_LIST);
	document_alias(d, "DNS", "Dns");
	document_alias(d, "DNSOptions", "DnsOptions");
	document_alias(d, "DNSSearch", "DnsSearch");
}

/* Those of -v that have no name: {"/data": {}}. */
void
document_volumes(struct document *d)
{
	const struct record *r = &d->container->record;
	struct value *map = value_map(d->arena);

	for (size_t i = 0; i < r->n_mounts; i++)
		if (r->mounts[i].anonymous && !r->mounts[i].row)
			value_set(d->arena, map,
			          arena_text(d->arena,
			                     r->mounts[i].destination),
			          value_map(d->arena));
	if (map->n)
		value_set(d->arena, d->into, "Volumes", map);
	else
		document_nil(d, "Volumes", VALUE_MAP);
}
