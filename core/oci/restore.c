/* SPDX-License-Identifier: ISC */
/* restore: a container of a bundle, whose processes criu makes from files. */
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "oci/images.h"
#include "store/store.h"
#include "sys/netdev.h"
#include "sys/path.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A container being restored.
 *
 * fds      what criu gets: our stdio, twice as it takes each once, and
 *          namespaces that are there already
 * grouped  there is a cgroup
 */
#define STDIO 6

struct restoring {
	struct images m;
	const struct oci_how *how;
	struct runtime_plan plan;
	struct runtime_child child;
	int fds[STDIO + 2];
	size_t n_fds;
	struct criu_root root;
	bool grouped;
};

static void
auto_restoring(struct restoring *r)
{
	for (size_t i = STDIO; i < r->n_fds; i++)
		auto_close(&r->fds[i]);
	auto_runtime_child(&r->child);
	auto_criu_root(&r->root);
	auto_images(&r->m);
}

/* criu makes again all that was in a tmpfs; and cgroups are below one. */
static bool
has_own_place(const struct spec *s, const struct mount *m)
{
	if (m->type && strncmp(m->type, "cgroup", 6) == 0)
		return true;
	for (size_t i = 0; i < s->n_mounts; i++)
		if (s->mounts[i].type &&
		    strcmp(s->mounts[i].type, "tmpfs") == 0 &&
		    path_is_below(m->destination, s->mounts[i].destination))
			return true;
	return false;
}

/* What `create` would make of a root where it is missing. */
static int
make_place(const struct mount *m, int root, struct err *e)
{
	struct stat st = { .st_mode = S_IFDIR };
	AUTO(close) int fd = -1;

	if (images_is_bind(m) && (!m->source || stat(m->source, &st) < 0))
		return fail_sys(e, "mounts: '%s'", m->source ? m->source : "");
	fd = S_ISDIR(st.st_mode) ? path_make_dir(root, m->destination)
	                         : path_make_file(root, m->destination);
	return fd < 0 ? fail_sys(e, "mounts: '%s'", m->destination) : 0;
}

static int
add_mounts(struct restoring *r, struct err *e)
{
	const struct spec *s = &r->m.c->spec;
	AUTO(close) int root = open(r->m.c->record.rootfs, O_PATH |
	                            O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return fail_sys(e, "root.path: '%s'", r->m.c->record.rootfs);
	for (size_t i = 0; i < s->n_mounts; i++) {
		const struct mount *m = &s->mounts[i];

		char *source = m->source;

		if (!has_own_place(s, m) && make_place(m, root, e) < 0)
			return -1;
		if (!images_is_bind(m))
			continue;
		/* criu is not where we are: in the bundle */
		if (box_absolute(&source, &r->m.c->arena, e) < 0)
			return -1;
		criu_pair(&r->m.options, CRIU_MOUNT,
		          images_place(&r->m, root, m->destination), source);
	}
	images_devices(&r->m);
	/* what runc's images have in the place of masked files */
	criu_pair(&r->m.options, CRIU_MOUNT, "/dev/null", "/dev/null");
	return 0;
}

static int
add_namespace(struct restoring *r, const struct namespace_row *row,
              struct err *e)
{
	const char *key = images_foreign(row);
	int fd;

	if (!row->path)
		return 0;
	if (strcmp(row->type, "cgroup") == 0)
		return fail(e, ENOTSUP, "criu cannot restore into a cgroup "
		            "namespace that is there already");
	if (!key) {
		/* criu's names are those of /proc/PID/ns */
		for (int i = 0; i < NAMESPACE_KINDS; i++)
			if (strcmp(spec_namespaces[i].name, row->type) == 0)
				criu_pair(&r->m.options, CRIU_JOIN_NS,
				          spec_namespaces[i].file, row->path);
		return 0;
	}
	fd = open(row->path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(e, "linux.namespaces: '%s'", row->path);
	criu_inherit(&r->m.options, key, CRIU_FIRST_FD + (int)r->n_fds);
	r->fds[r->n_fds++] = fd;
	return 0;
}

static int
add_namespaces(struct restoring *r, struct err *e)
{
	const struct linux_part *l = r->m.c->spec.linux_part;

	for (size_t i = 0; i < l->n_namespaces; i++)
		if (add_namespace(r, &l->namespaces[i], e) < 0)
			return -1;
	return 0;
}

/*
 * Ours in the place of what it had. A file of the outside has a name that criu
 * cuts the first letter off; under what is left of it it takes ours as it is,
 * while as "file[…]" it would have to be as long as the old one.
 */
static void
add_stdio_of(struct restoring *r, int number, const char *name)
{
	int fd = CRIU_FIRST_FD + number;

	if (strncmp(name, "file[", 5) == 0)
		criu_inherit(&r->m.options, name + 1, fd + STDIO / 2);
	if (strncmp(name, "file[", 5) == 0 ||
	    strncmp(name, "pipe:", 5) == 0 ||
	    strncmp(name, "socket:", 7) == 0)
		criu_inherit(&r->m.options, name, fd);
}

static int
add_stdio(struct restoring *r, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	struct value *list;

	if (store_read(r->m.images, IMAGES_STDIO, BOX_MOST, &text, e) < 0 ||
	    json_read_value(&text, &list, &r->m.c->arena, e) < 0)
		return fail_in(e, "--image-path");
	for (size_t i = 0; list->kind == VALUE_LIST && i < list->n && i < 3;
	     i++)
		if (list->v[i].value->kind == VALUE_TEXT)
			add_stdio_of(r, (int)i, list->v[i].value->text);
	return 0;
}

static int
enter_root(struct restoring *r, struct err *e)
{
	struct oci *c = r->m.c;
	char *at = arena_format(&c->arena, "%s/" IMAGES_ROOT, c->path);

	if (mkdirat(c->dir, IMAGES_ROOT, 0755) < 0)
		return fail_sys(e, IMAGES_ROOT);
	criu_text(&r->m.options, CRIU_ROOT, at);
	return criu_root_enter(&r->root, c->record.rootfs, at, e);
}

static int
say_what(struct restoring *r, struct err *e)
{
	struct oci *c = r->m.c;
	const struct oci_criu *how = r->m.how;
	struct criu_options *o = &r->m.options;

	criu_flag(o, CRIU_EVASIVE_DEVICES, true);
	criu_flag(o, CRIU_SIBLING, true);
	criu_text(o, CRIU_LSM_PROFILE, how->lsm_profile);
	criu_text(o, CRIU_LSM_MOUNT_CONTEXT, how->lsm_mount_context);
	if (c->record.cgroup)
		criu_pair(o, CRIU_CGROUP_ROOT, NULL, c->record.cgroup);
	return add_mounts(r, e) < 0 || add_namespaces(r, e) < 0 ||
	       add_stdio(r, e) < 0 ? -1 : 0;
}

/* "lo" has to be switched on again, as its namespace is a new one. */
static int
raise_loopback(const struct restoring *r, pid_t pid, struct err *e)
{
	const struct namespace_row *row = spec_namespace(
	        &r->m.c->spec, NAMESPACE_NETWORK);
	AUTO(close) int ours = -1, theirs = -1;
	char path[32];
	int done;

	if (!row || row->path)
		return 0;
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	ours = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	theirs = open(path, O_RDONLY | O_CLOEXEC);
	if (ours < 0 || theirs < 0 || setns(theirs, CLONE_NEWNET) < 0)
		return fail_sys(e, "%s", path);
	done = netdev_raise_loopback();
	if (done < 0)
		fail_sys(e, "lo");
	if (setns(ours, CLONE_NEWNET) < 0)
		return fail_sys(e, "/proc/self/ns/net");
	return done;
}

static int
hear(void *with, const char *what, pid_t pid, int fd, struct err *e)
{
	struct restoring *r = with;

	if (strcmp(what, "orphan-pts-master") == 0 && r->child.master < 0) {
		r->child.master = fd;
		return 0;
	}
	auto_close(&fd);
	if (strcmp(what, "setup-namespaces") != 0)
		return 0;
	if (raise_loopback(r, pid, e) < 0 || criu_root_leave(&r->root, e) < 0)
		return -1;
	return runtime_hooks(&r->m.c->spec, &r->plan, pid, e);
}

static int
make(struct restoring *r, struct err *e)
{
	struct oci *c = r->m.c;
	struct criu_hearer hearer = { hear, r, false };

	if (criu_start(&r->m.criu, r->fds, r->n_fds, e) < 0 ||
	    runtime_group(&c->spec, &r->plan, r->m.criu.pid, e) < 0)
		return -1;
	r->grouped = true;
	images_cgroups(&r->m, true);
	r->m.options.verb = CRIU_RESTORE;
	if (criu_ask(&r->m.criu, &r->m.options, &hearer, &r->child.pid,
	             e) < 0) {
		if (!hearer.failed)
			images_explain(&r->m, e);
		return -1;
	}
	if (criu_root_leave(&r->root, e) < 0)
		return -1;
	if (unlinkat(c->dir, IMAGES_ROOT, AT_REMOVEDIR) < 0)
		log_warn("%s: %s", IMAGES_ROOT, strerror(errno));
	r->child.pidfd = process_pidfd(r->child.pid);
	return 0;
}

/* Also those that a criu which was killed has left half made. */
static void
kill_all(const struct oci *c)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	struct err ignored;

	if (box_group(c, &g, &ignored) == 0 &&
	    cgroup_kill(&g, SIGKILL, &ignored) < 0)
		log_warn("%s", ignored.text);
}

/* It is there, and nobody could be told: nobody would miss it. */
static void
undo(struct restoring *r)
{
	struct oci *c = r->m.c;
	struct err ignored;
	int status;

	if (r->child.pid > 0 &&
	    (process_signal(r->child.pidfd, r->child.pid, SIGKILL,
	                    &ignored) < 0 ||
	     process_wait(r->child.pid, &status, &ignored) < 0))
		log_warn("%s", ignored.text);
	auto_criu(&r->m.criu);
	if (criu_root_leave(&r->root, &ignored) < 0)
		log_warn("%s", ignored.text);
	if (r->grouped)
		kill_all(c);
	if (r->grouped && runtime_remove(&c->spec, &r->plan, &ignored) < 0)
		log_warn("%s", ignored.text);
}

static int
restore(struct restoring *r, const struct oci_globals *g, struct err *e)
{
	struct oci *c = r->m.c;
	struct err ignored;

	if (bundle_read(c, g, r->how, e) == 0 &&
	    hand_check(r->how, c->spec.process, !r->how->detach, e) == 0) {
		box_plan(c, &r->plan);
		r->plan.strict = c->strict;
		if (notify_plan(c, e) == 0 && box_note_plan(c, e) == 0 &&
		    enter_root(r, e) == 0 &&
		    images_begin(&r->m, "restore.log", false, e) == 0 &&
		    say_what(r, e) == 0 && make(r, e) == 0 &&
		    box_note_process(c, r->child.pid, e) == 0 &&
		    hand_over(r->how, &r->child, e) == 0)
			return 0;
		undo(r);
	}
	if (box_drop(c, &ignored) < 0)
		log_warn("%s", ignored.text);
	return -1;
}

static int
watch(struct restoring *r, struct watch *w, struct err *e)
{
	struct oci *c = r->m.c;
	int status = watch_run(w, &r->child, e);

	if (status < 0)
		return -1;
	return box_lock(c, e) < 0 || box_remove(c, e) < 0 ? -1 : status;
}

int
oci_restore(const struct oci_globals *g, const char *id,
            const struct oci_how *wanted, struct oci_criu *criu,
            struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;
	AUTO(watch) struct watch w = { .signals = -1, .notify = -1 };
	struct oci_how how = *wanted;
	AUTO(restoring) struct restoring r = {
		.m = IMAGES_NONE, .root = CRIU_ROOT_NONE, .how = &how,
		.child = { -1, -1, -1 },
		.fds = { 0, 1, 2, 0, 1, 2 }, .n_fds = STDIO,
	};

	r.m.c = &c;
	r.m.how = criu;
	if (images_check(criu, &c.arena, e) < 0 ||
	    hand_paths(&how, &c.arena, e) < 0 ||
	    watch_begin(&w, e) < 0 || box_make(&c, g, id, e) < 0)
		return -1;
	r.m.criu.stop = w.signals;
	if (restore(&r, g, e) < 0)
		return -1;
	runtime_started(&c.spec, &r.plan, r.child.pid);
	box_unlock(&c);
	return how.detach ? 0 : watch(&r, &w, e);
}
