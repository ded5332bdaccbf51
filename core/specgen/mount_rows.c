/* SPDX-License-Identifier: ISC */
/* --mount KEY=VALUE,...: docker's keys, separated as in a CSV line. */
#include "specgen/inside.h"
#include "specgen/mounts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum recursion { WHOLE_TREE, ONLY_THE_TOP, WRITABLE_BELOW, READONLY_BELOW };

/* One --mount, as it is read; `seen` has a bit for each row of the keys. */
struct row {
	char *type, *source, *target, *propagation, *consistency;
	char *recursive, *tmpfs_size, *tmpfs_mode, *subpath, *driver;
	bool readonly, nonrecursive, create, no_copy;
	struct pairs labels, options;
	unsigned seen;
};

/* What is inside of quotes may have commas, and "" for a quote. */
static int
next_field(struct arena *a, const char **text, char **field)
{
	AUTO(buf) struct buf out = { 0 };
	const char *c = *text;

	if (*c != '"') {
		*field = parse_piece(a, text, ",");
		return 0;
	}
	for (c++; *c; c++) {
		if (*c == '"' && c[1] != '"')
			break;
		c += *c == '"';
		buf_add(&out, c, 1);
	}
	if (*c != '"' || (c[1] && c[1] != ','))
		return -1;
	*text = c[1] ? c + 2 : NULL;
	*field = arena_text(a, out.n ? out.data : "");
	return 0;
}

static int
parse_flag(const char *key, const char *value, bool *flag, struct err *e)
{
	if (!value || strcmp(value, "true") == 0 || strcmp(value, "1") == 0)
		*flag = true;
	else if (strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
		*flag = false;
	else
		return fail(e, EINVAL, "--mount: %s: '%s' is not true or "
		            "false", key, value);
	return 0;
}

enum kind { TEXT, FLAG, PAIRS };

/* `type` of mount that they are for. */
static const struct {
	const char *name;
	size_t at;
	enum kind kind;
	const char *type;
} keys[] = {
#define ROW(name, member, ...) \
	{ name, offsetof(struct row, member), __VA_ARGS__ }
	ROW("type", type, TEXT, NULL),
	ROW("source", source, TEXT, NULL),
	ROW("src", source, TEXT, NULL),
	ROW("target", target, TEXT, NULL),
	ROW("destination", target, TEXT, NULL),
	ROW("dst", target, TEXT, NULL),
	ROW("readonly", readonly, FLAG, NULL),
	ROW("ro", readonly, FLAG, NULL),
	ROW("consistency", consistency, TEXT, NULL),
	ROW("bind-propagation", propagation, TEXT, "bind"),
	ROW("bind-nonrecursive", nonrecursive, FLAG, "bind"),
	ROW("bind-recursive", recursive, TEXT, "bind"),
	ROW("bind-create-src", create, FLAG, "bind"),
	ROW("volume-nocopy", no_copy, FLAG, "volume"),
	ROW("volume-subpath", subpath, TEXT, "volume"),
	ROW("volume-driver", driver, TEXT, "volume"),
	ROW("volume-label", labels, PAIRS, "volume"),
	ROW("volume-opt", options, PAIRS, "volume"),
	ROW("tmpfs-size", tmpfs_size, TEXT, "tmpfs"),
	ROW("tmpfs-mode", tmpfs_mode, TEXT, "tmpfs"),
#undef ROW
};

#define KEYS (sizeof(keys) / sizeof(keys[0]))

static void
set_pair(struct build *b, struct pairs *p, char *text)
{
	char *value = strchr(text, '=');

	if (value)
		*value++ = '\0';
	pairs_set(b->a, p, text, value ? value : "");
}

static int
set_key(struct build *b, struct row *r, const char *name, char *value,
        struct err *e)
{
	for (size_t i = 0; i < KEYS; i++) {
		void *member = (char *)r + keys[i].at;

		if (strcmp(keys[i].name, name) != 0)
			continue;
		r->seen |= 1u << i;
		if (keys[i].kind == FLAG)
			return parse_flag(name, value, member, e);
		if (!value || !*value)
			return fail(e, EINVAL, "--mount: %s: needs a value",
			            name);
		if (keys[i].kind == PAIRS)
			set_pair(b, member, value);
		else
			*(char **)member = value;
		return 0;
	}
	return fail(e, EINVAL, "--mount: unknown key '%s'", name);
}

static int
parse_row(struct build *b, const char *text, struct row *r, struct err *e)
{
	const char *rest = text;

	while (rest) {
		char *field, *value;

		if (next_field(b->a, &rest, &field) < 0)
			return fail(e, EINVAL, "--mount: '%s': a quote that "
			            "does not end", text);
		value = strchr(field, '=');
		if (value)
			*value++ = '\0';
		if (set_key(b, r, field, value, e) < 0)
			return -1;
	}
	return 0;
}

/* Docker's words. */
static int
check_types(const struct row *r, struct err *e)
{
	for (size_t i = 0; i < KEYS; i++)
		if (r->seen & 1u << i && keys[i].type &&
		    strcmp(keys[i].type, r->type) != 0)
			return fail(e, EINVAL, "--mount: cannot mix '%s-*' "
			            "options with mount type '%s'",
			            keys[i].type, r->type);
	return 0;
}

static int
check_keys(const struct row *r, struct err *e)
{
	if (check_types(r, e) < 0)
		return -1;
	if (strcmp(r->type, "tmpfs") == 0 && r->source)
		return fail(e, EINVAL, "--mount: type=tmpfs has no source");
	if (strcmp(r->type, "bind") == 0 && !r->source)
		return fail(e, EINVAL, "--mount: type=bind needs a source");
	if (r->driver && strcmp(r->driver, "local") != 0)
		return fail(e, EINVAL, "--mount: volume-driver: there is only "
		            "'local'");
	if (r->propagation && !volumes_is_propagation(r->propagation))
		return fail(e, EINVAL, "--mount: bind-propagation: no mode is "
		            "called '%s'", r->propagation);
	if (r->consistency && strcmp(r->consistency, "consistent") != 0 &&
	    strcmp(r->consistency, "cached") != 0 &&
	    strcmp(r->consistency, "delegated") != 0 &&
	    strcmp(r->consistency, "default") != 0)
		return fail(e, EINVAL, "--mount: consistency: no mode is "
		            "called '%s'", r->consistency);
	return 0;
}

static const char *const recursion_names[] = {
	"enabled", "disabled", "writable", "readonly"
};

static int
parse_recursion(const struct row *r, enum recursion *how, struct err *e)
{
	*how = r->nonrecursive ? ONLY_THE_TOP : WHOLE_TREE;
	if (!r->recursive)
		return 0;
	for (int i = 0; i < 4; i++)
		if (strcmp(r->recursive, recursion_names[i]) == 0) {
			*how = (enum recursion)i;
			break;
		} else if (i == 3) {
			return fail(e, EINVAL, "--mount: bind-recursive: '%s' "
			            "is none of enabled, disabled, writable "
			            "and readonly", r->recursive);
		}
	if (*how >= WRITABLE_BELOW && !r->readonly)
		return fail(e, EINVAL, "--mount: bind-recursive=%s needs "
		            "readonly", r->recursive);
	if (*how == READONLY_BELOW &&
	    (!r->propagation || strcmp(r->propagation, "rprivate") != 0))
		return fail(e, EINVAL, "--mount: bind-recursive=readonly needs "
		            "bind-propagation=rprivate");
	return 0;
}

static int
add_bind(struct build *b, const struct row *r, struct mount_point *p,
         struct err *e)
{
	struct mount m = { .type = arena_text(b->a, "bind") };
	enum recursion how;

	if (target_read(b, "--mount", r->target, &m.destination, e) < 0 ||
	    parse_recursion(r, &how, e) < 0)
		return -1;
	m.source = parse_host_path(b, r->source);
	p->source = m.source;
	if (how != WHOLE_TREE)
		pairs_set(b->a, &p->options, "recursive",
		          recursion_names[how]);
	if (r->create)
		pairs_set(b->a, &p->options, "create", "true");
	p->propagation = arena_text(b->a, r->propagation ? r->propagation
	                                                 : "rprivate");
	words_add(b->a, &m.options, how == ONLY_THE_TOP ? "bind" : "rbind");
	words_add(b->a, &m.options, p->propagation);
	if (r->readonly)
		words_add(b->a, &m.options, how == READONLY_BELOW ? "rro"
		                                                  : "ro");
	if (!b->flags->privileged)
		words_add(b->a, &m.options, "nodev");
	if (r->create)
		words_add(b->a, &b->sources, m.source);
	return target_add(b, "--mount", &m, p, e);
}

/* Below the volume, whatever is in it; init sees to that. */
static int
check_subpath(struct build *b, const char *subpath, struct err *e)
{
	if (subpath && (*subpath == '/' ||
	                !parse_path(b->a, arena_format(b->a, "/%s",
	                                               subpath))))
		return fail(e, EINVAL, "--mount: volume-subpath: '%s' must be "
		            "a relative path within the volume", subpath);
	return 0;
}

static int
add_volume(struct build *b, const struct row *r, struct mount_point *p,
           struct err *e)
{
	struct mount m = { .type = arena_text(b->a, "bind") };

	if (target_read(b, "--mount", r->target, &m.destination, e) < 0 ||
	    check_subpath(b, r->subpath, e) < 0)
		return -1;
	p->name = r->source;
	p->anonymous = !r->source;
	p->mode = arena_text(b->a, "z");
	p->subpath = r->subpath;
	p->no_copy = r->no_copy || r->subpath;
	p->labels = r->labels;
	p->options = r->options;
	m.source = arena_text(b->a, r->source ? r->source : "volume");
	words_add(b->a, &m.options, "rbind");
	words_add(b->a, &m.options, "rprivate");
	if (r->readonly)
		words_add(b->a, &m.options, "ro");
	if (!b->flags->privileged)
		words_add(b->a, &m.options, "nodev");
	if (r->subpath)
		words_add(b->a, &m.options, arena_format(b->a, "subpath=%s",
		                                         r->subpath));
	return target_add(b, "--mount", &m, p, e);
}

static int
add_tmpfs(struct build *b, const struct row *r, struct mount_point *p,
          struct err *e)
{
	AUTO(buf) struct buf options = { 0 };
	uint64_t bytes;

	buf_text(&options, r->readonly ? "ro" : "rw");
	if (r->tmpfs_size) {
		if (opt_parse_size(r->tmpfs_size, &bytes, e) < 0)
			return fail_in(e, "--mount: tmpfs-size");
		buf_format(&options, ",size=%" PRIu64, bytes);
		pairs_set(b->a, &p->options, "size",
		          arena_format(b->a, "%" PRIu64, bytes));
	}
	if (r->tmpfs_mode) {
		size_t n = strspn(r->tmpfs_mode, "01234567");

		if (n < 1 || n > 5 || r->tmpfs_mode[n])
			return fail(e, EINVAL, "--mount: tmpfs-mode: '%s' is "
			            "not an octal mode", r->tmpfs_mode);
		buf_format(&options, ",mode=%s", r->tmpfs_mode);
		pairs_set(b->a, &p->options, "mode", r->tmpfs_mode);
	}
	return build_tmpfs(b, r->target, options.data, p, e);
}

static const struct {
	const char *type;
	int (*add)(struct build *b, const struct row *r,
	           struct mount_point *p, struct err *e);
} types[] = {
	{ "volume", add_volume },
	{ "bind", add_bind },
	{ "tmpfs", add_tmpfs },
};

#define TYPES (sizeof(types) / sizeof(types[0]))

static int
add_row(struct build *b, struct row *r, const char *text, struct err *e)
{
	struct mount_point p = { .row = true };
	size_t i = 0;

	if (!r->type)
		r->type = arena_text(b->a, "volume");
	while (i < TYPES && strcmp(types[i].type, r->type) != 0)
		i++;
	if (i == TYPES)
		return fail(e, EINVAL, "--mount: type '%s' is not volume, "
		            "bind or tmpfs", r->type);
	if (!r->target)
		return fail(e, EINVAL, "--mount: '%s' has no target", text);
	p.type = r->type;
	return check_keys(r, e) < 0 ? -1 : types[i].add(b, r, &p, e);
}

int
build_mount_rows(struct build *b, struct err *e)
{
	const struct words *texts = &b->flags->mounts;

	for (size_t i = 0; i < texts->n; i++) {
		struct row r = { 0 };

		if (parse_row(b, texts->v[i], &r, e) < 0 ||
		    add_row(b, &r, texts->v[i], e) < 0)
			return -1;
	}
	return 0;
}
