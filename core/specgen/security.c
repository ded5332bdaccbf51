/* SPDX-License-Identifier: ISC */
/* What is masked and read-only, sysctls, and --security-opt. */
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

/*
 * docker's and podman's lists together, and what shows or changes the kernel
 * by other ways. What a kernel lacks is passed over by init. /proc/asound is
 * masked, as docker has it, and therefore not among podman's read-only ones.
 */
static const char *const masked[] = {
	"/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore",
	"/proc/keys", "/proc/latency_stats", "/proc/sched_debug",
	"/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
	"/sys/devices/virtual/powercap", "/sys/firmware", "/sys/fs/bpf",
	"/sys/fs/selinux", "/sys/kernel/debug", "/sys/kernel/security",
	"/sys/kernel/tracing", "/sys/kernel/vmcoreinfo",
};

static const char *const readonly[] = {
	"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
	"/proc/sysrq-trigger",
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* No machine has more processors than the kernel's largest NR_CPUS. */
#define MOST_CPUS 8192

/*
 * Each processor may have a directory that tells how hot it is, which tells
 * what others compute (GHSA-6fw5-f8r9-fgfm). If the first has none, none has.
 */
static void
mask_throttles(struct build *b)
{
	AUTO(buf) struct buf probe = { 0 };
	AUTO(buf) struct buf present = { 0 };
	struct err ignored;
	const char *last;
	int64_t most = 0;

	if (b->host->read_file("/sys/devices/system/cpu/cpu0/thermal_throttle/"
	                       "core_throttle_count", &probe, &ignored) < 0)
		return;
	if (b->host->read_file("/sys/devices/system/cpu/possible", &present,
	                       &ignored) == 0 && present.n > 0) {
		present.data[strcspn(present.data, "\n")] = '\0';
		last = strrchr(present.data, '-');
		if (parse_number(last ? last + 1 : present.data, 0,
		                 MOST_CPUS - 1, &most) < 0)
			most = 0;
	}
	for (int64_t i = 0; i <= most; i++)
		words_add(b->a, &b->linux_part->masked_paths,
		          arena_format(b->a, "/sys/devices/system/cpu/cpu%d/"
		                       "thermal_throttle", (int)i));
}

static void
add_paths(struct build *b)
{
	for (size_t i = 0; i < COUNT(masked); i++)
		words_add(b->a, &b->linux_part->masked_paths, masked[i]);
	mask_throttles(b);
	for (size_t i = 0; i < COUNT(readonly); i++)
		words_add(b->a, &b->linux_part->readonly_paths, readonly[i]);
}

static void
remove_path(struct words *paths, const char *path)
{
	size_t kept = 0;

	for (size_t i = 0; i < paths->n; i++)
		if (strcmp(paths->v[i], path) != 0)
			paths->v[kept++] = paths->v[i];
	paths->n = kept;
	if (paths->v)
		paths->v[kept] = NULL;
}

static void
show_all(struct build *b)
{
	b->linux_part->masked_paths = (struct words){ 0 };
	b->linux_part->readonly_paths = (struct words){ 0 };
}

static int
unmask(struct build *b, const char *value, struct err *e)
{
	char *text, *path;

	if (strcmp(value, "ALL") == 0 || strcmp(value, "all") == 0) {
		show_all(b);
		return 0;
	}
	while ((text = parse_piece(b->a, &value, ":"))) {
		path = parse_path(b->a, text);
		if (!path)
			return fail(e, EINVAL, "--security-opt: unmask: '%s' "
			            "is not an absolute path", text);
		remove_path(&b->linux_part->masked_paths, path);
		remove_path(&b->linux_part->readonly_paths, path);
	}
	return 0;
}

static int
mask(struct build *b, const char *value, struct err *e)
{
	char *text, *path;

	while ((text = parse_piece(b->a, &value, ":"))) {
		path = parse_path(b->a, text);
		if (!path)
			return fail(e, EINVAL, "--security-opt: mask: '%s' is "
			            "not an absolute path", text);
		words_add(b->a, &b->linux_part->masked_paths, path);
	}
	return 0;
}

static int
system_paths(struct build *b, const char *value, struct err *e)
{
	if (strcmp(value, "unconfined") != 0)
		return fail(e, EINVAL, "--security-opt: systempaths: '%s' is "
		            "not 'unconfined'", value);
	show_all(b);
	return 0;
}

static int
no_new_privileges(struct build *b, const char *value, struct err *e)
{
	bool on = strcmp(value, "true") == 0 || strcmp(value, "1") == 0;

	if (!on && strcmp(value, "false") != 0 && strcmp(value, "0") != 0)
		return fail(e, EINVAL, "--security-opt: no-new-privileges: "
		            "'%s' is not true or false", value);
	b->spec->process->no_new_privileges = on;
	return 0;
}

static int
apparmor(struct build *b, const char *value, struct err *e)
{
	if (!*value)
		return fail(e, EINVAL, "--security-opt: apparmor: needs the "
		            "name of a profile");
	b->spec->process->apparmor_profile =
	        strcmp(value, "unconfined") == 0 ? NULL
	                                         : arena_text(b->a, value);
	return 0;
}

static int
label(struct build *b, const char *value, struct err *e)
{
	if (strcmp(value, "disable") != 0)
		return fail(e, ENOTSUP, "--security-opt: label: labels of "
		            "SELinux are not supported, except 'disable'");
	return 0;
}

/* The profile, its default, or none: the last one given counts. */
static int
seccomp(struct build *b, const char *value, struct err *e)
{
	struct linux_part *l = b->linux_part;

	l->seccomp = NULL;
	if (strcmp(value, "unconfined") == 0)
		return 0;
	if (!*value)
		return fail(e, EINVAL, "--security-opt: seccomp: needs a file, "
		            "'default' or 'unconfined'");
	l->seccomp = arena_new(b->a, sizeof(*l->seccomp));
	if (strcmp(value, "default") == 0 || strcmp(value, "builtin") == 0)
		return specgen_seccomp(l->seccomp, b->caps, b->host->machine,
		                       b->a, e);
	if (seccomp_read(b, value, l->seccomp, e) < 0)
		return fail_in(e, "--security-opt: seccomp: '%s'", value);
	return 0;
}

/* A word alone, if `alone` is not NULL, means that value. */
static const struct {
	const char *name, *alone;
	int (*set)(struct build *b, const char *value, struct err *e);
} options[] = {
	{ "apparmor", NULL, apparmor },
	{ "label", NULL, label },
	{ "mask", NULL, mask },
	{ "no-new-privileges", "true", no_new_privileges },
	{ "seccomp", NULL, seccomp },
	{ "systempaths", NULL, system_paths },
	{ "unmask", NULL, unmask },
};

/* NAME=VALUE, or NAME:VALUE as docker once had it. */
static int
set_option(struct build *b, const char *text, struct err *e)
{
	size_t n = strcspn(text, "=:");
	const char *value = text[n] ? text + n + 1 : NULL;

	for (size_t i = 0; i < COUNT(options); i++) {
		if (strlen(options[i].name) != n ||
		    strncmp(options[i].name, text, n) != 0)
			continue;
		if (!value)
			value = options[i].alone;
		if (!value)
			return fail(e, EINVAL, "--security-opt: '%s' needs a "
			            "value", text);
		return options[i].set(b, value, e);
	}
	return fail(e, EINVAL, "--security-opt: unknown option '%s'", text);
}

int
build_security(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	bool chosen = false;

	if (!f->privileged)
		add_paths(b);
	for (size_t i = 0; i < f->security_opt.n; i++) {
		chosen |= strncmp(f->security_opt.v[i], "seccomp", 7) == 0;
		if (set_option(b, f->security_opt.v[i], e) < 0)
			return -1;
	}
	if (f->privileged || chosen)
		return 0;
	return seccomp(b, "default", e);
}

/* Without NET_RAW, ping(8) needs the first; the second lets a server that is
 * not root have its port. Both are harmless in a network of one's own. */
static void
default_sysctls(struct build *b)
{
	const struct namespace_row *net = spec_namespace(b->spec,
	                                                 NAMESPACE_NETWORK);

	if (!net || net->path)
		return;
	/* in a user namespace, most ids of the range have no meaning */
	if (!spec_namespace(b->spec, NAMESPACE_USER))
		pairs_set(b->a, &b->linux_part->sysctl,
		          "net.ipv4.ping_group_range", "0 2147483647");
	pairs_set(b->a, &b->linux_part->sysctl,
	          "net.ipv4.ip_unprivileged_port_start", "0");
}

int
build_sysctls(struct build *b, struct err *e)
{
	const struct words *texts = &b->flags->sysctls;

	default_sysctls(b);
	for (size_t i = 0; i < texts->n; i++) {
		const char *value = texts->v[i];
		char *name = parse_piece(b->a, &value, "=");
		const struct namespace_row *row;
		int kind;

		if (!*name || !value)
			return fail(e, EINVAL, "--sysctl: '%s' is not "
			            "NAME=VALUE", texts->v[i]);
		kind = spec_sysctl_namespace(name);
		if (kind < 0)
			return fail(e, EINVAL, "--sysctl: '%s' does not belong "
			            "to a namespace; set it on the host",
			            name);
		row = spec_namespace(b->spec, (enum namespace_kind)kind);
		if (!row || row->path)
			return fail(e, EINVAL, "--sysctl: '%s' needs a %s "
			            "namespace of the container's own", name,
			            spec_namespaces[kind].name);
		if (strpbrk(value, "\n\r="))
			return fail(e, EINVAL, "--sysctl: '%s': a newline or "
			            "'=' in the value", name);
		if (strcmp(name, "kernel.hostname") == 0)
			return fail(e, EINVAL, "--sysctl: see --hostname");
		pairs_set(b->a, &b->linux_part->sysctl, name, value);
	}
	return 0;
}
