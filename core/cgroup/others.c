/* SPDX-License-Identifier: ISC */
/* Small controllers: pids, hugetlb, rdma, net_cls, net_prio; and unified. */
#include "cgroup/parts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/*
 * The same file in both. -1 is no limit, and 0 one, under which nobody can be
 * born. As systemd has no word for that, it is the 1 of who is there, which
 * comes to the same.
 *
 * source   config-linux.md, PIDs; runc's cgroups/fs2/pids.go
 */
int
cgroup_pids_max(const struct cgroup_tree *t, const struct resources *r,
                struct err *e)
{
	int64_t limit = r->pids->limit.value;

	if (limit < 0)
		return cgroup_write(t, "pids.max", e, "max");
	return cgroup_write(t, "pids.max", e, "%" PRId64, limit ? limit : 1);
}

/* "2MB", "1GB": no way out of the directory. */
static int
check_page_size(const char *size, struct err *e)
{
	size_t digits = strspn(size, "0123456789");

	if (digits && digits < 8 && (strcmp(size + digits, "KB") == 0 ||
	                             strcmp(size + digits, "MB") == 0 ||
	                             strcmp(size + digits, "GB") == 0))
		return 0;
	return fail(e, EINVAL, "hugepageLimits: '%s' is no page size such as "
	            "2MB", size);
}

/* Pages that are reserved only count too, where the kernel can (5.7). */
static int
limit_pages(const struct cgroup_tree *t, const struct resources *r,
            const char *what, struct err *e)
{
	for (size_t i = 0; i < r->n_huge_pages; i++) {
		const struct huge_page_limit *l = &r->huge_pages[i];
		char file[64];

		if (check_page_size(l->page_size, e) < 0)
			return -1;
		snprintf(file, sizeof(file), "hugetlb.%s.%s", l->page_size,
		         what);
		if (cgroup_write(t, file, e, "%" PRIu64, l->limit) < 0) {
			if (e->code != ENOENT)
				return -1;
			return fail(e, ENOTSUP, "hugetlb: this machine has "
			            "no huge pages of %s", l->page_size);
		}
		snprintf(file, sizeof(file), "hugetlb.%s.rsvd.%s",
		         l->page_size, what);
		if (cgroup_write(t, file, e, "%" PRIu64, l->limit) < 0 &&
		    e->code != ENOENT)
			return -1;
	}
	return 0;
}

int
cgroup_hugetlb_v1(const struct cgroup_tree *t, const struct resources *r,
                  struct err *e)
{
	return limit_pages(t, r, "limit_in_bytes", e);
}

int
cgroup_hugetlb_v2(const struct cgroup_tree *t, const struct resources *r,
                  struct err *e)
{
	return limit_pages(t, r, "max", e);
}

int
cgroup_net_cls(const struct cgroup_tree *t, const struct resources *r,
               struct err *e)
{
	return cgroup_write(t, "net_cls.classid", e, "%" PRId64,
	                    r->network->class_id.value);
}

int
cgroup_net_prio(const struct cgroup_tree *t, const struct resources *r,
                struct err *e)
{
	for (size_t i = 0; i < r->network->n_priorities; i++) {
		const struct interface_priority *p =
		        &r->network->priorities[i];

		if (cgroup_write(t, "net_prio.ifpriomap", e, "%s %" PRIu32,
		                 p->name, p->priority) < 0)
			return -1;
	}
	return 0;
}

int
cgroup_rdma(const struct cgroup_tree *t, const struct resources *r,
            struct err *e)
{
	for (size_t i = 0; i < r->n_rdma; i++) {
		const struct rdma_limit *l = &r->rdma[i];
		char handles[40] = "", objects[40] = "";

		if (l->handles.set)
			snprintf(handles, sizeof(handles),
			         " hca_handle=%" PRId64, l->handles.value);
		if (l->objects.set)
			snprintf(objects, sizeof(objects),
			         " hca_object=%" PRId64, l->objects.value);
		if ((*handles || *objects) &&
		    cgroup_write(t, "rdma.max", e, "%s%s%s", l->device,
		                 handles, objects) < 0)
			return -1;
	}
	return 0;
}

/* A line at a time: io.max and its like take one device a write. */
static int
put_lines(const struct cgroup_tree *t, const char *file, const char *value,
          struct err *e)
{
	AUTO(free) char *copy = mem_text(value);
	char *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		if (!*line && rest)
			continue;
		if (cgroup_knob_put(t->dir, file, line) < 0)
			return cgroup_refused(file, line, e);
	}
	return 0;
}

int
cgroup_unified(const struct cgroup_tree *t, const struct resources *r,
               struct err *e)
{
	for (size_t i = 0; i < r->unified.n; i++) {
		const struct pair *p = &r->unified.v[i];
		char controller[64];

		snprintf(controller, sizeof(controller), "%.*s",
		         (int)strcspn(p->key, "."), p->key);
		if (!strchr(p->key, '.') || strchr(p->key, '/') ||
		    p->key[0] == '.')
			return fail(e, EINVAL, "unified: '%s' is not the name "
			            "of a file of cgroup v2", p->key);
		if (!cgroup_knob_is(t, p->key)) {
			if (strcmp(controller, "cgroup") != 0 &&
			    !cgroup_has_controller(t, controller))
				return fail(e, ENOTSUP, "unified: %s: no "
				            "controller '%s' here", p->key,
				            controller);
			return fail(e, ENOENT, "unified: no file '%s' in this "
			            "kernel's cgroup v2", p->key);
		}
		if (put_lines(t, p->key, p->value, e) < 0)
			return fail_in(e, "unified");
	}
	return 0;
}
