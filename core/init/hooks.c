/* SPDX-License-Identifier: ISC */
/* Hooks: programs of the caller's, told the container's state on stdin. */
#include "base/json.h"
#include "base/log.h"
#include "init/child.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void
init_state(const struct hook_call *call, struct buf *out)
{
	const struct spec *spec = call->spec;
	const struct pairs *notes = &spec->annotations;

	buf_text(out, "{\"ociVersion\":");
	json_quote(out, spec->oci_version ? spec->oci_version : "1.2.0");
	buf_text(out, ",\"id\":");
	json_quote(out, call->id ? call->id : "");
	buf_format(out, ",\"status\":\"%s\"", call->status);
	if (call->pid > 0)
		buf_format(out, ",\"pid\":%d", call->pid);
	buf_text(out, ",\"bundle\":");
	json_quote(out, call->bundle ? call->bundle : "/");
	for (size_t i = 0; i < notes->n; i++) {
		buf_text(out, i ? "," : ",\"annotations\":{");
		json_quote(out, notes->v[i].key);
		buf_text(out, ":");
		json_quote(out, notes->v[i].value);
	}
	buf_text(out, notes->n ? "}}" : "}");
}

/* Its environment is what the hook says, and nothing of ours. */
static void
exec_hook(const struct hook *hook, int state)
{
	char *alone[] = { hook->path, NULL }, *none[] = { NULL };
	char **args = hook->args.n ? hook->args.v : alone;
	char **env = hook->env.n ? hook->env.v : none;
	struct err e;

	signal_reset();
	if (dup2(state, STDIN_FILENO) >= 0 && fd_cloexec_from(3, &e) == 0)
		execve(hook->path, args, env);
	log_error("hook '%s': %s", hook->path, strerror(errno));
	_exit(STATUS_NOT_FOUND);
}

/* Kernels without pidfds are asked again and again. Returns whether the
 * process has ended in time. */
static bool
ends_before(pid_t pid, int pidfd, int64_t deadline)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	siginfo_t info = { 0 };

	for (;;) {
		int64_t left = deadline - clock_ms();

		waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT);
		if (info.si_pid == pid)
			return true;
		if (left <= 0)
			return false;
		if (left > INT32_MAX)
			left = INT32_MAX;
		poll(&p, 1, (int)(pidfd < 0 && left > 10 ? 10 : left));
	}
}

static int
await_hook(const struct hook *hook, pid_t pid, int pidfd, struct err *e)
{
	bool late = hook->timeout.set &&
	            !ends_before(pid, pidfd, clock_ms() +
	                         hook->timeout.value * 1000);
	int status;

	if (late && process_signal(pidfd, pid, SIGKILL, e) < 0)
		return -1;
	if (process_wait(pid, &status, e) < 0)
		return -1;
	if (late)
		return fail(e, ETIMEDOUT, "still running after %lld s",
		            (long long)hook->timeout.value);
	if (status)
		return fail(e, ECHILD, "exit status %d", status);
	return 0;
}

/* A hook need not read its stdin, so a broken pipe is no failure. */
static int
run_hook(const struct hook *hook, const struct buf *state, struct err *e)
{
	AUTO(close) int pidfd = -1, theirs = -1, ours = -1;
	int pair[2];
	bool born;
	pid_t pid;

	if (fd_pipe(pair, e) < 0)
		return -1;
	theirs = pair[0];
	ours = pair[1];
	pid = process_clone(0, -1, &born, &pidfd, e);
	if (pid < 0)
		return -1;
	if (pid == 0)
		exec_hook(hook, theirs);
	close(take_fd(&theirs));
	if (signal_write(ours, state->data, state->n) < 0 && errno != EPIPE)
		log_warn("hook '%s': %s", hook->path, strerror(errno));
	close(take_fd(&ours));
	return await_hook(hook, pid, pidfd, e);
}

int
init_hooks(const struct hook_call *call, const struct hook *hooks, size_t n,
           struct err *e)
{
	AUTO(buf) struct buf state = { 0 };

	if (n == 0)
		return 0;
	init_state(call, &state);
	for (size_t i = 0; i < n; i++)
		if (run_hook(&hooks[i], &state, e) < 0)
			return fail_in(e, "hook '%s'", hooks[i].path);
	return 0;
}

void
init_hooks_after(const struct hook_call *call, const struct hook *hooks,
                 size_t n)
{
	struct err late;

	for (size_t i = 0; i < n; i++)
		if (init_hooks(call, &hooks[i], 1, &late) < 0)
			log_warn("%s", late.text);
}

/*
 * Those that run in the container. The pid is the one that it has in there.
 *
 * source   runtime.md, "State": pid
 */
static int
run_inside(const struct child *c, const char *status, const struct hook *hooks,
           size_t n, struct err *e)
{
	struct hook_call call = {
		.spec = &c->spec, .id = c->plan->id,
		.bundle = c->plan->bundle, .status = status,
		.pid = getpid(),
	};

	return init_hooks(&call, hooks, n, e);
}

int
init_hooks_create(struct child *c, struct err *e)
{
	const struct hooks *h = c->spec.hooks;

	if (!h || run_inside(c, "created", h->create_container,
	                     h->n_create_container, e) == 0)
		return 0;
	return fail_in(e, "createContainer");
}

int
init_hooks_start(struct child *c, struct err *e)
{
	const struct hooks *h = c->spec.hooks;

	if (!h || run_inside(c, "created", h->start_container,
	                     h->n_start_container, e) == 0)
		return 0;
	return fail_in(e, "startContainer");
}
