/* SPDX-License-Identifier: ISC */
/* Which namespaces are the container's own, shared, or the host's. */
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

/* none  what "none" and "private" mean the same for, "shareable" too */
static const struct {
	enum namespace_kind kind;
	const char *option;
	size_t at;
	bool none, host_by_default;
} kinds[] = {
	{ NAMESPACE_PID, "--pid", offsetof(struct specgen_flags, pid), false, false },
	{ NAMESPACE_NETWORK, "--network", offsetof(struct specgen_flags, network), true, false },
	{ NAMESPACE_IPC, "--ipc", offsetof(struct specgen_flags, ipc), true, false },
	{ NAMESPACE_UTS, "--uts", offsetof(struct specgen_flags, uts), false, false },
	{ NAMESPACE_USER, "--userns", offsetof(struct specgen_flags, userns), false, true },
	{ NAMESPACE_TIME, "--time", offsetof(struct specgen_flags, time), false, true },
	{ NAMESPACE_CGROUP, "--cgroupns", offsetof(struct specgen_flags, cgroupns), false, false },
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
add(struct build *b, enum namespace_kind kind, char *path)
{
	struct namespace_row *row = LIST_ADD(b->a, b->linux_part->namespaces,
	                                     b->linux_part->n_namespaces);

	row->type = arena_text(b->a, spec_namespaces[kind].name);
	row->path = path;
}

static int
refuse(const char *option, const char *mode, struct err *e)
{
	if (strcmp(option, "--network") == 0)
		return fail(e, EINVAL, "--network: no network is called '%s'; "
		            "there are none, host, container:NAME and "
		            "ns:PATH", mode);
	return fail(e, EINVAL, "%s: '%s' is none of private, host, "
	            "container:NAME and ns:PATH", option, mode);
}

static int
choose(struct build *b, size_t i, const char *mode, struct err *e)
{
	const char *option = kinds[i].option;
	char *path;

	if (strcmp(mode, "host") == 0)
		return 0;
	if (strcmp(mode, "private") == 0 ||
	    (kinds[i].none && strcmp(mode, "none") == 0) ||
	    (kinds[i].kind == NAMESPACE_IPC &&
	     strcmp(mode, "shareable") == 0)) {
		add(b, kinds[i].kind, NULL);
		return 0;
	}
	if (strncmp(mode, "ns:", 3) == 0) {
		if (mode[3] != '/')
			return fail(e, EINVAL, "%s: '%s' is not an absolute "
			            "path", option, mode + 3);
		add(b, kinds[i].kind, arena_text(b->a, mode + 3));
		return 0;
	}
	if (strncmp(mode, "container:", 10) != 0 || !mode[10])
		return refuse(option, mode, e);
	if (b->host->ns_path(mode + 10, kinds[i].kind, &path, b->a, e) < 0)
		return fail_in(e, "%s", option);
	add(b, kinds[i].kind, path);
	return 0;
}

/* INSIDE:OUTSIDE[:COUNT] */
static int
parse_map(struct build *b, const char *option, const char *text,
          struct id_map *map, struct err *e)
{
	int64_t n[3] = { 0, 0, 1 };
	const char *rest = text;

	for (int i = 0; i < 3; i++) {
		const char *piece = parse_piece(b->a, &rest, ":");

		if (!piece && i == 2)
			break;
		if (!piece || parse_number(piece, i == 2, UINT32_MAX - 1,
		                           &n[i]) < 0)
			return fail(e, EINVAL, "%s: '%s' is not "
			            "INSIDE:OUTSIDE:COUNT", option, text);
	}
	if (rest || n[0] + n[2] > UINT32_MAX || n[1] + n[2] > UINT32_MAX)
		return fail(e, EINVAL, "%s: '%s' is out of range", option,
		            text);
	*map = (struct id_map){ (uint32_t)n[0], (uint32_t)n[1],
		                (uint32_t)n[2] };
	return 0;
}

static int
parse_maps(struct build *b, const char *option, const struct words *texts,
           struct id_map **maps, size_t *n)
{
	for (size_t i = 0; i < texts->n; i++) {
		struct id_map map;

		if (parse_map(b, option, texts->v[i], &map, b->e) < 0)
			return -1;
		*(struct id_map *)LIST_ADD(b->a, *maps, *n) = map;
	}
	return 0;
}

/* Who is not root may map nobody but himself; one list serves for both. */
static int
add_maps(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	const struct words *uids = f->uidmap.n ? &f->uidmap : &f->gidmap;
	const struct words *gids = f->gidmap.n ? &f->gidmap : &f->uidmap;
	struct linux_part *l = b->linux_part;

	if (uids->n) {
		if (parse_maps(b, f->uidmap.n ? "--uidmap" : "--gidmap", uids,
		               &l->uid_maps, &l->n_uid_maps) < 0)
			return -1;
		return parse_maps(b, "--gidmap", gids, &l->gid_maps,
		                  &l->n_gid_maps);
	}
	if (b->host->uid == 0)
		return fail(e, EINVAL, "--userns private: give --uidmap, too");
	LIST_ADD(b->a, l->uid_maps, l->n_uid_maps)->outside = b->host->uid;
	LIST_ADD(b->a, l->gid_maps, l->n_gid_maps)->outside = b->host->gid;
	l->uid_maps[0].count = l->gid_maps[0].count = 1;
	return 0;
}

static int
add_time_offsets(struct build *b, struct err *e)
{
	const struct words *texts = &b->flags->time_offset;
	struct linux_part *l = b->linux_part;

	for (size_t i = 0; i < texts->n; i++) {
		const char *rest = texts->v[i];
		char *clock = parse_piece(b->a, &rest, "=");
		/* the kernel's own bound is that of 64-bit nanoseconds */
		const int64_t most = INT64_MAX / 1000000000;
		struct time_offset *t;
		int64_t seconds;

		if ((strcmp(clock, "monotonic") != 0 &&
		     strcmp(clock, "boottime") != 0) || !rest ||
		    parse_number(rest, -most, most, &seconds) < 0)
			return fail(e, EINVAL, "--time-offset: '%s' is not "
			            "monotonic=SECONDS or boottime=SECONDS",
			            texts->v[i]);
		for (size_t k = 0; k < l->n_time_offsets; k++)
			if (strcmp(l->time_offsets[k].clock, clock) == 0)
				return fail(e, EINVAL, "--time-offset: '%s' "
				            "is given twice", clock);
		t = LIST_ADD(b->a, l->time_offsets, l->n_time_offsets);
		t->clock = clock;
		t->secs = (struct number){ true, seconds };
	}
	return 0;
}

/* What nobody chose: one's own, but for two that are the host's. */
static const char *
default_mode(const struct build *b, size_t i)
{
	const struct specgen_flags *f = b->flags;

	if (!kinds[i].host_by_default)
		return "private";
	if (kinds[i].kind == NAMESPACE_TIME)
		return f->time_offset.n ? "private" : "host";
	/* without it, who is not root could have none of the others */
	return f->uidmap.n || f->gidmap.n || b->host->uid != 0 ? "private"
	                                                       : "host";
}

static const struct namespace_row *
own(const struct build *b, enum namespace_kind kind)
{
	const struct namespace_row *row = spec_namespace(b->spec, kind);

	return row && !row->path ? row : NULL;
}

static int
check_conflicts(const struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;

	if ((f->uidmap.n || f->gidmap.n) && !own(b, NAMESPACE_USER))
		return fail(e, EINVAL, "--uidmap: needs --userns private");
	if (f->time_offset.n && !own(b, NAMESPACE_TIME))
		return fail(e, EINVAL, "--time-offset: needs --time private");
	if (f->hostname && !own(b, NAMESPACE_UTS))
		return fail(e, EINVAL, "--hostname: needs --uts private");
	if (f->domainname && !own(b, NAMESPACE_UTS))
		return fail(e, EINVAL, "--domainname: needs --uts private");
	if (f->shm_size.set && (!own(b, NAMESPACE_IPC) ||
	                        (f->ipc && strcmp(f->ipc, "none") == 0)))
		return fail(e, EINVAL, "--shm-size: needs --ipc private");
	return 0;
}

/* It becomes a line of a file such as /etc/hosts, so blanks will not do. */
static int
check_name(const char *option, const char *name, struct err *e)
{
	size_t n = name ? strlen(name) : 1;

	if (n == 0 || n > 64)
		return fail(e, EINVAL, "%s: not between 1 and 64 bytes",
		            option);
	for (; name && *name; name++)
		if ((unsigned char)*name <= ' ' || *name == 0x7f)
			return fail(e, EINVAL, "%s: a blank or control "
			            "character in it", option);
	return 0;
}

int
build_namespaces(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;

	add(b, NAMESPACE_MOUNT, NULL);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		const void *member = (const char *)f + kinds[i].at;
		const char *mode = *(char *const *)member;

		if (choose(b, i, mode ? mode : default_mode(b, i), e) < 0)
			return -1;
	}
	if (check_conflicts(b, e) < 0 ||
	    check_name("--hostname", f->hostname, e) < 0 ||
	    check_name("--domainname", f->domainname, e) < 0)
		return -1;
	b->spec->hostname = arena_text(b->a, f->hostname);
	b->spec->domainname = arena_text(b->a, f->domainname);
	if (own(b, NAMESPACE_USER) && add_maps(b, e) < 0)
		return -1;
	return add_time_offsets(b, e);
}
