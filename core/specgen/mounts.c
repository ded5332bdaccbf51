/* SPDX-License-Identifier: ISC */
/* The mounts that every container has, and the order of all of them. */
#include "specgen/mounts.h"
#include "specgen/inside.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define SHM_BYTES (64 << 20)

struct mount *
mounts_add(struct build *b, const char *destination, const char *type,
          const char *source, const char *options)
{
	struct mount *m = LIST_ADD(b->a, b->spec->mounts, b->spec->n_mounts);
	char *option;

	m->destination = arena_text(b->a, destination);
	m->type = arena_text(b->a, type);
	m->source = arena_text(b->a, source);
	while ((option = parse_piece(b->a, &options, ",")))
		words_add(b->a, &m->options, option);
	return m;
}

/* In lowerdir a colon separates and a backslash protects. */
static char *
escape_layer(struct arena *a, const char *path)
{
	AUTO(buf) struct buf out = { 0 };

	for (; *path; path++) {
		if (*path == ':' || *path == '\\')
			buf_text(&out, "\\");
		buf_add(&out, path, 1);
	}
	return arena_text(a, out.data);
}

/* With no upperdir, init keeps what is written in a tmpfs. */
static void
add_overlay(struct build *b)
{
	struct mount *m = mounts_add(b, "/", "overlay", "overlay", NULL);

	words_add(b->a, &m->options,
	          arena_format(b->a, "lowerdir=%s",
	                       escape_layer(b->a, b->spec->root->path)));
}

static void
add_proc(struct build *b)
{
	/* procfs shows a PID namespace, and only its owner may mount it */
	if (!spec_namespace(b->spec, NAMESPACE_PID) &&
	    spec_namespace(b->spec, NAMESPACE_USER))
		mounts_add(b, "/proc", "bind", "/proc", "rbind");
	else
		mounts_add(b, "/proc", "proc", "proc", "nosuid,noexec,nodev");
}

/* The directory of the container whose IPC we share, by its namespace's path,
 * "/proc/PID/ns/ipc"; NULL for any other path. */
static char *
shared_shm(struct build *b, const char *path)
{
	const char *end = strstr(path, "/ns/ipc");

	if (strncmp(path, "/proc/", 6) != 0 || !end || end[7])
		return NULL;
	return arena_format(b->a, "%.*s/root/dev/shm", (int)(end - path),
	                    path);
}

/* POSIX shared memory and queues go with the IPC namespace, as in docker. */
static int
add_ipc(struct build *b, struct err *e)
{
	const struct number *size = &b->flags->shm_size;
	const struct namespace_row *ipc = spec_namespace(b->spec,
	                                                 NAMESPACE_IPC);
	const char *mode = b->flags->ipc ? b->flags->ipc : "private";
	const char *shared = ipc && ipc->path ? shared_shm(b, ipc->path)
	                                      : NULL;

	/* of the namespace that one is in, the host's if one has no own */
	mounts_add(b, "/dev/mqueue", "mqueue", "mqueue", "nosuid,noexec,nodev");
	if (!ipc) {
		mounts_add(b, "/dev/shm", "bind", "/dev/shm", "rbind");
		return 0;
	}
	if (strcmp(mode, "none") == 0)
		return 0;
	if (shared) {
		mounts_add(b, "/dev/shm", "bind", shared,
		          "rbind,nosuid,noexec,nodev");
		return 0;
	}
	if (size->set && size->value <= 0)
		return fail(e, EINVAL, "--shm-size: not above zero");
	mounts_add(b, "/dev/shm", "tmpfs", "shm",
	          arena_format(b->a, "nosuid,noexec,nodev,mode=1777,size=%"
	                       PRId64, size->set ? size->value : SHM_BYTES));
	return 0;
}

int
build_mounts(struct build *b, struct err *e)
{
	const char *readonly = b->flags->privileged ? "" : ",ro";

	if (b->flags->overlay)
		add_overlay(b);
	add_proc(b);
	mounts_add(b, "/dev", "tmpfs", "tmpfs",
	          "nosuid,noexec,strictatime,mode=755,size=65536k");
	mounts_add(b, "/dev/pts", "devpts", "devpts",
	          "nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5");
	mounts_add(b, "/sys", "sysfs", "sysfs",
	          arena_format(b->a, "nosuid,noexec,nodev%s", readonly));
	mounts_add(b, "/sys/fs/cgroup", "cgroup", "cgroup",
	          arena_format(b->a, "nosuid,noexec,nodev%s", readonly));
	return add_ipc(b, e);
}

static size_t
depth(const struct mount *m)
{
	size_t n = 0;

	/* "/" itself is above all */
	if (strcmp(m->destination, "/") == 0)
		return 0;
	for (const char *c = m->destination; *c; c++)
		n += *c == '/';
	return n;
}

/* Of two mounts at one place the later one stays, in its own row. */
static void
drop_replaced(struct spec *s)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n_mounts; i++) {
		bool replaced = false;

		for (size_t k = i + 1; k < s->n_mounts; k++)
			replaced |= strcmp(s->mounts[i].destination,
			                   s->mounts[k].destination) == 0;
		if (!replaced)
			s->mounts[kept++] = s->mounts[i];
	}
	s->n_mounts = kept;
}

/*
 * Parents before children, and otherwise as they came: what is mounted at /a
 * would hide what was mounted at /a/b.
 */
void
mounts_order(struct spec *s)
{
	drop_replaced(s);
	for (size_t i = 1; i < s->n_mounts; i++) {
		struct mount m = s->mounts[i];
		size_t k = i;

		for (; k > 0 && depth(&s->mounts[k - 1]) > depth(&m); k--)
			s->mounts[k] = s->mounts[k - 1];
		s->mounts[k] = m;
	}
}
