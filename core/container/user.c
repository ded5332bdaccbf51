/* SPDX-License-Identifier: ISC */
/* Users and groups by a root's own files, whoever has written them. */
#include "container/container.h"
#include "sys/fd.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* A passwd of more is no passwd; nor has a process more groups than that. */
#define FILE_MOST (10 << 20)
#define MOST_GROUPS 65536
/* (uid_t)-1 means "leave it alone" to the kernel. */
#define LAST_ID (UINT32_MAX - 1)

/* One of the two files, taken apart as it is walked through. */
struct walk {
	char *line, *end;
	char *field[7];
	size_t n;
};

/*
 * A FIFO must not make us wait, and a device must not feed us; a root without
 * the file is as one with an empty file.
 */
static int
read_file(int root, const char *path, struct buf *out, struct err *e)
{
	AUTO(close) int fd = path_open_in(root, path, O_RDONLY | O_NONBLOCK |
	                                  O_NOCTTY);
	struct stat st;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_sys(e, "the root's '%s'", path);
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "the root's '%s' is not a regular file",
		            path);
	if (fd_read(fd, FILE_MOST, out) < 0)
		return fail_sys(e, "the root's '%s'", path);
	return 0;
}

static void
split(struct walk *w, char *line)
{
	w->n = 0;
	do
		w->field[w->n++] = strsep(&line, ":");
	while (line && w->n < 7);
}

/* The next line without a NUL in it. */
static bool
next(struct walk *w)
{
	while (w->line < w->end) {
		char *line = w->line;
		size_t left = (size_t)(w->end - line);
		char *stop = memchr(line, '\n', left);

		if (!stop)
			stop = w->end;
		w->line = stop + 1;
		*stop = '\0';
		if (strlen(line) == (size_t)(stop - line)) {
			split(w, line);
			return true;
		}
	}
	return false;
}

/* A walk takes the text apart, so each has a copy. */
static struct walk
begin(const struct buf *text, struct buf *copy)
{
	copy->n = 0;
	buf_add(copy, text->data ? text->data : "", text->n);
	return (struct walk){ .line = copy->data,
	                      .end = copy->data + copy->n };
}

/* 1: it is a number and an id; 0: it is no number; -1: it is one too big. */
static int
parse_id(const char *text, uint32_t *id)
{
	uint64_t n = 0;

	if (!*text || text[strspn(text, "0123456789")])
		return 0;
	for (; *text; text++) {
		n = n * 10 + (uint64_t)(*text - '0');
		if (n > LAST_ID)
			return -1;
	}
	*id = (uint32_t)n;
	return 1;
}

/*
 * What starts like a number has to be one: "1000 ", "-1" and "0x0" are slips
 * that must never become a look-up, or id 0.
 */
static int
parse_user(const char *text, uint32_t *id, struct err *e)
{
	int is = parse_id(text, id);

	if (is < 0)
		return fail(e, ERANGE, "'%s' is too large for a user or group;"
		            " the last is %u", text, LAST_ID);
	if (is == 0 && *text && strchr("0123456789+- \t", *text))
		return fail(e, EINVAL, "'%s' is neither a number nor a name",
		            text);
	return is;
}

/* A line of passwd: name, password, uid, gid, comment, home, shell. */
struct entry {
	char *name, *home;
	uint32_t uid, gid;
};

/* The first line for the name, or with name NULL for the uid. */
static bool
find_user(const struct buf *passwd, const char *name, uint32_t uid,
          struct entry *found, struct arena *a)
{
	AUTO(buf) struct buf copy = { 0 };
	struct walk w = begin(passwd, &copy);

	while (next(&w)) {
		struct entry row;

		if (w.n < 4 || !*w.field[0] ||
		    parse_id(w.field[2], &row.uid) != 1 ||
		    parse_id(w.field[3], &row.gid) != 1)
			continue;
		if (name ? strcmp(w.field[0], name) != 0 : row.uid != uid)
			continue;
		row.name = arena_text(a, w.field[0]);
		row.home = w.n > 5 && *w.field[5] == '/'
		           ? arena_text(a, w.field[5]) : NULL;
		*found = row;
		return true;
	}
	return false;
}

/* A group by number or name. */
static int
find_group(const struct buf *file, const char *text, uint32_t *gid,
           struct err *e)
{
	AUTO(buf) struct buf copy = { 0 };
	struct walk w = begin(file, &copy);
	int is = parse_user(text, gid, e);

	if (is != 0)
		return is < 0 ? -1 : 0;
	while (next(&w))
		if (w.n > 2 && strcmp(w.field[0], text) == 0 &&
		    parse_id(w.field[2], gid) == 1)
			return 0;
	return fail(e, EINVAL, "unable to find group %s: no matching"
	            " entries in group file", text);
}

static int
add_group(struct user *user, uint32_t gid, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < user->n_groups; i++)
		if (user->groups[i] == gid)
			return 0;
	if (user->n_groups == MOST_GROUPS)
		return fail(e, EINVAL, "more than %d groups", MOST_GROUPS);
	*LIST_ADD(a, user->groups, user->n_groups) = gid;
	return 0;
}

static bool
has_member(char *list, const char *name)
{
	char *member;

	while ((member = strsep(&list, ",")))
		if (strcmp(member, name) == 0)
			return true;
	return false;
}

/* The groups that list the user as a member. */
static int
add_memberships(const struct buf *file, const char *name, struct user *user,
                struct arena *a, struct err *e)
{
	AUTO(buf) struct buf copy = { 0 };
	struct walk w = begin(file, &copy);
	uint32_t gid;

	while (next(&w))
		if (w.n > 3 && parse_id(w.field[2], &gid) == 1 &&
		    has_member(w.field[3], name) &&
		    add_group(user, gid, a, e) < 0)
			return -1;
	return 0;
}

/* What is being found out, and from what. */
struct search {
	struct buf passwd, group;
	struct arena *arena;
	struct user user;
	struct entry entry; /* without a name: no line of passwd is his */
};

static int
choose_user(struct search *s, const char *text, struct err *e)
{
	uint32_t uid = 0;
	int is = *text ? parse_user(text, &uid, e) : 1;

	if (is < 0)
		return -1;
	s->entry.uid = uid;
	if (is > 0)
		find_user(&s->passwd, NULL, uid, &s->entry, s->arena);
	else if (!find_user(&s->passwd, text, 0, &s->entry, s->arena))
		return fail(e, EINVAL, "unable to find user %s: no matching"
		            " entries in passwd file", text);
	s->user.uid = s->entry.uid;
	s->user.gid = s->entry.gid;
	return 0;
}

/* A group that was asked for stands instead of those of the file. */
static int
choose_groups(struct search *s, const char *text, struct err *e)
{
	if (*text && find_group(&s->group, text, &s->user.gid, e) < 0)
		return -1;
	if (add_group(&s->user, s->user.gid, s->arena, e) < 0)
		return -1;
	if (*text || !s->entry.name)
		return 0;
	return add_memberships(&s->group, s->entry.name, &s->user, s->arena,
	                       e);
}

static int
add_others(struct search *s, const struct words *groups, struct err *e)
{
	uint32_t gid;

	for (size_t i = 0; groups && i < groups->n; i++)
		if (find_group(&s->group, groups->v[i], &gid, e) < 0 ||
		    add_group(&s->user, gid, s->arena, e) < 0)
			return -1;
	return 0;
}

static void
auto_search(struct search *s)
{
	auto_buf(&s->passwd);
	auto_buf(&s->group);
}

int
container_user(int root, struct user_lookup *l, struct arena *a,
               struct err *e)
{
	AUTO(search) struct search s = { .arena = a };
	AUTO(free) char *name = mem_text(l->text ? l->text : "");
	char *group = strchr(name, ':');

	s.user.umask = l->user.umask;
	if (group)
		*group++ = '\0';
	if (group && strchr(group, ':'))
		return fail(e, EINVAL, "'%s' is not USER[:GROUP]", l->text);
	if (read_file(root, "/etc/passwd", &s.passwd, e) < 0 ||
	    read_file(root, "/etc/group", &s.group, e) < 0)
		return -1;
	if (choose_user(&s, name, e) < 0 ||
	    choose_groups(&s, group ? group : "", e) < 0 ||
	    add_others(&s, l->groups, e) < 0)
		return -1;
	l->user = s.user;
	l->home = s.entry.home ? s.entry.home : arena_text(a, "/");
	return 0;
}
