/* SPDX-License-Identifier: ISC */
/* What config.md requires a runtime to refuse. */
#include "spec/check.h"

#include <errno.h>
#include <string.h>

bool
check_is_among(const char *word, const char *const *list)
{
	for (; *list; list++)
		if (strcmp(word, *list) == 0)
			return true;
	return false;
}

bool
check_is_within(const struct number *n, int64_t least, int64_t most)
{
	return !n->set || (n->value >= least && n->value <= most);
}

bool
check_has_dotdot(const char *path)
{
	for (;;) {
		size_t n = strcspn(path, "/");

		if (n == 2 && path[0] == '.' && path[1] == '.')
			return true;
		if (!path[n])
			return false;
		path += n + 1;
	}
}

/* Dotted identifiers of a semantic version, from `text` to one of `stops`. */
static const char *
identifiers(const char *text, const char *stops)
{
	static const char allowed[] =
	        "0123456789.-"
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strspn(text, allowed);

	return n > 0 && (!text[n] || strchr(stops, text[n])) ? text + n : NULL;
}

/* A semantic version 1.x.y, perhaps with -pre.release and +build. */
static bool
is_version_one(const char *text)
{
	for (int part = 0; part < 3; part++) {
		size_t n = strspn(text, "0123456789");

		if (n == 0 || n > 9 || (n > 1 && *text == '0') ||
		    (part == 0 && (n != 1 || *text != '1')) ||
		    (part < 2 && text[n] != '.'))
			return false;
		text += n + (part < 2);
	}
	if (*text == '-')
		text = identifiers(text + 1, "+");
	if (text && *text == '+')
		text = identifiers(text + 1, "");
	return text && !*text;
}

static int
check_rlimits(const struct process *p, struct err *e)
{
	for (size_t i = 0; i < p->n_rlimits; i++) {
		const struct rlimit_row *r = &p->rlimits[i];

		if (spec_rlimit_number(r->type) < 0)
			return fail(e, EINVAL, "process.rlimits: no limit is "
			            "called '%s'", r->type);
		if (r->soft > r->hard)
			return fail(e, EINVAL, "process.rlimits: the soft %s "
			            "is above the hard one", r->type);
		for (size_t before = 0; before < i; before++)
			if (strcmp(p->rlimits[before].type, r->type) == 0)
				return fail(e, EINVAL, "process.rlimits: %s "
				            "is given twice", r->type);
	}
	return 0;
}

static int
check_capabilities(const struct capabilities *c, struct err *e)
{
	const struct words *sets[] = { &c->bounding, &c->effective,
		                       &c->permitted, &c->inheritable,
		                       &c->ambient };

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		uint64_t bits;

		if (spec_cap_bits(sets[i], &bits, e) < 0)
			return fail_in(e, "process.capabilities");
	}
	return 0;
}

static int
check_user(const struct user *u, struct err *e)
{
	/* -1 means "leave it" to setresuid(2) and friends */
	if (u->uid == UINT32_MAX || u->gid == UINT32_MAX)
		return fail(e, EINVAL, "process.user: %u is not an id",
		            UINT32_MAX);
	for (size_t i = 0; i < u->n_groups; i++)
		if (u->groups[i] < 0 || u->groups[i] >= UINT32_MAX)
			return fail(e, EINVAL, "process.user.additionalGids: "
			            "%lld is not an id",
			            (long long)u->groups[i]);
	if (!check_is_within(&u->umask, 0, 0777))
		return fail(e, EINVAL, "process.user.umask: out of range");
	return 0;
}

static int
check_scheduling(const struct process *p, struct err *e)
{
	static const char *const classes[] = {
		"IOPRIO_CLASS_RT", "IOPRIO_CLASS_BE", "IOPRIO_CLASS_IDLE", NULL
	};
	static const char *const policies[] = {
		"SCHED_OTHER", "SCHED_FIFO", "SCHED_RR", "SCHED_BATCH",
		"SCHED_ISO", "SCHED_IDLE", "SCHED_DEADLINE", NULL
	};
	static const char *const flags[] = {
		"SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_RECLAIM",
		"SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_KEEP_POLICY",
		"SCHED_FLAG_KEEP_PARAMS", "SCHED_FLAG_UTIL_CLAMP_MIN",
		"SCHED_FLAG_UTIL_CLAMP_MAX", NULL
	};
	const struct io_priority *io = p->io_priority;
	const struct scheduler *s = p->scheduler;

	if (io && !check_is_among(io->class, classes))
		return fail(e, EINVAL, "process.ioPriority.class: no class is "
		            "called '%s'", io->class);
	if (io && !check_is_within(&io->priority, 0, 7))
		return fail(e, EINVAL, "process.ioPriority.priority: not "
		            "between 0 and 7");
	if (!s)
		return 0;
	if (!check_is_among(s->policy, policies))
		return fail(e, EINVAL, "process.scheduler.policy: no policy "
		            "is called '%s'", s->policy);
	for (size_t i = 0; i < s->flags.n; i++)
		if (!check_is_among(s->flags.v[i], flags))
			return fail(e, EINVAL, "process.scheduler.flags: no "
			            "flag is called '%s'", s->flags.v[i]);
	if (!check_is_within(&s->nice, -20, 19))
		return fail(e, EINVAL, "process.scheduler.nice: not between "
		            "-20 and 19");
	if (!check_is_within(&s->priority, 0, 99))
		return fail(e, EINVAL, "process.scheduler.priority: not "
		            "between 0 and 99");
	if (!check_is_within(&s->runtime, 0, INT64_MAX) ||
	    !check_is_within(&s->deadline, 0, INT64_MAX) ||
	    !check_is_within(&s->period, 0, INT64_MAX))
		return fail(e, EINVAL, "process.scheduler: a negative time");
	return 0;
}

static int
check_affinity(const char *name, const char *cpus, struct err *e)
{
	if (!cpus || !*cpus || spec_is_cpu_list(cpus))
		return 0;
	return fail(e, EINVAL, "process.execCPUAffinity.%s: '%s' is not a list "
	            "such as 0-3,7", name, cpus);
}

int
spec_check_process(const struct process *p, struct err *e)
{
	if (!p->cwd || p->cwd[0] != '/')
		return fail(e, EINVAL, "process.cwd: not an absolute path");
	if (p->args.n == 0 || !*p->args.v[0])
		return fail(e, EINVAL, "process.args: no command");
	if (!check_is_within(&p->oom_score_adj, -1000, 1000))
		return fail(e, EINVAL, "process.oomScoreAdj: not between "
		            "-1000 and 1000");
	if (check_user(&p->user, e) < 0 || check_rlimits(p, e) < 0 ||
	    check_scheduling(p, e) < 0)
		return -1;
	if (p->cpu_affinity &&
	    (check_affinity("initial", p->cpu_affinity->initial, e) < 0 ||
	     check_affinity("final", p->cpu_affinity->final, e) < 0))
		return -1;
	return p->capabilities ? check_capabilities(p->capabilities, e) : 0;
}

int
check_mounts(const struct spec *s, struct err *e)
{
	for (size_t i = 0; i < s->n_mounts; i++) {
		const struct mount *m = &s->mounts[i];

		/* a relative one is below "/", says config.md */
		if (!*m->destination)
			return fail(e, EINVAL, "mounts[%zu].destination: "
			            "empty", i);
		if (!m->n_uid_maps != !m->n_gid_maps)
			return fail(e, EINVAL, "mounts[%zu]: uidMappings and "
			            "gidMappings go together", i);
		if (check_id_maps("mounts.uidMappings", m->uid_maps,
		                  m->n_uid_maps, e) < 0 ||
		    check_id_maps("mounts.gidMappings", m->gid_maps,
		                  m->n_gid_maps, e) < 0)
			return -1;
	}
	return 0;
}

static int
check_hook_list(const char *place, const struct hook *hooks, size_t n,
                struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (hooks[i].path[0] != '/')
			return fail(e, EINVAL, "hooks.%s[%zu].path: not an "
			            "absolute path", place, i);
		if (!check_is_within(&hooks[i].timeout, 1, INT64_MAX))
			return fail(e, EINVAL, "hooks.%s[%zu].timeout: not "
			            "above zero", place, i);
	}
	return 0;
}

static int
check_hooks(const struct hooks *h, struct err *e)
{
	const struct {
		const char *place;
		const struct hook *hooks;
		size_t n;
	} lists[] = {
		{ "prestart", h->prestart, h->n_prestart },
		{ "createRuntime", h->create_runtime, h->n_create_runtime },
		{ "createContainer", h->create_container,
		  h->n_create_container },
		{ "startContainer", h->start_container, h->n_start_container },
		{ "poststart", h->poststart, h->n_poststart },
		{ "poststop", h->poststop, h->n_poststop },
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		if (check_hook_list(lists[i].place, lists[i].hooks, lists[i].n,
		                    e) < 0)
			return -1;
	return 0;
}

/* The kernel's __NEW_UTS_LEN is 64. */
static int
check_names(const struct spec *s, struct err *e)
{
	bool own = spec_namespace(s, NAMESPACE_UTS);

	if (s->hostname && !own)
		return fail(e, EINVAL, "hostname: needs a uts namespace");
	if (s->hostname && strlen(s->hostname) > 64)
		return fail(e, EINVAL, "hostname: longer than 64 bytes");
	if (s->domainname && !own)
		return fail(e, EINVAL, "domainname: needs a uts namespace");
	if (s->domainname && strlen(s->domainname) > 64)
		return fail(e, EINVAL, "domainname: longer than 64 bytes");
	return 0;
}

int
spec_check(const struct spec *s, struct err *e)
{
	if (!s->oci_version || !is_version_one(s->oci_version))
		return fail(e, EINVAL, "ociVersion: '%s' is not a version 1 "
		            "of the specification",
		            s->oci_version ? s->oci_version : "");
	if (!s->process)
		return fail(e, EINVAL, "process: missing");
	if (!s->root || !*s->root->path)
		return fail(e, EINVAL, "root.path: missing");
	for (size_t i = 0; i < s->annotations.n; i++)
		if (!*s->annotations.v[i].key)
			return fail(e, EINVAL, "annotations: an empty key");
	if (spec_check_process(s->process, e) < 0 || check_mounts(s, e) < 0 ||
	    check_names(s, e) < 0 || (s->hooks && check_hooks(s->hooks, e) < 0))
		return -1;
	return s->linux_part ? check_linux(s, e) : 0;
}
