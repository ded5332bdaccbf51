/* SPDX-License-Identifier: ISC */
/* events --stats: what resctrl tells of a container, in runc's words. */
#include "oci/box.h"
#include "oci/object.h"
#include "resctrl/resctrl.h"
#include "sys/fd.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 65536 /* bytes of a file */

/* A file of one line; NULL: there is none. */
static char *
line_of(int dir, const char *file, struct arena *a)
{
	AUTO(buf) struct buf text = { 0 };

	if (fd_read_at(dir, file, MOST, &text) < 0 || !text.n)
		return NULL;
	return arena_bytes(a, text.data, strcspn(text.data, "\n"));
}

static uint64_t
number(int dir, const char *file)
{
	AUTO(arena) struct arena a = { 0 };
	const char *text = line_of(dir, file, &a);

	return text ? strtoull(text, NULL, 10) : 0;
}

/* The kernel puts blanks in front, so that the colons stand in one column. */
static struct words
schemata(int dir, struct arena *a)
{
	AUTO(buf) struct buf text = { 0 };
	struct words w = { 0 };
	char *rest, *line;

	if (fd_read_at(dir, "schemata", MOST, &text) < 0)
		return w;
	for (rest = text.data; rest && (line = strsep(&rest, "\n"));) {
		line += strspn(line, " ");
		if (*line)
			words_add(a, &w, line);
	}
	return w;
}

static void
schema(struct object *o, const char *name, const struct words *w,
       const char *resource)
{
	for (size_t i = 0; i < w->n; i++)
		if (strncmp(w->v[i], resource, strlen(resource)) == 0) {
			object_text(o, name, w->v[i]);
			return;
		}
}

/* What there is of one resource, at most, and of that the container's part. */
static const struct {
	const char *dir, *info, *at_root, *own;
	const char *numbers[5];
} resources[] = {
	{ "info/L3", "l3_cache_info", "l3_cache_schema_root",
	  "l3_cache_schema", { "min_cbm_bits", "num_closids" } },
	{ "info/MB", "mem_bw_info", "mem_bw_schema_root", "mem_bw_schema",
	  { "bandwidth_gran", "delay_linear", "min_bandwidth",
	    "num_closids" } },
};

static void
shares(struct object *o, int root, int group)
{
	AUTO(arena) struct arena a = { 0 };
	const struct words all = schemata(root, &a), own = schemata(group, &a);

	for (size_t i = 0; i < sizeof(resources) / sizeof(*resources); i++) {
		AUTO(close) int dir = openat(root, resources[i].dir,
		                             O_RDONLY | O_DIRECTORY |
		                             O_CLOEXEC);
		const char *resource = resources[i].dir + strlen("info/");

		if (dir < 0)
			continue;
		object_begin(o, resources[i].info);
		object_text(o, "cbm_mask", line_of(dir, "cbm_mask", &a));
		for (int k = 0; resources[i].numbers[k]; k++)
			object_more(o, resources[i].numbers[k],
			            number(dir, resources[i].numbers[k]));
		object_end(o);
		schema(o, resources[i].at_root, &all, resource);
		schema(o, resources[i].own, &own, resource);
	}
	if (own.n)
		object_words(o, "schemata", &own);
}

/* A row for each directory below mon_data, of those of its files. */
static void
counters(struct object *o, int monitor, const char *name,
         const char *const *files)
{
	int fd = openat(monitor, "mon_data", O_RDONLY | O_DIRECTORY |
	                O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	bool any = false;

	if (!d)
		auto_close(&fd);
	while (d && (entry = readdir(d))) {
		AUTO(close) int node = *entry->d_name == '.' ? -1
		        : openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY |
		                 O_CLOEXEC);

		if (node < 0 || faccessat(node, files[0], R_OK, 0) < 0)
			continue;
		if (!any)
			object_key(o, name);
		buf_text(o->out, any ? ",{" : "[{");
		o->is_not_first = false;
		any = true;
		for (size_t i = 0; files[i]; i++)
			object_number(o, files[i], number(node, files[i]));
		object_end(o);
	}
	if (any)
		buf_text(o->out, "]");
	if (d)
		closedir(d);
}

static void
fill(struct object *o, const struct oci *c)
{
	static const char *const bandwidth[] = { "mbm_total_bytes",
	                                         "mbm_local_bytes", NULL };
	static const char *const cache[] = { "llc_occupancy", NULL };
	const struct intel_rdt *rdt = c->spec.linux_part->intel_rdt;
	struct err unheard;
	AUTO(close) int root = resctrl_root(&unheard);
	AUTO(close) int group = root < 0 ? -1
	        : resctrl_open(root, rdt, c->id, &unheard);
	AUTO(close) int monitor = group < 0 ? -1
	        : resctrl_monitor(group, rdt, c->id, &unheard);

	if (monitor < 0)
		return;
	shares(o, root, group);
	counters(o, monitor, "mbm_stats", bandwidth);
	counters(o, monitor, "cmt_stats", cache);
}

void
rdt_stats(struct object *o, const struct oci *c)
{
	object_begin(o, "intel_rdt");
	if (c->spec.linux_part && c->spec.linux_part->intel_rdt)
		fill(o, c);
	object_end(o);
}
