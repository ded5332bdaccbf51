/* SPDX-License-Identifier: ISC */
/* The steps of a start, each with its undo, and of one more process. */
#include "runtime/runtime.h"
#include "base/log.h"
#include "runtime/start.h"
#include "spec/spec.h"
#include "sys/process.h"
#include "sys/tty.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static uint32_t
host_id(const struct id_map *maps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (maps[i].inside == 0 && maps[i].count)
			return maps[i].outside;
	return 0;
}

/* Is there a mount of its group that the container may write to? */
static bool
has_own_groups(const struct spec *spec)
{
	const struct namespace_row *row = spec_namespace(spec,
	                                                 NAMESPACE_CGROUP);

	for (size_t i = 0; row && !row->path && i < spec->n_mounts; i++) {
		const struct mount *m = &spec->mounts[i];

		if (m->type && strncmp(m->type, "cgroup", 6) == 0)
			return !words_has(&m->options, "ro") &&
			       !words_has(&m->options, "rro");
	}
	return false;
}

/* Whoever is root in a user namespace of its own, and may write to its group,
 * must own it for that, as with runc. */
static int
delegate(const struct start *s, struct err *e)
{
	const struct linux_part *l = s->spec->linux_part;

	if (!l || !l->n_uid_maps || !has_own_groups(s->spec))
		return 0;
	return cgroup_delegate(&s->group, host_id(l->uid_maps, l->n_uid_maps),
	                       host_id(l->gid_maps, l->n_gid_maps), e);
}

static int
make_cgroup(struct start *s, struct err *e)
{
	const struct linux_part *l = s->spec->linux_part;

	if (!s->plan->cgroup)
		return 0;
	s->group_is_ours = true;
	if (s->plan->scope.start) {
		if (start_scope(s, e) < 0 ||
		    cgroup_adopt(&s->group, s->plan->cgroup, e) < 0)
			return -1;
	} else if (cgroup_make(&s->group, s->plan->cgroup, e) < 0) {
		s->group_is_ours = e->code != EEXIST;
		return -1;
	}
	if ((s->plan->strict && cgroup_check_whole(&s->group, e) < 0) ||
	    delegate(s, e) < 0)
		return -1;
	if (cgroup_limit(&s->group, l ? l->resources : NULL, e) < 0)
		return -1;
	return cgroup_entries(&s->group, s->entries, &s->n_entries, e);
}

static void
drop_cgroup(struct start *s)
{
	struct err ignored;

	if (s->plan->scope.start)
		start_drop_scope(s);
	if (s->group_is_ours && cgroup_remove(s->plan->cgroup, &ignored) < 0)
		log_warn("cgroup '%s' stays: %s", s->plan->cgroup,
		         ignored.text);
}

static int
enter_cgroup(struct start *s, struct err *e)
{
	const struct words *below = s->plan->below;

	if (!s->plan->cgroup)
		return below && below->n
		       ? fail(e, ENOTSUP, "the container has no cgroup") : 0;
	if (cgroup_open(&s->group, s->plan->cgroup, e) < 0)
		return -1;
	if (below && below->n
	    ? cgroup_descend(&s->group, below, e) < 0
	    : cgroup_follow(&s->group, s->plan->into_pid, e) < 0)
		return -1;
	return cgroup_entries(&s->group, s->entries, &s->n_entries, e);
}

static int
attach_child(struct start *s, struct err *e)
{
	return s->plan->cgroup ? cgroup_attach(&s->group, s->child.pid, e)
	                       : 0;
}

static const struct intel_rdt *
rdt_of(const struct spec *spec)
{
	return spec->linux_part ? spec->linux_part->intel_rdt : NULL;
}

static int
make_resctrl(struct start *s, struct err *e)
{
	const struct intel_rdt *rdt = rdt_of(s->spec);
	const struct runtime_resctrl *r = s->plan->resctrl;

	if (!rdt)
		return 0;
	if (!r)
		return fail(e, ENOTSUP, "linux.intelRdt is for an OCI runtime");
	s->resctrl = r->root(e);
	if (s->resctrl < 0 || r->make(s->resctrl, rdt, s->plan->id, e) < 0)
		return -1;
	s->resctrl_is_ours = true;
	return 0;
}

static void
drop_resctrl(struct start *s)
{
	const struct runtime_resctrl *r = s->plan->resctrl;
	struct err e;

	if (s->resctrl_is_ours &&
	    r->remove(s->resctrl, rdt_of(s->spec), s->plan->id, &e) < 0)
		log_warn("%s", e.text);
}

/* Before it has children, who go where it is. */
static int
enter_resctrl(struct start *s, struct err *e)
{
	const struct intel_rdt *rdt = rdt_of(s->spec);
	const struct runtime_resctrl *r = s->plan->resctrl;

	if (!rdt || !r)
		return 0;
	if (s->resctrl < 0)
		s->resctrl = r->root(e);
	return s->resctrl < 0 ? -1 : r->enter(s->resctrl, rdt, s->plan->id,
	                                      s->child.pid, e);
}

static int
move_devices(struct start *s, struct err *e)
{
	return init_net_devices(s->spec, s->init.join_fd[NAMESPACE_NETWORK],
	                        s->child.pid, e);
}

/* It has not said that it is there, so it cannot have executed anything. */
static int
fail_silent(struct start *s, struct err *e)
{
	int status;

	if (process_wait(s->child.pid, &status, e) < 0)
		return -1;
	s->child.pid = -1;
	if (cgroup_oom_kills(&s->group) > 0)
		return fail(e, ENOMEM, "no memory left for the first "
		            "process; is the limit too low?");
	return fail(e, ECHILD, "the first process ended with status %d "
	            "before it was set up", status);
}

static int
await_mounts(struct start *s, struct err *e)
{
	int heard = start_hear(s, SYNC_MOUNTED, e);

	return heard == 0 ? fail_silent(s, e) : heard;
}

static void
drop_mounts(struct start *s)
{
	start_leave_root(s->spec, s->plan);
}

static struct hook_call
hooks_of(const struct spec *spec, const struct runtime_plan *plan,
         const char *status)
{
	return (struct hook_call){
		.spec = spec, .id = plan->id, .bundle = plan->bundle,
		.status = status,
	};
}

int
runtime_hooks(const struct spec *spec, const struct runtime_plan *plan,
              pid_t pid, struct err *e)
{
	const struct hooks *h = spec->hooks;
	struct hook_call call = hooks_of(spec, plan, "created");

	if (!h)
		return 0;
	call.pid = pid;
	if (init_hooks(&call, h->prestart, h->n_prestart, e) < 0)
		return -1;
	return init_hooks(&call, h->create_runtime, h->n_create_runtime, e);
}

static int
run_hooks(struct start *s, struct err *e)
{
	return runtime_hooks(s->spec, s->plan, s->child.pid, e);
}

/* The size is right before the command draws its first line. */
static void
set_size(struct start *s)
{
	const struct runtime_plan *p = s->plan;

	if (s->child.master >= 0 && p->rows && p->columns &&
	    tty_resize(s->child.master, p->rows, p->columns) < 0)
		log_debug("terminal size: %s", strerror(errno));
}

/* End of file is success: the socket was closed by the exec. */
static int
await_exec(struct start *s, struct err *e)
{
	struct err unheard;

	set_size(s);

	/* If it is gone already it has left word behind. */
	if (sync_send(s->socket[0], SYNC_GO, NULL, -1, &unheard) < 0)
		log_debug("%s", unheard.text);
	return start_hear(s, SYNC_READY, e) < 0 ? -1 : 0;
}

static int
tell_made(struct start *s, struct err *e)
{
	return s->plan->made ? s->plan->made(s->plan->with, s->child.pid, e)
	                     : 0;
}

static const struct step start_table[] = {
	{ "namespaces", start_namespaces, NULL }, /* owned by the scope */
	{ "resctrl", make_resctrl, drop_resctrl },
	/* Limits before the child, and pipes after whoever keeps the scope. */
	{ "cgroup", make_cgroup, drop_cgroup },
	{ "sync", start_sync, NULL },
	{ "child", start_child, start_kill },
	{ "resctrl", enter_resctrl, NULL },
	{ "ids", start_ids, NULL }, /* end with the child */
	{ "network", move_devices, NULL },
	{ "config", start_config, NULL },
	{ "record", tell_made, NULL }, /* while the child makes its mounts */
	{ "mounts", await_mounts, drop_mounts },
	{ "hooks", run_hooks, NULL },
	{ "exec", await_exec, NULL },
	{ NULL, NULL, NULL },
};

static const struct step exec_table[] = {
	{ "sync", start_sync, NULL },
	{ "cgroup", enter_cgroup, NULL }, /* it is the container's */
	{ "child", start_child, start_kill },
	{ "resctrl", enter_resctrl, NULL },
	{ "config", start_config, NULL },
	{ "terminal", await_mounts, NULL },
	{ "exec", await_exec, NULL },
	{ NULL, NULL, NULL },
};

/* For a child that is there already, and ends before its group can. */
static const struct step group_table[] = {
	{ "resctrl", make_resctrl, drop_resctrl },
	{ "cgroup", make_cgroup, drop_cgroup },
	{ "cgroup", attach_child, start_kill },
	{ "resctrl", enter_resctrl, NULL },
	{ NULL, NULL, NULL },
};

/* Hand the child over; what is left of the start is closed by its scope. */
static void
give(struct start *s, struct runtime_child *child)
{
	*child = s->child;
	s->child = (struct runtime_child){ -1, -1, -1 };
}

void
runtime_started(const struct spec *spec, const struct runtime_plan *plan,
                pid_t pid)
{
	const struct hooks *h = spec->hooks;
	struct hook_call call = hooks_of(spec, plan, "running");

	call.pid = pid;
	if (h)
		init_hooks_after(&call, h->poststart, h->n_poststart);
}

int
runtime_start(const struct spec *spec, const struct runtime_plan *plan,
              struct runtime_child *child, struct err *e)
{
	AUTO(start) struct start s;

	start_begin(&s, spec, plan);
	if (start_steps(&s, start_table, e) < 0)
		return -1;
	if (plan->fifo < 0)
		runtime_started(spec, plan, s.child.pid);
	give(&s, child);
	return 0;
}

int
runtime_exec(const struct spec *spec, const struct runtime_plan *plan,
             int into, struct runtime_child *child, struct err *e)
{
	AUTO(start) struct start s;

	start_begin(&s, spec, plan);
	s.init.exec = true;
	if (start_join(&s, into, e) < 0)
		return fail_in(e, "namespaces");
	if (start_steps(&s, exec_table, e) < 0)
		return -1;
	give(&s, child);
	return 0;
}

int
runtime_mounts(const struct spec *spec, const struct runtime_plan *plan,
               int into, bool remove, struct err *e)
{
	AUTO(start) struct start s;

	if (!spec_namespace(spec, NAMESPACE_MOUNT))
		return fail(e, EINVAL, "the container shares the mounts of the "
		            "host");
	start_begin(&s, spec, plan);
	if (start_join(&s, into, e) < 0)
		return fail_in(e, "namespaces");
	return init_mounts_live(&s.init, spec, remove, e);
}

int
runtime_group(const struct spec *spec, const struct runtime_plan *plan,
              pid_t pid, struct err *e)
{
	AUTO(start) struct start s;

	start_begin(&s, spec, plan);
	s.child.pid = pid;
	return start_steps(&s, group_table, e);
}

/*
 * The end of a pid namespace's first process is the end of all in it, so that
 * there is somebody to kill only where the container had none of its own.
 */
static void
kill_rest(const struct spec *spec, const struct runtime_plan *plan)
{
	const struct namespace_row *row = spec_namespace(spec, NAMESPACE_PID);
	AUTO(cgroup) struct cgroup group = { 0 };
	struct err ignored;

	if (row && !row->path)
		return;
	if (cgroup_open(&group, plan->cgroup, &ignored) < 0 ||
	    cgroup_kill(&group, SIGKILL, &ignored) < 0)
		log_debug("%s", ignored.text);
}

void
runtime_stopped(const struct spec *spec, const struct runtime_plan *plan)
{
	const struct hooks *h = spec->hooks;
	struct hook_call call = hooks_of(spec, plan, "stopped");

	if (h)
		init_hooks_after(&call, h->poststop, h->n_poststop);
}

/* One that is not mounted any more holds nothing. */
static int
remove_resctrl(const struct spec *spec, const struct runtime_plan *plan,
               struct err *e)
{
	const struct intel_rdt *rdt = rdt_of(spec);
	const struct runtime_resctrl *r = plan->resctrl;
	AUTO(close) int root = rdt && r ? r->root(e) : -1;

	return root < 0 ? 0 : r->remove(root, rdt, plan->id, e);
}

int
runtime_remove(const struct spec *spec, const struct runtime_plan *plan,
               struct err *e)
{
	struct err late;

	if (plan->cgroup) {
		kill_rest(spec, plan);
		if (plan->scope.start &&
		    plan->scope.stop(plan->scope.unit, &late) < 0)
			log_warn("%s", late.text);
		if (cgroup_remove(plan->cgroup, e) < 0)
			return fail_in(e, "cgroup");
	}
	if (remove_resctrl(spec, plan, e) < 0)
		return -1;
	start_leave_root(spec, plan);
	runtime_stopped(spec, plan);
	return 0;
}
