/* SPDX-License-Identifier: ISC */
/* The mounts and networks of a spec, in docker's words. */
#include "report/report.h"

#include <string.h>

/* What every container has, and nobody asked for. */
static bool
is_standard(const struct mount *m)
{
	static const char *const ours[] = { "/", "/proc", "/dev", "/dev/pts",
	        "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup",
	        "/etc/resolv.conf", "/etc/hosts", "/etc/hostname" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strcmp(m->destination, ours[i]) == 0)
			return true;
	return false;
}

static bool
is_bind(const struct mount *m)
{
	return words_has(&m->options, "bind") ||
	       words_has(&m->options, "rbind");
}

static const char *
propagation(const struct mount *m)
{
	static const char *const words[] = { "rprivate", "private", "rshared",
	        "shared", "rslave", "slave" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words_has(&m->options, words[i]))
			return words[i];
	return is_bind(m) ? "rprivate" : "";
}

static struct value *
one_mount(const struct mount *m, struct arena *a)
{
	struct value *v = value_record(a, "types.MountPoint");
	const char *type = is_bind(m) ? "bind" : m->type ? m->type : "bind";

	value_set(a, v, "Type", value_text(a, type));
	value_set(a, v, "Source", value_text(a, is_bind(m) ? m->source : ""));
	value_set(a, v, "Destination", value_text(a, m->destination));
	value_set(a, v, "Mode", value_text(a, ""));
	value_set(a, v, "RW", value_flag(a, !words_has(&m->options, "ro") &&
	                                    !words_has(&m->options, "rro")));
	value_set(a, v, "Propagation", value_text(a, propagation(m)));
	return v;
}

struct value *
report_mounts(const struct spec *s, struct arena *a)
{
	struct value *list = value_list(a);

	for (size_t i = 0; i < s->n_mounts; i++)
		if (!is_standard(&s->mounts[i]))
			value_add(a, list, one_mount(&s->mounts[i], a));
	return list;
}

char *
report_network(const struct spec *s, struct arena *a)
{
	const struct namespace_row *net = spec_namespace(s, NAMESPACE_NETWORK);

	if (!net)
		return arena_text(a, "host");
	return net->path ? arena_format(a, "ns:%s", net->path)
	                 : arena_text(a, "none");
}
