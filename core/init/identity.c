/* SPDX-License-Identifier: ISC */
/* Who the command is: ids, capabilities, labels; and where it begins. */
#include "init/mounts.h"
#include "sys/fd.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define BIT(cap) (UINT64_C(1) << (cap))

/*
 * Without no_new_privs only CAP_SYS_ADMIN may load a filter, so it is kept
 * until that has been done.
 */
static uint64_t
kept_for_seccomp(const struct child *c)
{
	return init_has_filter(c) && !c->spec.process->no_new_privileges
	       ? BIT(CAP_SYS_ADMIN) : 0;
}

/* Capabilities that we, or this kernel, do not have cannot be given. */
static int
find_caps(struct child *c, const struct caps *have, struct err *e)
{
	const struct capabilities *p = c->spec.process->capabilities;
	uint64_t lost;

	if (spec_cap_bits(&p->bounding, &c->bounding, e) < 0 ||
	    spec_cap_bits(&p->effective, &c->caps.effective, e) < 0 ||
	    spec_cap_bits(&p->permitted, &c->caps.permitted, e) < 0 ||
	    spec_cap_bits(&p->inheritable, &c->caps.inheritable, e) < 0 ||
	    spec_cap_bits(&p->ambient, &c->ambient, e) < 0)
		return -1;
	lost = c->caps.permitted & ~have->permitted;
	for (int i = 0; lost >> i; i++) {
		const char *name = spec_cap_name(i);

		if (lost >> i & 1)
			init_warn(c, "%s cannot be given: we do not have it",
			          name ? name : "a capability");
	}
	c->caps.permitted &= have->permitted;
	c->caps.effective &= c->caps.permitted;
	c->caps.inheritable &= c->bounding | have->inheritable;
	c->caps.inheritable &= have->permitted | have->inheritable;
	c->ambient &= c->caps.permitted & c->caps.inheritable;
	return 0;
}

static int
set_groups(const struct user *u, struct err *e)
{
	AUTO(free) gid_t *groups = mem_new(u->n_groups * sizeof(*groups));

	for (size_t i = 0; i < u->n_groups; i++)
		groups[i] = (gid_t)u->groups[i];
	/* Refused where setgroups is denied, and then none are ours. */
	if (setgroups(u->n_groups, groups) < 0 &&
	    (errno != EPERM || u->n_groups))
		return fail_sys(e, "additionalGids");
	return 0;
}

/* The raw calls: we have no threads that a libc would have to change, too. */
static int
set_ids(const struct user *u, struct err *e)
{
	if (set_groups(u, e) < 0)
		return -1;
	if (setresgid(u->gid, u->gid, u->gid) < 0)
		return fail_sys(e, "group %u", u->gid);
	if (setresuid(u->uid, u->uid, u->uid) < 0)
		return fail_sys(e, "user %u", u->uid);
	return 0;
}

/* Pipes of ours are opened again as /dev/stderr; files of others are left as
 * they are. */
static void
own_pipes(const struct user *u)
{
	struct stat st;

	for (int fd = 0; fd <= 2 && u->uid; fd++)
		if (fstat(fd, &st) == 0 && S_ISFIFO(st.st_mode))
			(void)!fchown(fd, u->uid, (gid_t)-1);
}

static int
set_label(const struct child *c, const char *module, const char *text,
          struct err *e)
{
	char path[64];

	snprintf(path, sizeof(path), "self/attr/%s/exec", module);
	if (c->proc < 0)
		return fail(e, ENOENT, "needs /proc to be mounted");
	if (faccessat(c->proc, path, F_OK, 0) < 0)
		strcpy(path, "self/attr/exec");
	return fd_write_at(c->proc, path, text) < 0 ? fail_sys(e, "%s", text)
	                                            : 0;
}

/* The parameter file is there, and "Y", only where the module is at work. */
static bool
has_apparmor(void)
{
	AUTO(buf) struct buf text = { 0 };

	return fd_read_at(AT_FDCWD, "/sys/module/apparmor/parameters/enabled",
	                  16, &text) == 0 && text.n && text.data[0] == 'Y';
}

static bool
has_selinux(const struct child *c)
{
	AUTO(buf) struct buf text = { 0 };

	return fd_read_at(c->proc, "filesystems", 65536, &text) == 0 &&
	       text.n && strstr(text.data, "selinuxfs");
}

static int
set_labels(const struct child *c, struct err *e)
{
	const struct process *p = c->spec.process;
	AUTO(buf) struct buf text = { 0 };

	if (p->apparmor_profile && *p->apparmor_profile) {
		if (!has_apparmor())
			return fail(e, ENOTSUP, "apparmorProfile '%s': this "
			            "kernel has no AppArmor",
			            p->apparmor_profile);
		buf_format(&text, "exec %s", p->apparmor_profile);
		if (set_label(c, "apparmor", text.data, e) < 0)
			return fail_in(e, "apparmorProfile");
	}
	if (p->selinux_label && *p->selinux_label) {
		if (!has_selinux(c))
			return fail(e, ENOTSUP, "selinuxLabel '%s': this "
			            "kernel has no SELinux", p->selinux_label);
		if (set_label(c, "selinux", p->selinux_label, e) < 0)
			return fail_in(e, "selinuxLabel");
	}
	return 0;
}

int
init_mount_label(struct child *c, struct mount_options *o, struct err *e)
{
	const struct linux_part *l = c->spec.linux_part;
	struct arena *a = &c->spec.arena;

	if (!l || !l->mount_label || !*l->mount_label)
		return 0;
	if (!has_selinux(c))
		return fail(e, ENOTSUP, "mountLabel '%s': this kernel has no "
		            "SELinux", l->mount_label);
	words_add(a, &o->data, arena_format(a, "context=\"%s\"",
	                                    l->mount_label));
	return 0;
}

/*
 * A directory that is not below our root has no path, and the kernel says so
 * (CVE-2024-21626). The libc's getcwd would hide that.
 */
static int
check_cwd(const char *wanted, struct err *e)
{
	char path[4096];

	if (syscall(SYS_getcwd, path, sizeof(path)) < 0)
		return fail_sys(e, "working directory '%s'", wanted);
	if (path[0] != '/')
		return fail(e, EPERM, "working directory '%s': outside of the "
		            "root", wanted);
	return 0;
}

static int
enter_cwd(struct child *c, struct err *e)
{
	const char *path = c->spec.process->cwd;

	if (c->workdir < 0)
		c->workdir = path_open_in(c->root, path,
		                          O_PATH | O_DIRECTORY);
	if (c->workdir < 0 || fchdir(c->workdir) < 0)
		return fail_sys(e, "working directory '%s'", path);
	return check_cwd(path, e);
}

static int
change_caps(struct child *c, struct err *e)
{
	struct caps now = c->caps;

	now.permitted |= kept_for_seccomp(c);
	if (caps_set(&now) < 0)
		return fail_sys(e, "capabilities");
	if (caps_ambient(c->ambient) < 0)
		return fail_sys(e, "ambient capabilities");
	return 0;
}

int
init_identity(struct child *c, struct err *e)
{
	const struct process *p = c->spec.process;
	struct caps have;

	if (set_labels(c, e) < 0)
		return -1;
	own_pipes(&p->user);
	if (caps_get(&have) < 0)
		return fail_sys(e, "capabilities");
	if (p->capabilities) {
		if (find_caps(c, &have, e) < 0)
			return -1;
		if (caps_bound(c->bounding) < 0)
			return fail_sys(e, "bounding capabilities");
	}
	if ((p->capabilities || kept_for_seccomp(c)) &&
	    prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return fail_sys(e, "PR_SET_KEEPCAPS");
	if (set_ids(&p->user, e) < 0)
		return -1;
	/* None were named: they are those that the change of ids leaves. */
	if (!p->capabilities) {
		c->caps = have;
		if (p->user.uid != 0)
			c->caps.effective = c->caps.permitted = 0;
	}
	if (change_caps(c, e) < 0)
		return -1;
	if (p->no_new_privileges && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail_sys(e, "noNewPrivileges");
	return enter_cwd(c, e);
}

/* The one that seccomp needed goes. */
int
init_capabilities(struct child *c, struct err *e)
{
	if (kept_for_seccomp(c) && caps_set(&c->caps) < 0)
		return fail_sys(e, "capabilities");
	return 0;
}
