/* SPDX-License-Identifier: ISC */
/* mounts: what is mounted in a container that runs, changed. */
#include "oci/box.h"
#include "sys/process.h"

#include <errno.h>

static int
change(struct oci *c, bool remove, struct err *e)
{
	AUTO(close) int into = process_pidfd((pid_t)c->record.pid.value);
	struct runtime_plan plan;

	if ((into < 0 && errno != ENOSYS) || !box_is_alive(c))
		return fail(e, ESRCH, "container not running");
	box_plan(c, &plan);
	plan.into_pid = (pid_t)c->record.pid.value;
	return runtime_mounts(&c->spec, &plan, into, remove, e);
}

int
oci_mounts(struct oci *c, const char *path, bool remove, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	/* Before others have to wait for us: it may be a pipe. */
	if (box_read_file(path, &text, e) < 0 || box_lock(c, e) < 0 ||
	    box_read(c, e) < 0)
		return -1;
	if (!box_is_alive(c))
		return fail(e, ESRCH, "container not running");
	if (box_spec(c, e) < 0)
		return -1;
	if (spec_read_mounts(&c->spec, text.data ? text.data : "", text.n,
	                     e) < 0)
		return fail_in(e, "'%s'", path);
	return change(c, remove, e);
}
