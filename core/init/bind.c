/* SPDX-License-Identifier: ISC */
/* A bind: its source, and putting it where it goes. */
#include "init/mounts.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int
init_bind_on(struct child *c, const struct mount *m,
             const struct mount_bind *b, struct err *e)
{
	AUTO(close) int place = -1, made = -1;
	struct mount_at at;
	struct stat st;

	if (fstat(b->source, &st) < 0)
		return fail_sys(e, "source");
	if (init_place(c, m->destination, !S_ISDIR(st.st_mode), &at, e) < 0)
		return -1;
	place = at.fd;
	if (init_check_proc(m, b->source, place, e) < 0)
		return -1;
	made = mounts_bind(b, &at);
	if (made < 0 && errno == ENOTSUP)
		return fail(e, ENOTSUP, "recursive options and mapped owners "
		            "need Linux 5.12");
	return made < 0 ? fail_sys(e, "bind") : 0;
}

/* A part of a volume: other containers may be changing what is on the way
 * there, and it does not lead out (CVE-2017-1002101, CVE-2021-25741). */
static int
narrow(int *source, const char *subpath)
{
	int part = path_open_beneath(*source, subpath, O_PATH);

	if (part < 0)
		return -1;
	close(*source);
	*source = part;
	return 0;
}

int
init_bind_source(struct child *c, const struct mount *m,
                 const struct mount_options *o, struct mount_bind *b,
                 struct err *e)
{
	*b = (struct mount_bind){ .source = -1, .recursive = o->recursive,
		                  .change = o->change };
	if (!m->source)
		return fail(e, EINVAL, "a bind without a source");
	if ((o->idmap || m->n_uid_maps) && init_must_ask(c)) {
		b->detached = true;
		return init_ask_source(c, m, &b->source, e);
	}
	if (init_open_foreign(c, m->source, o->recursive, &b->source, e) < 0)
		return fail_in(e, "source '%s'", m->source);
	b->detached = b->source >= 0;
	if (b->source < 0)
		b->source = openat(c->cwd, m->source, O_PATH | O_CLOEXEC);
	if (b->source < 0)
		return fail_sys(e, "source '%s'", m->source);
	if (o->subpath && narrow(&b->source, o->subpath) < 0)
		return fail_sys(e, "source '%s': '%s'", m->source,
		                o->subpath);
	if (!o->idmap && !m->n_uid_maps)
		return 0;
	return init_map_owners(c, m, &b->change.userns, e);
}
