/* SPDX-License-Identifier: ISC */
/* exec: one more process in a container. */
#include "base/log.h"
#include "oci/box.h"
#include "sys/process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

static int
read_number(const char *text, const char **rest, uint32_t *value)
{
	char *end;
	unsigned long n;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || n > UINT32_MAX)
		return -1;
	*rest = end;
	*value = (uint32_t)n;
	return 0;
}

/* Numbers, as runc: who wants names reads the files of the container. */
static int
set_user(struct user *u, const char *text, struct err *e)
{
	const char *rest;
	struct user new = { .umask = u->umask };

	if (read_number(text, &rest, &new.uid) < 0 ||
	    (*rest == ':' && read_number(rest + 1, &rest, &new.gid) < 0) ||
	    *rest)
		return fail(e, EINVAL, "--user: '%s' is not UID[:GID]", text);
	*u = new;
	return 0;
}

static int
add_groups(struct user *u, const struct words *groups, struct arena *a,
           struct err *e)
{
	for (size_t i = 0; i < groups->n; i++) {
		const char *rest;
		uint32_t gid;

		if (read_number(groups->v[i], &rest, &gid) < 0 || *rest)
			return fail(e, EINVAL, "--additional-gids: '%s' is "
			            "not a number", groups->v[i]);
		*LIST_ADD(a, u->groups, u->n_groups) = gid;
	}
	return 0;
}

/* A variable that is there already gets the new value. */
static int
set_variable(struct words *env, const char *word, struct arena *a,
             struct err *e)
{
	size_t n = strcspn(word, "=");

	if (!n || !word[n])
		return fail(e, EINVAL, "--env: '%s' is not NAME=VALUE", word);
	for (size_t i = 0; i < env->n; i++) {
		if (strncmp(env->v[i], word, n + 1) != 0)
			continue;
		env->v[i] = arena_text(a, word);
		return 0;
	}
	words_add(a, env, word);
	return 0;
}

static int
add_caps(struct process *p, const struct words *caps, struct arena *a,
         struct err *e)
{
	if (caps->n && !p->capabilities)
		p->capabilities = arena_new(a, sizeof(*p->capabilities));
	for (size_t i = 0; i < caps->n; i++) {
		struct capabilities *c = p->capabilities;
		int number = spec_cap_number(caps->v[i]);
		const char *name = number < 0 ? NULL : spec_cap_name(number);
		struct words *sets[] = { &c->bounding, &c->effective,
			                 &c->permitted };

		if (!name)
			return fail(e, EINVAL, "--cap: no capability is "
			            "called '%s'", caps->v[i]);
		for (size_t j = 0; j < sizeof(sets) / sizeof(*sets); j++)
			if (!words_has(sets[j], name))
				words_add(a, sets[j], name);
	}
	return 0;
}

static int
change_process(struct process *p, const struct oci_exec *x, char **command,
               struct arena *a, struct err *e)
{
	if (!command[0])
		return fail(e, EINVAL, "no command, and no --process");
	p->args = (struct words){ 0 };
	words_copy(a, &p->args, command);
	p->terminal = x->tty;
	p->console_size = NULL;
	if (x->cwd)
		p->cwd = x->cwd;
	if (x->apparmor)
		p->apparmor_profile = x->apparmor;
	if (x->label)
		p->selinux_label = x->label;
	if (x->no_new_privs)
		p->no_new_privileges = true;
	for (size_t i = 0; i < x->env.n; i++)
		if (set_variable(&p->env, x->env.v[i], a, e) < 0)
			return -1;
	if ((x->user && set_user(&p->user, x->user, e) < 0) ||
	    add_groups(&p->user, &x->groups, a, e) < 0)
		return -1;
	return add_caps(p, &x->caps, a, e);
}

static int
read_process(struct oci *c, const char *path, struct err *e)
{
	struct arena *a = &c->spec.arena;
	struct process *p = arena_new(a, sizeof(*p));
	AUTO(buf) struct buf text = { 0 };

	if (box_read_file(path, &text, e) < 0)
		return fail_in(e, "--process");
	if (spec_read_process(p, text.data ? text.data : "", text.n, a,
	                      e) < 0)
		return fail_in(e, "--process");
	c->spec.process = p;
	return 0;
}

/* The container's spec, with the process that is to run instead. */
static int
prepare(struct oci *c, const struct oci_exec *x, char **command,
        struct err *e)
{
	int done;

	if (box_spec(c, e) < 0)
		return -1;
	if (x->process && command[0])
		return fail(e, EINVAL, "--process: and a command, too");
	done = x->process ? read_process(c, x->process, e)
	                  : change_process(c->spec.process, x, command,
	                                   &c->spec.arena, e);
	if (done < 0 || spec_check_process(c->spec.process, e) < 0)
		return -1;
	return hand_check(&x->how, c->spec.process, !x->how.detach, e);
}

static int
check_status(const struct oci *c, bool ignore_paused, struct err *e)
{
	enum oci_status s = oci_status(c);

	if (s == OCI_CREATED || s == OCI_RUNNING ||
	    (s == OCI_PAUSED && ignore_paused))
		return 0;
	return fail(e, s == OCI_STOPPED ? ESRCH : EBUSY,
	            "cannot exec in a container that is %s",
	            oci_status_name(s));
}

static int
start(struct oci *c, const struct oci_exec *x, struct runtime_child *child,
      struct err *e)
{
	AUTO(close) int into = process_pidfd((pid_t)c->record.pid.value);
	struct runtime_plan plan;

	if ((into < 0 && errno != ENOSYS) || !box_is_alive(c))
		return fail(e, ESRCH, "container not running");
	box_plan(c, &plan);
	plan.into_pid = (pid_t)c->record.pid.value;
	plan.preserve = hand_kept(&x->how, &c->spec);
	for (int i = 0; i < 3; i++)
		plan.stdio[i] = i;
	plan.below = &x->cgroups;
	return runtime_exec(&c->spec, &plan, into, child, e);
}

int
oci_exec(struct oci *c, const struct oci_exec *x, char **command,
         struct err *e)
{
	AUTO(runtime_child) struct runtime_child child = { -1, -1, -1 };
	AUTO(watch) struct watch w = { .signals = -1, .notify = -1 };
	struct oci_how how = x->how;
	struct err ignored;

	if (check_status(c, x->ignore_paused, e) < 0 ||
	    hand_paths(&how, &c->arena, e) < 0 ||
	    prepare(c, x, command, e) < 0 ||
	    (!how.detach && watch_begin(&w, e) < 0) ||
	    start(c, x, &child, e) < 0)
		return -1;
	if (hand_over(&how, &child, e) < 0) {
		if (process_signal(child.pidfd, child.pid, SIGKILL,
		                   &ignored) < 0)
			log_warn("%s", ignored.text);
		return -1;
	}
	return how.detach ? 0 : watch_run(&w, &child, e);
}
