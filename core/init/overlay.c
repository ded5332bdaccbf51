/* SPDX-License-Identifier: ISC */
/* The root as an overlay: layers below, and what is written above. */
#include "base/log.h"
#include "init/child.h"
#include "init/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What an image's layer says with these would reach outside of it, and both
 * are on by default in some kernels. Those that lack them get none. */
static const char *const hardening[] = { "redirect_dir=nofollow",
	                                 "metacopy=off" };

/* A mount's options, with the directories as names that need no escaping. */
struct overlay {
	struct words lower, others;
	char *upper, *work;
	bool of_host; /* a layer is the host's root */
};

/*
 * A directory goes to the kernel as a descriptor's name in procfs: overlayfs
 * splits its options at commas and colons, which a path may contain, and the
 * host's paths are none of the container's business. With no procfs it goes
 * by its own name, if that can be done.
 */
static char *
nickname(struct child *c, const char *path, struct err *e)
{
	int fd;

	if (c->proc < 0 && strpbrk(path, ",:\\")) {
		fail(e, EINVAL, "'%s': its name needs /proc to be mounted",
		     path);
		return NULL;
	}
	if (c->proc < 0)
		return arena_text(&c->spec.arena, path);
	fd = openat(c->cwd, path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0) {
		fail_sys(e, "'%s'", path);
		return NULL;
	}
	return arena_format(&c->spec.arena, "/proc/self/fd/%d", fd);
}

/* Layers are separated by colons; a backslash makes the next byte plain. */
static int
read_lower(struct child *c, struct overlay *o, const char *text,
           struct err *e)
{
	while (*text) {
		AUTO(buf) struct buf path = { 0 };
		char *name;

		for (; *text && *text != ':'; text++) {
			if (*text == '\\' && text[1])
				text++;
			buf_add(&path, text, 1);
		}
		if (*text)
			text++;
		if (path.n == 0)
			return fail(e, EINVAL, "lowerdir: an empty name");
		o->of_host |= path_is(path.data, "/");
		name = nickname(c, path.data, e);
		if (!name)
			return -1;
		words_add(&c->spec.arena, &o->lower, name);
	}
	return 0;
}

static int
read_options(struct child *c, struct overlay *o, const struct words *options,
             struct err *e)
{
	for (size_t i = 0; i < options->n; i++) {
		const char *word = options->v[i];

		if (strncmp(word, "lowerdir=", 9) == 0) {
			if (read_lower(c, o, word + 9, e) < 0)
				return -1;
		} else if (strncmp(word, "upperdir=", 9) == 0) {
			o->upper = nickname(c, word + 9, e);
			if (!o->upper)
				return -1;
		} else if (strncmp(word, "workdir=", 8) == 0) {
			o->work = nickname(c, word + 8, e);
			if (!o->work)
				return -1;
		} else {
			words_add(&c->spec.arena, &o->others, word);
		}
	}
	if (o->lower.n == 0)
		return fail(e, EINVAL, "overlay: no lowerdir");
	if (!o->upper != !o->work)
		return fail(e, EINVAL, "overlay: upperdir and workdir go "
		            "together");
	return 0;
}

/* The upper directory decides what "/" looks like: as the lowest does. */
static int
make_upper(int in, int like)
{
	struct stat st;

	if (mkdirat(in, "upper", 0755) < 0 || mkdirat(in, "work", 0700) < 0 ||
	    fstat(like, &st) < 0)
		return -1;
	/* In a user namespace the owner may be nobody that is mapped. */
	(void)!fchownat(in, "upper", st.st_uid, st.st_gid, 0);
	return fchmodat(in, "upper", st.st_mode & 07777, 0);
}

/*
 * Without an upper directory: a tmpfs of our own, mounted where the overlay
 * goes, which will lie on top of it, so that nobody ever sees it.
 */
static int
make_tmpfs(struct child *c, struct overlay *o, struct err *e)
{
	AUTO(close) int lower = openat(AT_FDCWD, o->lower.v[0],
	                               O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO(close) int place = init_open_root(c, e);
	AUTO(close) int made = -1;

	if (place < 0)
		return -1;
	if (fchdir(place) < 0 || mount("tmpfs", ".", "tmpfs",
	                               MS_NOSUID | MS_NODEV, "mode=700") < 0)
		return fail_sys(e, "tmpfs for what is written");
	made = init_open_root(c, e);
	if (made < 0)
		return -1;
	if (make_upper(made, lower) < 0)
		return fail_sys(e, "tmpfs for what is written");
	if (fchdir(made) < 0)
		return fail_sys(e, "tmpfs for what is written");
	o->upper = arena_text(&c->spec.arena, "upper");
	o->work = arena_text(&c->spec.arena, "work");
	return 0;
}

static void
add(struct child *c, struct words *w, const char *key, const char *value)
{
	words_add(&c->spec.arena, w,
	          arena_format(&c->spec.arena, "%s=%s", key, value));
}

static void
add_common(struct child *c, const struct overlay *o, bool hard,
           struct words *w)
{
	add(c, w, "upperdir", o->upper);
	add(c, w, "workdir", o->work);
	words_copy(&c->spec.arena, w, o->others.v);
	if (init_has_new(c, NAMESPACE_USER))
		words_add(&c->spec.arena, w, "userxattr");
	for (size_t i = 0; hard && i < 2; i++)
		words_add(&c->spec.arena, w, hardening[i]);
}

/* As many layers as one likes, each an option of its own: Linux 6.8. */
static int
mount_new_way(struct child *c, const struct overlay *o, int place, bool hard,
              struct err *e)
{
	AUTO(close) int made = -1;
	struct words w = { 0 };

	words_add(&c->spec.arena, &w, "source=overlay");
	for (size_t i = 0; i < o->lower.n; i++)
		add(c, &w, "lowerdir+", o->lower.v[i]);
	add_common(c, o, hard, &w);
	made = mounts_prepare("overlay", w.v, 0, e);
	if (made < 0)
		return -1;
	return mounts_attach(made, place) < 0 ? fail_sys(e, "overlay") : 0;
}

/* All in one page of text, which holds some two hundred layers. */
static int
mount_old_way(struct child *c, const struct overlay *o, int place, bool hard,
              struct err *e)
{
	AUTO(buf) struct buf data = { 0 };
	struct words w = { 0 };

	buf_text(&data, "lowerdir=");
	for (size_t i = 0; i < o->lower.n; i++)
		buf_format(&data, "%s%s", i ? ":" : "", o->lower.v[i]);
	add_common(c, o, hard, &w);
	for (size_t i = 0; i < w.n; i++)
		buf_format(&data, ",%s", w.v[i]);
	if (data.n >= 4096)
		return fail(e, E2BIG, "overlay: %zu layers are too many for "
		            "this kernel", o->lower.n);
	/* "." is where the upper directory is, unless that has a name. */
	if (o->upper[0] == '/' && fchdir(place) < 0)
		return fail_sys(e, "overlay");
	if (mount("overlay", ".", "overlay", 0, data.data) < 0)
		return fail_sys(e, "overlay");
	return 0;
}

static int
mount_layers(struct child *c, const struct overlay *o, int place,
             struct err *e)
{
	struct err first;

	if (mount_new_way(c, o, place, true, &first) == 0)
		return 0;
	log_debug("root: %s; trying mount(2)", first.text);
	if (mount_old_way(c, o, place, true, e) == 0 ||
	    mount_new_way(c, o, place, false, &first) == 0)
		return 0;
	if (mount_old_way(c, o, place, false, e) == 0)
		return 0;
	/* The new way explains itself, if there is one. */
	if (first.code != ENOSYS)
		*e = first;
	return -1;
}

/* The mounts of whoever made it are locked together there. */
static bool
is_in_userns(const struct child *c)
{
	return spec_namespace(&c->spec, NAMESPACE_USER) != NULL;
}

int
init_make_overlay(struct child *c, const struct mount *m, struct err *e)
{
	AUTO(close) int place = -1;
	struct overlay o = { 0 };

	if (read_options(c, &o, &m->options, e) < 0)
		return -1;
	if (!o.upper && make_tmpfs(c, &o, e) < 0)
		return -1;
	place = init_open_root(c, e);
	if (place < 0)
		return -1;
	if (mount_layers(c, &o, place, e) < 0)
		return o.of_host && e->code == EINVAL && is_in_userns(c)
		       ? fail(e, EINVAL, "overlay: the host's root has mounts "
		              "below it, and in a user namespace nothing can "
		              "be put above such a one") : -1;
	c->root = init_open_root(c, e);
	if (c->root < 0)
		return -1;
	return o.of_host ? init_host_mounts(c, true, e) : 0;
}
