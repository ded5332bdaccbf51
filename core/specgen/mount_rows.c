/* SPDX-License-Identifier: ISC */
/* --mount KEY=VALUE,...: docker's keys, separated as in a CSV line. */
#include "specgen/inside.h"
#include "specgen/mounts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum recursion { WHOLE_TREE, ONLY_THE_TOP, WRITABLE_BELOW, READONLY_BELOW };

/* One --mount, as it is read. */
struct row {
	char *type, *source, *target, *propagation, *consistency;
	char *recursive, *tmpfs_size, *tmpfs_mode;
	bool readonly, nonrecursive;
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

static const struct {
	const char *name;
	size_t at;
	bool flag;
} keys[] = {
	{ "type", offsetof(struct row, type), false },
	{ "source", offsetof(struct row, source), false },
	{ "src", offsetof(struct row, source), false },
	{ "target", offsetof(struct row, target), false },
	{ "destination", offsetof(struct row, target), false },
	{ "dst", offsetof(struct row, target), false },
	{ "readonly", offsetof(struct row, readonly), true },
	{ "ro", offsetof(struct row, readonly), true },
	{ "bind-propagation", offsetof(struct row, propagation), false },
	{ "bind-nonrecursive", offsetof(struct row, nonrecursive), true },
	{ "bind-recursive", offsetof(struct row, recursive), false },
	{ "consistency", offsetof(struct row, consistency), false },
	{ "tmpfs-size", offsetof(struct row, tmpfs_size), false },
	{ "tmpfs-mode", offsetof(struct row, tmpfs_mode), false },
};

static int
set_key(struct row *r, const char *name, char *value, struct err *e)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		void *member = (char *)r + keys[i].at;

		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (keys[i].flag)
			return parse_flag(name, value, member, e);
		if (!value || !*value)
			return fail(e, EINVAL, "--mount: %s: needs a value",
			            name);
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
		if (set_key(r, field, value, e) < 0)
			return -1;
	}
	return 0;
}

static int
check_keys(const struct row *r, bool bind, struct err *e)
{
	if (bind && (r->tmpfs_size || r->tmpfs_mode))
		return fail(e, EINVAL, "--mount: tmpfs-size and tmpfs-mode "
		            "are for type=tmpfs");
	if (!bind && (r->propagation || r->recursive || r->nonrecursive))
		return fail(e, EINVAL, "--mount: bind-... keys are for "
		            "type=bind");
	if (!bind && r->source)
		return fail(e, EINVAL, "--mount: type=tmpfs has no source");
	if (bind && !r->source)
		return fail(e, EINVAL, "--mount: type=bind needs a source");
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

static int
parse_recursion(const struct row *r, enum recursion *how, struct err *e)
{
	static const char *const names[] = { "enabled", "disabled", "writable",
		                             "readonly" };

	*how = r->nonrecursive ? ONLY_THE_TOP : WHOLE_TREE;
	if (!r->recursive)
		return 0;
	for (int i = 0; i < 4; i++)
		if (strcmp(r->recursive, names[i]) == 0) {
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
add_bind(struct build *b, const struct row *r, struct err *e)
{
	struct mount m = { .type = arena_text(b->a, "bind") };
	enum recursion how;

	if (volumes_target(b, "--mount", r->target, &m.destination, e) < 0 ||
	    parse_recursion(r, &how, e) < 0)
		return -1;
	m.source = parse_host_path(b, r->source);
	words_add(b->a, &m.options, how == ONLY_THE_TOP ? "bind" : "rbind");
	words_add(b->a, &m.options, r->propagation ? r->propagation
	                                           : "rprivate");
	if (r->readonly)
		words_add(b->a, &m.options, how == READONLY_BELOW ? "rro"
		                                                  : "ro");
	if (!b->flags->privileged)
		words_add(b->a, &m.options, "nodev");
	return volumes_add(b, "--mount", &m, e);
}

static int
add_tmpfs(struct build *b, const struct row *r, struct err *e)
{
	AUTO(buf) struct buf options = { 0 };
	uint64_t bytes;

	buf_text(&options, r->readonly ? "ro" : "rw");
	if (r->tmpfs_size) {
		if (opt_parse_size(r->tmpfs_size, &bytes, e) < 0)
			return fail_in(e, "--mount: tmpfs-size");
		buf_format(&options, ",size=%" PRIu64, bytes);
	}
	if (r->tmpfs_mode) {
		size_t n = strspn(r->tmpfs_mode, "01234567");

		if (n < 1 || n > 5 || r->tmpfs_mode[n])
			return fail(e, EINVAL, "--mount: tmpfs-mode: '%s' is "
			            "not an octal mode", r->tmpfs_mode);
		buf_format(&options, ",mode=%s", r->tmpfs_mode);
	}
	return build_tmpfs(b, "--mount", r->target, options.data, e);
}

int
build_mount_rows(struct build *b, struct err *e)
{
	const struct words *texts = &b->flags->mounts;

	for (size_t i = 0; i < texts->n; i++) {
		struct row r = { 0 };
		bool bind;

		if (parse_row(b, texts->v[i], &r, e) < 0)
			return -1;
		bind = r.type && strcmp(r.type, "bind") == 0;
		if (!r.type || strcmp(r.type, "volume") == 0)
			return fail(e, EINVAL, "--mount: volumes are not "
			            "supported yet; give type=bind or tmpfs");
		if (!bind && strcmp(r.type, "tmpfs") != 0)
			return fail(e, EINVAL, "--mount: type '%s' is not bind "
			            "or tmpfs", r.type);
		if (!r.target)
			return fail(e, EINVAL, "--mount: '%s' has no target",
			            texts->v[i]);
		if (check_keys(&r, bind, e) < 0 ||
		    (bind ? add_bind(b, &r, e) : add_tmpfs(b, &r, e)) < 0)
			return -1;
	}
	return 0;
}
