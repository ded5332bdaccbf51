/* SPDX-License-Identifier: ISC */
/* Session, keyring, namespaces and what is set in them once. */
#include "base/log.h"
#include "init/child.h"
#include "sys/fd.h"
#include "sys/keyring.h"
#include "sys/missing.h"
#include "sys/netdev.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

/*
 * Before we enter anything: lowering it takes a capability that counts only
 * on the host, and so does writing to our own file in /proc once we are in
 * somebody's user namespace.
 */
static int
set_oom_score(const struct child *c, struct err *e)
{
	const struct number *adj = &c->spec.process->oom_score_adj;
	char text[24];

	if (!adj->set)
		return 0;
	snprintf(text, sizeof(text), "%" PRId64, adj->value);
	if (c->proc >= 0 &&
	    fd_write_at(c->proc, "self/oom_score_adj", text) == 0)
		return 0;
	if (errno != EACCES && errno != EPERM && c->proc >= 0)
		return fail_sys(e, "oomScoreAdj %s", text);
	init_warn(c, "oomScoreAdj %s: it stays as it was; lowering it needs "
	          "CAP_SYS_RESOURCE", text);
	return 0;
}

/*
 * The keyring has the container's id in its name, so that `exec` joins the
 * one of the first process; without an id it has none.
 */
static void
join_keyring(const struct child *c)
{
	const struct linux_part *l = c->spec.linux_part;
	const char *path = l ? l->cgroups_path : NULL;
	const char *id = path ? strrchr(path, '/') : NULL;
	char name[80];
	int done;

	if (c->plan->no_new_keyring)
		return;
	snprintf(name, sizeof(name), "_mydocker.%.60s", id ? id + 1 : "");
	done = keyring_join(id ? name : NULL);
	if (done < 0 && errno == EDQUOT)
		init_warn(c, "no session keyring of its own: too many keys; "
		          "see kernel.keys.maxkeys");
	else if (done < 0)
		log_debug("no session keyring of its own: %s",
		          strerror(errno));
}

/*
 * As a user namespace's root, whom setns() does not make us. Where id 0 is not
 * mapped we stay who we are.
 */
int
init_become_root(struct err *e)
{
	if (setresgid(0, 0, 0) < 0 && errno != EINVAL)
		return fail_sys(e, "group 0 of the user namespace");
	if (setresuid(0, 0, 0) < 0 && errno != EINVAL)
		return fail_sys(e, "user 0 of the user namespace");
	/* Refused where setgroups is denied, and then none are ours. */
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return fail_sys(e, "setgroups");
	return 0;
}

static int
join(struct child *c, struct err *e)
{
	const struct init_plan *p = c->plan;
	bool user = p->join_flags & CLONE_NEWUSER ||
	            p->join_fd[NAMESPACE_USER] >= 0;

	if (p->join_flags && setns(p->join_pidfd, (int)p->join_flags) < 0)
		return fail_sys(e, "namespaces of the container");
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++) {
		const struct namespace_fact *fact = &spec_namespaces[kind];

		/* nobody who helps us is to be born there; see birth.c */
		if (kind == NAMESPACE_PID && !p->exec)
			continue;
		if (p->join_fd[kind] >= 0 &&
		    setns(p->join_fd[kind], (int)fact->clone_flag) < 0)
			return fail_sys(e, "%s namespace", fact->name);
	}
	return user ? init_become_root(e) : 0;
}

/*
 * The clocks can be set only while nobody is in the namespace. It is for
 * children first; kernels differ in whether exec enters it, so we do.
 *
 * source   time_namespaces(7)
 */
static int
make_time_namespace(struct child *c, struct err *e)
{
	const struct linux_part *l = c->spec.linux_part;
	AUTO(buf) struct buf text = { 0 };
	AUTO(close) int own = -1;

	if (c->plan->exec || !init_has_new(c, NAMESPACE_TIME))
		return 0;
	if (unshare(CLONE_NEWTIME) < 0)
		return fail_sys(e, "time namespace");
	for (size_t i = 0; i < l->n_time_offsets; i++)
		buf_format(&text, "%s %" PRId64 " %" PRId64 "\n",
		           l->time_offsets[i].clock,
		           l->time_offsets[i].secs.value,
		           l->time_offsets[i].nanosecs.value);
	if (text.n &&
	    fd_write_at(c->proc, "self/timens_offsets", text.data) < 0)
		return fail_sys(e, "timeOffsets");
	own = openat(c->proc, "self/ns/time_for_children",
	             O_RDONLY | O_CLOEXEC);
	if (own < 0 || setns(own, CLONE_NEWTIME) < 0)
		return fail_sys(e, "time namespace");
	return 0;
}

static int
set_names(const struct child *c, struct err *e)
{
	const char *host = c->spec.hostname, *domain = c->spec.domainname;

	if (host && sethostname(host, strlen(host)) < 0)
		return fail_sys(e, "hostname '%s'", host);
	if (domain && setdomainname(domain, strlen(domain)) < 0)
		return fail_sys(e, "domainname '%s'", domain);
	return 0;
}

/* Where one more process enters a container, all has been set up. */
static int
enter(struct child *c, struct err *e)
{
	const struct init_plan *p = c->plan;

	if (p->join_pidfd >= 0)
		close(p->join_pidfd);
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++)
		if (p->join_fd[kind] >= 0)
			close(p->join_fd[kind]);
	c->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return c->root < 0 ? fail_sys(e, "/") : 0;
}

int
init_session(struct child *c, struct err *e)
{
	if (c->by_hand && !c->plan->exec && init_namespaces(c, e) < 0)
		return -1;
	if (set_oom_score(c, e) < 0)
		return -1;
	/* Fails where we lead one already, which is what we want. */
	(void)setsid();
	if (join(c, e) < 0)
		return -1;
	join_keyring(c);
	if (c->plan->exec)
		return enter(c, e);
	if (c->plan->new_cgroup_namespace && unshare(CLONE_NEWCGROUP) < 0)
		return fail_sys(e, "cgroup namespace");
	if (make_time_namespace(c, e) < 0 || set_names(c, e) < 0)
		return -1;
	return init_has_new(c, NAMESPACE_NETWORK) && netdev_raise_loopback() < 0
	       ? fail_sys(e, "loopback") : 0;
}
