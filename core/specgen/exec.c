/* SPDX-License-Identifier: ISC */
/* One more process in a container: its own, as `exec` changes it. */
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

/* The capabilities that the record of the container leaves to us to guess. */
static uint64_t
bounding(const struct process *p)
{
	uint64_t caps = 0;
	struct err ignored;

	if (!p->capabilities ||
	    spec_cap_bits(&p->capabilities->bounding, &caps, &ignored) < 0)
		return 0;
	return caps;
}

/*
 * As `run -u` would have it. What was named with --cap-add is not in the spec:
 * it is what is more than the default. In a privileged container that is
 * everything, and was not named.
 */
static void
change_caps(struct spec *s, struct process *p)
{
	uint64_t caps = bounding(p), more = caps & ~capabilities_default();
	bool privileged = s->linux_part && !s->linux_part->seccomp &&
	                  !s->linux_part->masked_paths.n;

	if (p->capabilities)
		capabilities_of_user(p->capabilities, p->user.uid, caps,
		                     privileged ? 0 : more, &s->arena);
}

/* HOME follows the user, unless it was set on purpose. */
static int
change_user(struct spec *s, const char *text, const char *rootfs,
            const struct host *host, struct err *e)
{
	struct process *p = s->process;
	const char *set = env_get(&p->env, "HOME");
	struct user_lookup after = { .text = text };
	struct user_lookup before = {
		.text = arena_format(&s->arena, "%u", p->user.uid),
	};

	if (host->user(rootfs, &before, &s->arena, e) < 0 ||
	    host->user(rootfs, &after, &s->arena, e) < 0) {
		fail_in(e, "--user");
		return fail_status(e, STATUS_NOT_EXECUTABLE);
	}
	after.user.umask = p->user.umask;
	p->user = after.user;
	if (after.home &&
	    (!set || (before.home && strcmp(set, before.home) == 0)))
		env_set(&p->env, "HOME", after.home, &s->arena);
	change_caps(s, p);
	return 0;
}

static void
take_all_caps(struct spec *s, const struct host *host)
{
	struct process *p = s->process;
	uint64_t all = 0;

	for (int i = 0; i <= host->last_cap && spec_cap_name(i); i++)
		all |= UINT64_C(1) << i;
	if (!p->capabilities)
		p->capabilities = arena_new(&s->arena,
		                            sizeof(*p->capabilities));
	capabilities_of_user(p->capabilities, p->user.uid, all, 0, &s->arena);
}

int
specgen_exec(struct spec *s, const struct specgen_exec *flags, char **command,
             const struct host *host, struct err *e)
{
	struct process *p = s->process;
	struct arena *a = &s->arena;
	struct env_reader r = { .host = host, .arena = a };

	if (!p)
		return fail(e, EINVAL, "the container has no process");
	if (!command[0] || !*command[0])
		return fail(e, EINVAL, "no command");
	if (flags->workdir && flags->workdir[0] != '/')
		return fail(e, EINVAL, "--workdir: '%s' is not an absolute "
		            "path", flags->workdir);
	p->terminal = flags->tty;
	p->console_size = NULL;
	p->args = (struct words){ 0 };
	words_copy(a, &p->args, command);
	if (flags->workdir)
		p->cwd = arena_text(a, flags->workdir);
	if (flags->user &&
	    change_user(s, flags->user, flags->rootfs, host, e) < 0)
		return -1;
	if (flags->privileged)
		take_all_caps(s, host);
	if (flags->tty && !env_get(&p->env, "TERM"))
		env_set(&p->env, "TERM", "xterm", a);
	return env_merge(&p->env, &flags->env_file, &flags->env, &r, e);
}
