/* SPDX-License-Identifier: ISC */
/* A container as a row of `ps`. */
#include "report/report.h"
#include "cli/cli.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#define SHORT_ID 12
#define SHORT_COMMAND 20
#define SHORT_MOUNT 15

const char *const report_row_headings[] = {
	"ID", "CONTAINER ID",   "Names", "NAMES",       "Image", "IMAGE",
	"Command", "COMMAND",   "CreatedAt", "CREATED AT",
	"RunningFor", "CREATED", "Status", "STATUS",    "State", "STATE",
	"Ports", "PORTS",       "Size", "SIZE",         "Labels", "LABELS",
	"Mounts", "MOUNTS",     "LocalVolumes", "LOCAL VOLUMES",
	"Networks", "NETWORKS", "Platform", "PLATFORM",
	"Label", "",            NULL
};

char *
report_short(struct arena *a, const char *text, size_t most)
{
	const char *end = text;
	size_t n = 0;

	while (*end && n + 1 < most) {
		do
			end++;
		while (((unsigned char)*end & 0xc0) == 0x80);
		n++;
	}
	if (!*end || (!end[1] && (*end & 0x80) == 0))
		return arena_text(a, text);
	return arena_format(a, "%.*s…", (int)(end - text), text);
}

/* The clock may have been set back meanwhile. */
char *
report_ago(struct arena *a, const char *text)
{
	int64_t then = container_seconds(text);
	int64_t span = (int64_t)time(NULL) - then;

	return then < 0 ? arena_text(a, "some time")
	                : cli_ago(a, span < 0 ? 0 : span);
}

/* Docker's words. */
static const char *
health(struct arena *a, const struct container *c)
{
	const char *status = report_health(a, c);

	return strcmp(status, "none") == 0 ? ""
	       : strcmp(status, "starting") == 0 ? " (health: starting)"
	       : arena_format(a, " (%s)", status);
}

char *
report_status(struct arena *a, const struct container *c)
{
	const struct record *r = &c->record;

	switch (container_state(c)) {
	case CONTAINER_RUNNING:
		return arena_format(a, "Up %s%s%s", report_ago(a, r->started),
		                    health(a, c),
		                    c->watched ? "" : " (no monitor)");
	case CONTAINER_PAUSED:
		return arena_format(a, "Up %s (Paused)",
		                    report_ago(a, r->started));
	case CONTAINER_RESTARTING:
	case CONTAINER_EXITED:
		return arena_format(a, "%s (%" PRId64 ") %s ago",
		                    container_state(c) == CONTAINER_EXITED
		                    ? "Exited" : "Restarting",
		                    r->exit_status.value,
		                    report_ago(a, r->finished));
	case CONTAINER_CREATED:
		return arena_text(a, "Created");
	default:
		return arena_text(a, "Dead");
	}
}

/* As docker's daemon, an argument with a blank in it stands in quotes. */
static char *
command(struct arena *a, const struct words *words, bool whole)
{
	AUTO(buf) struct buf text = { 0 }, quoted = { 0 };

	buf_text(&text, words->n ? words->v[0] : "");
	for (size_t i = 1; i < words->n; i++) {
		const char *quote = strchr(words->v[i], ' ') ? "'" : "";

		buf_format(&text, " %s%s%s", quote, words->v[i], quote);
	}
	template_quote(&quoted, whole ? text.data
	                              : report_short(a, text.data,
	                                             SHORT_COMMAND));
	return arena_text(a, quoted.data);
}

static char *
created_at(struct arena *a, const char *created)
{
	time_t then = (time_t)container_seconds(created);
	struct tm parts;
	char text[64];

	if (then < 0 || !localtime_r(&then, &parts))
		return arena_text(a, "");
	strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %z %Z", &parts);
	return arena_text(a, text);
}

static struct value *
label_map(struct arena *a, const struct pairs *labels, char **all)
{
	AUTO(buf) struct buf text = { 0 };
	struct value *map = value_map(a);

	for (size_t i = 0; i < labels->n; i++)
		value_set(a, map, labels->v[i].key,
		          value_text(a, labels->v[i].value));
	buf_text(&text, "");
	for (size_t i = 0; i < map->n; i++)
		buf_format(&text, "%s%s=%s", i ? "," : "", map->v[i].key,
		           map->v[i].value->text);
	*all = arena_text(a, text.data);
	map->kind = VALUE_LOOKUP;
	return map;
}

/* A volume by its name, anything else by what it shows. */
static char *
mounts(struct arena *a, const struct record *r, bool whole)
{
	AUTO(buf) struct buf text = { 0 };

	buf_text(&text, "");
	for (size_t i = 0; i < r->n_mounts; i++) {
		const struct mount_point *p = &r->mounts[i];
		const char *name = p->name     ? p->name
		                   : p->source ? p->source
		                               : p->destination;

		buf_format(&text, "%s%s", i ? "," : "",
		           whole ? name : report_short(a, name, SHORT_MOUNT));
	}
	return arena_text(a, text.data);
}

static char *
count_volumes(struct arena *a, const struct record *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_mounts; i++)
		n += strcmp(r->mounts[i].type, "volume") == 0;
	return arena_format(a, "%zu", n);
}

static char *
size(struct arena *a, const struct container *c)
{
	int64_t own, all;

	report_size(c, &own, &all);
	return arena_format(a, "%s (virtual %s)", report_bytes(a, (double)own),
	                    report_bytes(a, (double)all));
}

/* The spec, and the file system, are read only for who asks. */
struct value *
report_row(struct container *c, const struct report_row *how, struct arena *a)
{
	const struct record *r = &c->record;
	bool sized = how->size || (how->t && !how->json &&
	                           template_wants(how->t, "Size"));
	bool spec = sized || (how->t && template_wants(how->t, "Networks"));
	struct value *v = value_record(a, "*formatter.ContainerContext");
	struct err ignored;
	char *labels;
	struct value *hidden, *nothing;
	struct value *map = label_map(a, &r->labels, &labels);
	const struct {
		const char *name, *text;
	} fields[] = {
		{ "Command", command(a, &r->command, how->whole) },
		{ "CreatedAt", created_at(a, r->created) },
		{ "ID", how->whole ? r->id
		                   : arena_bytes(a, r->id, SHORT_ID) },
		{ "Image", r->image },
		{ "Labels", labels },
		{ "LocalVolumes", count_volumes(a, r) },
		{ "Mounts", mounts(a, r, how->whole) },
		{ "Names", r->name },
		{ "Networks", spec && container_load_spec(c, &ignored) == 0
		              ? report_network(&c->spec, a) : "" },
		{ "Ports", "" },
		{ "RunningFor", r->created ? arena_format(a, "%s ago",
		                report_ago(a, r->created)) : "" },
		{ "Size", sized ? size(a, c) : "0B" },
		{ "State", container_state_name(container_state(c)) },
		{ "Status", report_status(a, c) },
	};

	nothing = value_null(a);
	nothing->nil = true;
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (strcmp(fields[i].name, "Ports") == 0) /* by the alphabet */
			value_set(a, v, "Platform", nothing);
		value_set(a, v, fields[i].name, value_text(a, fields[i].text));
	}
	value_set(a, v, "Label", map);
	/* Not docker's, and so only for who names it. */
	hidden = value_int(a, r->pid.set ? r->pid.value : 0);
	hidden->hidden = true;
	value_set(a, v, "Pid", hidden);
	return v;
}
