/* SPDX-License-Identifier: ISC */
/* Which capabilities are left: the default set, --cap-add, --cap-drop. */
#include "specgen/inside.h"

#include <errno.h>
#include <strings.h>

/* podman's eleven: docker's without MKNOD, NET_RAW and AUDIT_WRITE. */
static const char *const defaults[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID",
	"CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
	"CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_SETFCAP",
};

uint64_t
capabilities_default(void)
{
	uint64_t caps = 0;

	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		caps |= UINT64_C(1) << spec_cap_number(defaults[i]);
	return caps;
}

void
capabilities_names(struct words *names, uint64_t caps, struct arena *a)
{
	for (int i = 0; spec_cap_name(i); i++)
		if (caps & UINT64_C(1) << i)
			words_add(a, names, spec_cap_name(i));
}

/* All that this kernel has and that we have a name for. */
static uint64_t
all_caps(const struct host *host)
{
	uint64_t all = 0;

	for (int i = 0; i <= host->last_cap && spec_cap_name(i); i++)
		all |= UINT64_C(1) << i;
	return all;
}

static int
parse(const struct build *b, const char *option, const struct words *names,
      uint64_t *caps, struct err *e)
{
	uint64_t all = all_caps(b->host);

	*caps = 0;
	for (size_t i = 0; i < names->n; i++) {
		int number = spec_cap_number(names->v[i]);

		if (strcasecmp(names->v[i], "ALL") == 0) {
			*caps = UINT64_MAX;
			continue;
		}
		if (number < 0)
			return fail(e, EINVAL, "%s: no capability is called "
			            "'%s'", option, names->v[i]);
		if (!(all & UINT64_C(1) << number))
			return fail(e, EINVAL, "%s: this kernel has no "
			            "capability '%s'", option, names->v[i]);
		*caps |= UINT64_C(1) << number;
	}
	return 0;
}

int
build_capabilities(struct build *b, struct err *e)
{
	uint64_t all = all_caps(b->host), add, drop;

	if (parse(b, "--cap-add", &b->flags->cap_add, &add, e) < 0 ||
	    parse(b, "--cap-drop", &b->flags->cap_drop, &drop, e) < 0)
		return -1;
	/* with --cap-add ALL, --cap-drop takes away; else the addition wins */
	if (b->flags->privileged)
		b->caps = all;
	else if (add == UINT64_MAX)
		b->caps = drop == UINT64_MAX ? all : all & ~drop;
	else
		b->caps = ((capabilities_default() & ~drop) | add) & all;
	b->added = add & b->caps;
	return 0;
}

/*
 * Root's sets are full, and nothing is inheritable. Who is not root keeps only
 * what was named for him, and through exec(2) only the ambient set gets there,
 * which must be inheritable, too.
 */
void
capabilities_of_user(struct capabilities *c, uint32_t uid, uint64_t caps,
                     uint64_t added, struct arena *a)
{
	uint64_t kept = uid == 0 ? caps : caps & added;

	*c = (struct capabilities){ 0 };
	capabilities_names(&c->bounding, caps, a);
	capabilities_names(&c->effective, kept, a);
	capabilities_names(&c->permitted, kept, a);
	if (uid != 0) {
		capabilities_names(&c->inheritable, kept, a);
		capabilities_names(&c->ambient, kept, a);
	}
}
