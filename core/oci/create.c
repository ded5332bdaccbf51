/* SPDX-License-Identifier: ISC */
/* create and run: a bundle becomes a container. */
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "oci/box.h"
#include "store/store.h"
#include "sys/clock.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Who has become the user must be able to write to it through a descriptor. */
static int
make_fifo(struct oci *c, struct err *e)
{
	int fd;

	if (mkfifoat(c->dir, BOX_FIFO, 0600) < 0 ||
	    fchmodat(c->dir, BOX_FIFO, 0622, 0) < 0)
		return fail_sys(e, BOX_FIFO);
	fd = openat(c->dir, BOX_FIFO, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? fail_sys(e, BOX_FIFO) : fd;
}

/* While it sets itself up: whoever finds us killed knows whom to kill. */
int
box_note_process(void *with, pid_t pid, struct err *e)
{
	struct oci *c = with;
	int64_t start = process_start_time(pid);

	c->record.pid = (struct number){ true, pid };
	c->record.start_time = (struct number){ start >= 0, start };
	return box_write(c, e);
}

/* All that is known before there is a cgroup or a process is on disk. */
int
box_note_plan(struct oci *c, struct err *e)
{
	c->record.created = clock_now(&c->arena);
	c->record.boot_id = process_boot(&c->arena);
	return box_write_spec(c, e) < 0 ? -1 : box_write(c, e);
}

struct making {
	struct oci *c;
	struct watch *watch; /* NULL: create */
	const struct oci_how *how;
	struct runtime_child child;
	bool waits; /* for `start`, on a fifo */
	bool foreground; /* somebody waits for its end */
};

static int
start(struct making *m, struct err *e)
{
	struct oci *c = m->c;
	AUTO(close) int fifo = -1;
	struct runtime_plan plan;

	box_plan(c, &plan);
	for (int i = 0; i < 3; i++)
		plan.stdio[i] = i;
	plan.no_pivot = m->how->no_pivot;
	plan.no_new_keyring = m->how->no_new_keyring;
	plan.strict = c->strict;
	plan.made = box_note_process;
	plan.with = c;
	plan.preserve = hand_kept(m->how, &c->spec);
	if (notify_plan(c, e) < 0 || box_note_plan(c, e) < 0)
		return -1;
	if (m->watch && notify_listen(c, &m->watch->notify, e) < 0)
		return -1;
	if (m->waits) {
		plan.fifo = fifo = make_fifo(c, e);
		if (fifo < 0)
			return -1;
	}
	return runtime_start(&c->spec, &plan, &m->child, e);
}

/* It runs or waits, and could not be handed over: nobody would miss it. */
static void
undo(struct making *m)
{
	struct err ignored;
	struct runtime_plan plan;
	int status;

	if (m->child.pid <= 0)
		return;
	box_plan(m->c, &plan);
	if (process_signal(m->child.pidfd, m->child.pid, SIGKILL,
	                   &ignored) < 0 ||
	    process_wait(m->child.pid, &status, &ignored) < 0 ||
	    runtime_remove(&m->c->spec, &plan, &ignored) < 0)
		log_warn("%s", ignored.text);
}

/* runtime.md, "Lifecycle": whatever fails from here on, these hooks follow. */
static void
tell_stopped(const struct oci *c)
{
	struct runtime_plan plan;

	box_plan(c, &plan);
	runtime_stopped(&c->spec, &plan);
}

static int
make(struct making *m, const struct oci_globals *g, struct err *e)
{
	struct err ignored;
	struct oci *c = m->c;

	if (bundle_read(c, g, m->how, e) == 0 &&
	    hand_check(m->how, c->spec.process, m->foreground, e) == 0) {
		if (start(m, e) < 0)
			tell_stopped(c);
		else if (hand_over(m->how, &m->child, e) == 0)
			return 0;
		else
			undo(m);
	}
	if (box_drop(c, &ignored) < 0)
		log_warn("%s", ignored.text);
	return -1;
}

int
oci_create(const struct oci_globals *g, const char *id,
           const struct oci_how *wanted, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;
	struct oci_how how = *wanted;
	struct making m = { &c, NULL, &how, { -1, -1, -1 }, true, false };
	int done;

	if (hand_paths(&how, &c.arena, e) < 0 || box_make(&c, g, id, e) < 0)
		return -1;
	done = make(&m, g, e);
	auto_runtime_child(&m.child);
	return done;
}

static int
watch(struct making *m, struct watch *w, struct err *e)
{
	struct oci *c = m->c;
	struct runtime_plan plan;
	int status;

	status = watch_run(w, &m->child, e);
	if (status < 0 || m->how->keep)
		return status;
	box_plan(c, &plan);
	if (box_lock(c, e) < 0 || runtime_remove(&c->spec, &plan, e) < 0 ||
	    box_drop(c, e) < 0)
		return -1;
	return status;
}

/* It runs, and that is what was asked for: as with runc, who cannot be told is
 * no reason to end it. */
static void
pass_on_ready(const struct making *m, int socket)
{
	struct err why;

	if (notify_check(socket, &why) < 0 ||
	    notify_wait(m->c, socket, m->child.pidfd, &why) < 0)
		log_warn("%s", why.text);
}

int
oci_run(const struct oci_globals *g, const char *id,
        const struct oci_how *wanted, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;
	AUTO(watch) struct watch w = { .signals = -1, .notify = -1 };
	struct oci_how how = *wanted;
	struct making m = { &c, &w, &how, { -1, -1, -1 }, false,
		            !how.detach };
	int done;

	if (hand_paths(&how, &c.arena, e) < 0 ||
	    (!how.detach && watch_begin(&w, e) < 0) ||
	    box_make(&c, g, id, e) < 0)
		return -1;
	done = make(&m, g, e);
	if (done == 0) {
		box_unlock(&c);
		if (how.detach)
			pass_on_ready(&m, w.notify);
		else
			done = watch(&m, &w, e);
	}
	auto_runtime_child(&m.child);
	return done;
}
