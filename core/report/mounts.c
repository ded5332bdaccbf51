/* SPDX-License-Identifier: ISC */
/* The mounts and networks of a container, in docker's words. */
#include "report/report.h"

#include <string.h>

static void
set(struct value *v, const char *key, const char *text, struct arena *a)
{
	value_set(a, v, key, value_text(a, text));
}

/* Templates find it empty, and JSON has none. */
static void
hide(struct value *v, const char *key, struct arena *a)
{
	set(v, key, "", a);
	value_get(v, key)->hidden = true;
}

/* A volume has a name and a driver, and no propagation. */
static struct value *
one_mount(const struct mount_point *p, struct arena *a)
{
	struct value *v = value_record(a, "container.MountPoint");
	bool volume = strcmp(p->type, "volume") == 0;

	set(v, "Type", p->type, a);
	if (volume)
		set(v, "Name", p->name, a);
	set(v, "Source", p->source, a);
	set(v, "Destination", p->destination, a);
	if (volume)
		set(v, "Driver", "local", a);
	set(v, "Mode", p->mode, a);
	value_set(a, v, "RW", value_flag(a, !p->readonly));
	set(v, "Propagation", p->propagation, a);
	if (!volume) {
		hide(v, "Name", a);
		hide(v, "Driver", a);
	}
	return v;
}

struct value *
report_mounts(const struct record *r, struct arena *a)
{
	struct value *list = value_list(a);

	for (size_t i = 0; i < r->n_mounts; i++)
		value_add(a, list, one_mount(&r->mounts[i], a));
	return list;
}

char *
report_network(const struct spec *s, struct arena *a)
{
	const struct namespace_row *net = spec_namespace(s, NAMESPACE_NETWORK);

	if (!net)
		return arena_text(a, "host");
	return net->path ? arena_format(a, "ns:%s", net->path)
	                 : arena_text(a, "none");
}
