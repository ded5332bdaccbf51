/* SPDX-License-Identifier: ISC */
/* What config-linux.md requires a runtime to refuse, except limits. */
#include "spec/check.h"

#include <errno.h>
#include <string.h>

/* More lines than the kernel takes: user_namespaces(7). */
#define MOST_ID_MAPS 340

int
check_id_maps(const char *place, const struct id_map *maps, size_t n,
              struct err *e)
{
	if (n > MOST_ID_MAPS)
		return fail(e, EINVAL, "%s: more than %d of them", place,
		            MOST_ID_MAPS);
	for (size_t i = 0; i < n; i++) {
		const struct id_map *m = &maps[i];

		if (m->count == 0)
			return fail(e, EINVAL, "%s[%zu].size: zero", place, i);
		if ((uint64_t)m->inside + m->count > UINT32_MAX ||
		    (uint64_t)m->outside + m->count > UINT32_MAX)
			return fail(e, EINVAL, "%s[%zu]: out of range", place,
			            i);
	}
	return 0;
}

static int
kind_named(const char *type)
{
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++)
		if (strcmp(spec_namespaces[kind].name, type) == 0)
			return kind;
	return -1;
}

static int
check_namespaces(const struct linux_part *l, struct err *e)
{
	unsigned seen = 0;

	for (size_t i = 0; i < l->n_namespaces; i++) {
		const struct namespace_row *row = &l->namespaces[i];
		int kind = kind_named(row->type);

		if (kind < 0)
			return fail(e, EINVAL, "linux.namespaces: no "
			            "namespace is called '%s'", row->type);
		if (seen & 1u << kind)
			return fail(e, EINVAL, "linux.namespaces: '%s' is "
			            "given twice", row->type);
		if (row->path && row->path[0] != '/')
			return fail(e, EINVAL, "linux.namespaces: the path of "
			            "'%s' is not absolute", row->type);
		seen |= 1u << kind;
	}
	return 0;
}

static int
check_user_namespace(const struct spec *s, struct err *e)
{
	const struct linux_part *l = s->linux_part;
	const struct namespace_row *own = spec_namespace(s, NAMESPACE_USER);

	if (!own && (l->n_uid_maps || l->n_gid_maps))
		return fail(e, EINVAL, "linux.uidMappings: need a user "
		            "namespace");
	/* without both the process could not even be its own user */
	if (own && !own->path && (!l->n_uid_maps || !l->n_gid_maps))
		return fail(e, EINVAL, "linux.namespaces: a new user "
		            "namespace needs uidMappings and gidMappings");
	if (check_id_maps("linux.uidMappings", l->uid_maps, l->n_uid_maps,
	                  e) < 0)
		return -1;
	return check_id_maps("linux.gidMappings", l->gid_maps, l->n_gid_maps,
	                     e);
}

static int
check_time_offsets(const struct spec *s, struct err *e)
{
	static const char *const clocks[] = { "monotonic", "boottime", NULL };
	const struct linux_part *l = s->linux_part;
	const struct namespace_row *own = spec_namespace(s, NAMESPACE_TIME);

	if (l->n_time_offsets && (!own || own->path))
		return fail(e, EINVAL, "linux.timeOffsets: need a new time "
		            "namespace");
	for (size_t i = 0; i < l->n_time_offsets; i++) {
		const struct time_offset *t = &l->time_offsets[i];

		if (!check_is_among(t->clock, clocks))
			return fail(e, EINVAL, "linux.timeOffsets: no clock "
			            "is called '%s'", t->clock);
		if (!check_is_within(&t->nanosecs, 0, 999999999))
			return fail(e, EINVAL, "linux.timeOffsets.%s.nanosecs: "
			            "out of range", t->clock);
	}
	return 0;
}

static int
check_device(const struct device *d, struct err *e)
{
	static const char *const types[] = { "c", "u", "b", "p", NULL };
	bool fifo;

	if (d->path[0] != '/' || check_has_dotdot(d->path))
		return fail(e, EINVAL, "linux.devices: '%s' is not an "
		            "absolute path", d->path);
	if (!check_is_among(d->type, types))
		return fail(e, EINVAL, "linux.devices: '%s' has the unknown "
		            "type '%s'", d->path, d->type);
	fifo = d->type[0] == 'p';
	if (!fifo && (!d->major.set || !d->minor.set))
		return fail(e, EINVAL, "linux.devices: '%s' needs major and "
		            "minor", d->path);
	/* 12 and 20 bits: include/linux/kdev_t.h */
	if (!fifo && (!check_is_within(&d->major, 0, 0xfff) ||
	              !check_is_within(&d->minor, 0, 0xfffff)))
		return fail(e, EINVAL, "linux.devices: the number of '%s' is "
		            "out of range", d->path);
	/* programs in Go may put the type's bits in front of these */
	if (!check_is_within(&d->file_mode, 0, UINT32_MAX) ||
	    !check_is_within(&d->uid, 0, UINT32_MAX - 1) ||
	    !check_is_within(&d->gid, 0, UINT32_MAX - 1))
		return fail(e, EINVAL, "linux.devices: mode, uid or gid of "
		            "'%s' is out of range", d->path);
	return 0;
}

/* dev_valid_name() of the kernel, whose IFNAMSIZ is 16. */
static bool
is_interface_name(const char *name)
{
	return *name && strlen(name) < 16 && strcmp(name, ".") != 0 &&
	       strcmp(name, "..") != 0 && !strpbrk(name, "/: \t\n\v\f\r");
}

static int
check_net_devices(const struct spec *s, struct err *e)
{
	const struct linux_part *l = s->linux_part;

	if (l->n_net_devices && !spec_namespace(s, NAMESPACE_NETWORK))
		return fail(e, EINVAL, "linux.netDevices: need a network "
		            "namespace");
	for (size_t i = 0; i < l->n_net_devices; i++) {
		const struct net_device *d = &l->net_devices[i];

		if (!is_interface_name(d->host_name) ||
		    (d->name && !is_interface_name(d->name)))
			return fail(e, EINVAL, "linux.netDevices: '%s' is not "
			            "a name of an interface", d->host_name);
	}
	return 0;
}

static int
check_paths(const char *place, const struct words *paths, struct err *e)
{
	for (size_t i = 0; i < paths->n; i++)
		if (paths->v[i][0] != '/')
			return fail(e, EINVAL, "%s: '%s' is not an absolute "
			            "path", place, paths->v[i]);
	return 0;
}

int
spec_check_intel_rdt(const struct intel_rdt *r, struct err *e)
{
	const char *id = r->clos_id;

	if (id && strcmp(id, "/") != 0 &&
	    (!*id || strchr(id, '/') || strcmp(id, ".") == 0 ||
	     strcmp(id, "..") == 0))
		return fail(e, EINVAL, "linux.intelRdt.closID: '%s' is not a "
		            "name", id);
	if (r->mem_bw_schema && (strncmp(r->mem_bw_schema, "MB:", 3) != 0 ||
	                         strchr(r->mem_bw_schema, '\n')))
		return fail(e, EINVAL, "linux.intelRdt.memBwSchema: not one "
		            "line that begins with 'MB:'");
	for (size_t i = 0; i < r->schemata.n; i++)
		if (strchr(r->schemata.v[i], '\n'))
			return fail(e, EINVAL, "linux.intelRdt.schemata: a "
			            "newline in it");
	return 0;
}

static int
check_words_of_linux(const struct linux_part *l, struct err *e)
{
	static const char *const propagations[] = {
		"shared", "rshared", "slave", "rslave", "private", "rprivate",
		"unbindable", "runbindable", NULL
	};
	static const char *const domains[] = { "LINUX", "LINUX32", NULL };

	/* an engine may write "" for nothing */
	if (l->rootfs_propagation && *l->rootfs_propagation &&
	    !check_is_among(l->rootfs_propagation, propagations))
		return fail(e, EINVAL, "linux.rootfsPropagation: no mode is "
		            "called '%s'", l->rootfs_propagation);
	if (l->cgroups_path && (check_has_dotdot(l->cgroups_path) ||
	                        strpbrk(l->cgroups_path, "\n")))
		return fail(e, EINVAL, "linux.cgroupsPath: '..' or a newline "
		            "in it");
	if (l->personality && !check_is_among(l->personality->domain, domains))
		return fail(e, EINVAL, "linux.personality.domain: no domain "
		            "is called '%s'", l->personality->domain);
	if (l->personality && l->personality->flags.n)
		return fail(e, EINVAL, "linux.personality.flags: none is "
		            "defined");
	return 0;
}

static int
check_memory_policy(const struct memory_policy *m, struct err *e)
{
	if (spec_word_value(spec_memory_modes, m->mode) < 0)
		return fail(e, EINVAL, "linux.memoryPolicy.mode: no mode is "
		            "called '%s'", m->mode);
	for (size_t i = 0; i < m->flags.n; i++)
		if (spec_word_value(spec_memory_flags, m->flags.v[i]) < 0)
			return fail(e, EINVAL, "linux.memoryPolicy.flags: no "
			            "flag is called '%s'", m->flags.v[i]);
	if (m->nodes && *m->nodes && !spec_is_cpu_list(m->nodes))
		return fail(e, EINVAL, "linux.memoryPolicy.nodes: '%s' is not "
		            "a list such as 0-3,7", m->nodes);
	return 0;
}

int
check_linux(const struct spec *s, struct err *e)
{
	const struct linux_part *l = s->linux_part;

	if (check_namespaces(l, e) < 0 || check_user_namespace(s, e) < 0 ||
	    check_time_offsets(s, e) < 0 || check_net_devices(s, e) < 0 ||
	    check_words_of_linux(l, e) < 0 || check_sysctls(s, e) < 0 ||
	    check_paths("linux.maskedPaths", &l->masked_paths, e) < 0 ||
	    check_paths("linux.readonlyPaths", &l->readonly_paths, e) < 0)
		return -1;
	for (size_t i = 0; i < l->n_devices; i++)
		if (check_device(&l->devices[i], e) < 0)
			return -1;
	if (l->intel_rdt && spec_check_intel_rdt(l->intel_rdt, e) < 0)
		return -1;
	if (l->memory_policy && check_memory_policy(l->memory_policy, e) < 0)
		return -1;
	if (l->seccomp && check_seccomp(l->seccomp, e) < 0)
		return -1;
	return l->resources ? check_resources(l->resources, e) : 0;
}
