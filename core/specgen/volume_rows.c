/* SPDX-License-Identifier: ISC */
/* --volume: a path of the host, a volume by its name, or one without. */
#include "specgen/inside.h"
#include "specgen/mounts.h"

#include <errno.h>
#include <string.h>

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

enum kind { FOR_ALL, FOR_BINDS, FOR_VOLUMES, LABELS };

/* What may stand behind the last colon; what does nothing here (the caches of
 * Mac OS, the labels of a host without any) is left out of the mount. */
static const struct option {
	const char *name;
	int group; /* only one of a group may be given */
	bool keep;
	enum kind kind;
} options[] = {
	{ "ro", 1, true, FOR_ALL },
	{ "rw", 1, true, FOR_ALL },
	{ "z", 2, false, LABELS },
	{ "Z", 2, false, LABELS },
	{ "nocopy", 3, false, FOR_VOLUMES },
	{ "consistent", 4, false, FOR_ALL },
	{ "cached", 4, false, FOR_ALL },
	{ "delegated", 4, false, FOR_ALL },
	{ "nosuid", 5, true, FOR_ALL },
	{ "suid", 5, true, FOR_ALL },
	{ "nodev", 6, true, FOR_ALL },
	{ "dev", 6, true, FOR_ALL },
	{ "noexec", 7, true, FOR_ALL },
	{ "exec", 7, true, FOR_ALL },
	{ "bind", 8, true, FOR_BINDS },
	{ "rbind", 8, true, FOR_BINDS },
};

#define GROUP_COPY 3
#define GROUP_DEVICES 6
#define GROUP_BIND 8

static const struct option propagation = { "", 9, true, FOR_BINDS };

static const struct option *
find(const char *word)
{
	if (volumes_is_propagation(word))
		return &propagation;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (strcmp(options[i].name, word) == 0)
			return &options[i];
	return NULL;
}

/* One -v: its text, and what has been made of it so far. */
struct volume_row {
	const char *text;
	struct mount mount;
	struct mount_point point;
	unsigned seen; /* groups of options */
};

static int
check_kind(const struct build *b, const struct volume_row *r,
           const struct option *o, const char *word, struct err *e)
{
	bool bind = strcmp(r->point.type, "bind") == 0;

	if (o->kind == (bind ? FOR_VOLUMES : FOR_BINDS))
		return fail(e, EINVAL, "--volume: '%s': '%s' is for %s",
		            r->text, word, bind ? "volumes" : "paths of the "
		            "host");
	if (o->kind == LABELS && b->host->selinux)
		return fail(e, ENOTSUP, "--volume: '%s': '%s': giving files "
		            "SELinux labels is not supported; use chcon, or "
		            "--security-opt label=disable", r->text, word);
	return 0;
}

static int
read_word(struct build *b, struct volume_row *r, char *word, struct err *e)
{
	const struct option *o = find(word);

	if (!o)
		return fail(e, EINVAL, "--volume: '%s': unknown option '%s'",
		            r->text, word);
	if (r->seen & 1u << o->group)
		return fail(e, EINVAL, "--volume: '%s': '%s' contradicts "
		            "another option", r->text, word);
	if (check_kind(b, r, o, word, e) < 0)
		return -1;
	r->seen |= 1u << o->group;
	if (o == &propagation)
		r->point.propagation = word;
	if (o->keep)
		words_add(b->a, &r->mount.options, word);
	return 0;
}

static int
read_words(struct build *b, struct volume_row *r, const char *text,
           struct err *e)
{
	struct words *o = &r->mount.options;
	char *word;

	while ((word = parse_piece(b->a, &text, ",")))
		if (read_word(b, r, word, e) < 0)
			return -1;
	if (!(r->seen & 1u << GROUP_BIND))
		words_add(b->a, o, "rbind");
	if (!(r->seen & 1u << propagation.group))
		words_add(b->a, o, "rprivate");
	/* a device comes through --device, which tells the cgroup, too */
	if (!(r->seen & 1u << GROUP_DEVICES) && !b->flags->privileged)
		words_add(b->a, o, "nodev");
	r->point.no_copy = r->seen & 1u << GROUP_COPY;
	return 0;
}

/* docker says "z" of a volume with a name for which nothing was said. */
static void
set_source(struct build *b, struct volume_row *r, char *source,
           const char *mode)
{
	bool bind = source && (source[0] == '/' || source[0] == '.');

	r->point.type = arena_text(b->a, bind ? "bind" : "volume");
	r->point.mode = arena_text(b->a, mode ? mode
	                                 : bind || !source ? "" : "z");
	if (bind) {
		r->mount.source = parse_host_path(b, source);
		r->point.source = r->mount.source;
		r->point.propagation = arena_text(b->a, "rprivate");
		return;
	}
	r->point.name = source;
	r->point.anonymous = !source;
	/* Where it is, container_create knows, which makes it. */
	r->mount.source = source ? source : arena_text(b->a, "volume");
}

static int
add_row(struct build *b, const char *text, struct err *e)
{
	const char *mode = text;
	char *source = parse_piece(b->a, &mode, ":");
	char *target = parse_piece(b->a, &mode, ":");
	struct volume_row r = { .text = text,
		                .mount.type = arena_text(b->a, "bind") };

	if (mode && strchr(mode, ':'))
		return fail(e, EINVAL, "--volume: '%s' is not "
		            "SOURCE:TARGET[:OPTIONS]", text);
	if (!*source)
		return fail(e, EINVAL, "--volume: '%s': no %s", text,
		            target ? "source" : "target");
	set_source(b, &r, target ? source : NULL, mode);
	if (target_read(b, "--volume", target ? target : source,
	                   &r.mount.destination, e) < 0 ||
	    read_words(b, &r, mode, e) < 0)
		return -1;
	if (r.point.source)
		words_add(b->a, &b->sources, r.point.source);
	if (target)
		words_add(b->a, &b->binds,
		          arena_format(b->a, "%s:%s%s%s", r.mount.source,
		                       target, mode ? ":" : "",
		                       mode ? mode : ""));
	return target_add(b, "--volume", &r.mount, &r.point, e);
}

int
build_volume_rows(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;

	if (f->volume_driver && strcmp(f->volume_driver, "local") != 0)
		return fail(e, EINVAL, "--volume-driver: there is only "
		            "'local'");
	for (size_t i = 0; i < f->volumes.n; i++)
		if (add_row(b, f->volumes.v[i], e) < 0)
			return -1;
	return 0;
}
