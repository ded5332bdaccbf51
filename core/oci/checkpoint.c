/* SPDX-License-Identifier: ISC */
/* checkpoint: what runs in a container, written to files by criu. */
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "oci/images.h"
#include "store/store.h"
#include "sys/fd.h"
#include "sys/mountinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int
check_parent(const struct oci_criu *how, const struct images *m,
             struct err *e)
{
	struct stat st;

	if (!how->parent || !*how->parent)
		return 0;
	if (*how->parent == '/')
		return fail(e, EINVAL, "--parent-path must be relative to "
		            "--image-path");
	if (fstatat(m->images, how->parent, &st, 0) < 0)
		return fail_sys(e, "--parent-path: '%s'", how->parent);
	return S_ISDIR(st.st_mode) ? 0
	       : fail(e, ENOTDIR, "--parent-path: '%s' is not a directory",
	              how->parent);
}

/* An address of IPv6 is in brackets. */
static int
add_page_server(struct images *m, struct err *e)
{
	const char *text = m->how->page_server;
	char *colon, *end, *address;
	unsigned long port;

	if (!text || !*text)
		return 0;
	address = arena_text(&m->c->arena, text);
	colon = strrchr(address, ':');
	if (!colon || colon == address)
		return fail(e, EINVAL, "--page-server: '%s' is not "
		            "ADDRESS:PORT", text);
	*colon = '\0';
	port = strtoul(colon + 1, &end, 10);
	if (!colon[1] || *end || port == 0 || port > UINT16_MAX)
		return fail(e, EINVAL, "--page-server: '%s' is not a port",
		            colon + 1);
	if (*address == '[' && colon[-1] == ']') {
		colon[-1] = '\0';
		address++;
	}
	criu_peer(&m->options, address, (uint16_t)port);
	return 0;
}

static int
check_status_fd(const struct number *fd, struct err *e)
{
	int flags = fd->set ? fcntl((int)fd->value, F_GETFL) : 0;

	if (flags < 0)
		return fail_sys(e, "--status-fd: %" PRId64, fd->value);
	if (fd->set && (flags & O_ACCMODE) == O_RDONLY)
		return fail(e, EBADF, "--status-fd: %" PRId64
		            " is not open for writing", fd->value);
	return 0;
}

static int
is_mount(const struct mount_row *row, void *with)
{
	return row->id == *(const int *)with;
}

/* The number of the mount that a descriptor of it is on; -1: not known. */
static int
mount_of(const char *info)
{
	AUTO(buf) struct buf text = { 0 };
	const char *at;

	if (fd_read_at(AT_FDCWD, info, 65536, &text) < 0 || !text.n)
		return -1;
	at = strstr(text.data, "mnt_id:");
	return at ? (int)strtol(at + 7, NULL, 10) : -1;
}

/*
 * What a descriptor of it is, as criu calls what comes from the outside. A file
 * or device on a mount that the container does not see must be announced.
 */
static char *
name_stdio(struct images *m, int number, struct err *e)
{
	struct arena *a = &m->c->arena;
	pid_t pid = (pid_t)m->c->record.pid.value;
	char path[64], target[PATH_MAX];
	struct stat st;
	ssize_t n;
	int mount;

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, number);
	n = readlink(path, target, sizeof(target) - 1);
	if (n < 0 || stat(path, &st) < 0)
		return arena_text(a, "");
	target[n] = '\0';
	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", pid, number);
	mount = mount_of(path);
	snprintf(path, sizeof(path), "/proc/%d/mountinfo", pid);
	if (*target != '/' || mount < 0 ||
	    mountinfo_each(path, is_mount, &mount, e) != 0)
		return arena_text(a, target);
	return arena_format(a, "file[%x:%" PRIx64 "]", mount,
	                    (uint64_t)st.st_ino);
}

static int
note_stdio(struct images *m, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	char *before = NULL;

	for (int i = 0; i < 3; i++) {
		char *name = name_stdio(m, i, e);

		buf_text(&text, i ? "," : "[");
		json_quote(&text, name);
		if (strncmp(name, "file[", 5) == 0 &&
		    (!before || strcmp(before, name) != 0))
			criu_text(&m->options, CRIU_EXTERNAL, before = name);
	}
	buf_text(&text, "]");
	return store_write(m->images, IMAGES_STDIO, &text, false, e);
}

static void
add_namespaces(struct images *m)
{
	static const enum namespace_kind kinds[] = { NAMESPACE_NETWORK,
	                                             NAMESPACE_PID };
	struct stat st;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct namespace_row *row = spec_namespace(&m->c->spec,
		                                           kinds[i]);
		const char *key = images_foreign(row);

		if (key && stat(row->path, &st) == 0)
			criu_text(&m->options, CRIU_EXTERNAL,
			          arena_format(&m->c->arena, "%s[%lu]:%s",
			                       spec_namespaces[kinds[i]].file,
			                       (unsigned long)st.st_ino, key));
	}
}

static void
add_mounts(struct images *m)
{
	const struct spec *s = &m->c->spec;
	AUTO(close) int root = open(m->c->record.rootfs, O_PATH | O_DIRECTORY |
	                            O_CLOEXEC);

	for (size_t i = 0; i < s->n_mounts; i++)
		if (images_is_bind(&s->mounts[i])) {
			const char *at = images_place(
			        m, root, s->mounts[i].destination);

			criu_pair(&m->options, CRIU_MOUNT, at, at);
		}
	images_devices(m);
	images_cgroups(m, false);
}

/* criu looks for a freezer of v1 first. */
static void
add_freezer(struct images *m)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	struct err ignored;
	const struct cgroup_tree *found = NULL;

	if (!m->c->record.cgroup ||
	    cgroup_open(&g, m->c->record.cgroup, &ignored) < 0)
		return;
	for (size_t i = 0; i < g.n_trees; i++)
		if (strcmp(g.trees[i].name, "freezer") == 0 ||
		    g.layout == CGROUP_V2)
			found = &g.trees[i];
	if (found)
		criu_text(&m->options, CRIU_FREEZER,
		          arena_format(&m->c->arena, "%s%s", found->mount,
		                       g.path));
}

static int
say_what(struct images *m, struct err *e)
{
	const struct oci_criu *how = m->how;
	struct criu_options *o = &m->options;

	if (check_parent(how, m, e) < 0 || add_page_server(m, e) < 0)
		return -1;
	criu_number(o, CRIU_PID, m->c->record.pid.value);
	criu_text(o, CRIU_ROOT, m->c->record.rootfs);
	criu_flag(o, CRIU_LEAVE_RUNNING, how->leave_running);
	criu_flag(o, CRIU_SKIP_IN_FLIGHT, how->tcp_skip_in_flight);
	criu_flag(o, CRIU_LINK_REMAP, how->link_remap);
	criu_text(o, CRIU_PARENT, how->parent);
	criu_flag(o, CRIU_TRACK_MEMORY, how->pre_dump ||
	          (how->parent && *how->parent));
	add_freezer(m);
	add_namespaces(m);
	if (how->pre_dump)
		return 0;
	add_mounts(m);
	return note_stdio(m, e);
}

/* --status-fd: its pages can be fetched now. */
static int
hear(void *with, const char *what, pid_t pid, int fd, struct err *e)
{
	const struct images *m = with;
	const struct number *status = &m->how->status_fd;

	auto_close(&fd);
	if (!status->set || strcmp(what, "status-ready") != 0)
		return 0;
	if (fd_write((int)status->value, "", 1) < 0)
		return fail_sys(e, "--status-fd");
	close((int)status->value);
	return 0;
}

static int
dump(struct images *m, struct err *e)
{
	struct criu_hearer hearer = { hear, m, false };
	pid_t ignored;

	if (criu_start(&m->criu, NULL, 0, e) < 0)
		return -1;
	m->options.verb = m->how->pre_dump ? CRIU_PRE_DUMP : CRIU_DUMP;
	if (criu_ask(&m->criu, &m->options, &hearer, &ignored, e) == 0)
		return 0;
	if (!hearer.failed)
		images_explain(m, e);
	return -1;
}

/* criu stops them by itself; what somebody else has frozen it could not ask. */
static int
dump_paused(struct images *m, bool paused, struct err *e)
{
	struct err late;
	int done;

	if (paused && oci_resume(m->c, e) < 0)
		return -1;
	done = dump(m, e);
	if (paused && box_is_alive(m->c) &&
	    oci_pause(m->c, done < 0 ? &late : e) < 0)
		return -1;
	return done;
}

int
oci_checkpoint(struct oci *c, struct oci_criu *how, struct err *e)
{
	AUTO(images) struct images m = IMAGES_NONE;
	enum oci_status s;

	m.c = c;
	m.how = how;
	if (images_check(how, &c->arena, e) < 0 ||
	    check_status_fd(&how->status_fd, e) < 0 ||
	    box_lock(c, e) < 0 || box_read(c, e) < 0 || box_spec(c, e) < 0)
		return -1;
	s = oci_status(c);
	if (s != OCI_RUNNING && s != OCI_PAUSED)
		return fail(e, EBUSY, "cannot checkpoint a container that is "
		            "%s", oci_status_name(s));
	if (images_begin(&m, "dump.log", true, e) < 0 ||
	    say_what(&m, e) < 0 || dump_paused(&m, s == OCI_PAUSED, e) < 0)
		return -1;
	if (how->leave_running || how->pre_dump)
		return 0;
	if (!box_wait(c, BOX_KILL_MS))
		return fail(e, EBUSY, "criu has not ended process %d",
		            (int)c->record.pid.value);
	return box_remove(c, e);
}
