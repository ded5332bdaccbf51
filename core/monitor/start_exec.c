/* SPDX-License-Identifier: ISC */
/* One more process in a container that runs. */
#include "monitor/start_exec.h"

int
start_exec_stdio(struct container *c, const struct spec *spec,
                 const struct stdio *io, struct runtime_child *child,
                 struct err *e)
{
	struct runtime_plan plan = RUNTIME_PLAN_NONE;
	AUTO(close) int into = -1;

	if (container_pidfd(c, &into, e) < 0)
		return -1;
	container_plan(c, &plan);
	plan.reaper = false;
	plan.into_pid = (pid_t)c->record.pid.value;
	stdio_plan(io, &plan);
	return runtime_exec(spec, &plan, into, child, e);
}

int
start_exec_plain(struct container *c, const struct spec *spec,
                 const int fds[3], struct runtime_child *child,
                 struct err *e)
{
	const struct stdio io = {
		.child = { fds[0], fds[1], fds[2] }, .ours = { -1, -1, -1 },
	};

	return start_exec_stdio(c, spec, &io, child, e);
}
