/* SPDX-License-Identifier: ISC */
/* Block devices: blkio of v1, io of v2. */
#include "cgroup/parts.h"

#include <errno.h>
#include <inttypes.h>

/* A knob that some schedulers bring: the first of the names that is there. */
static const char *
first_of(const struct cgroup_tree *t, const char *one, const char *other)
{
	return !cgroup_knob_is(t, one) && cgroup_knob_is(t, other) ? other
	                                                            : one;
}

static bool
is_asked(struct number n)
{
	return n.set && n.value != 0;
}

static int
check_weight(struct number n, struct err *e)
{
	if (n.value >= 1 && n.value <= 1000)
		return 0;
	return fail(e, EINVAL, "blockIO.weight: %" PRId64 " is not from 10 "
	            "to 1000", n.value);
}

static int
explain_weight(const char *file, struct err *e)
{
	if (e->code != ENOENT)
		return -1;
	return fail(e, ENOTSUP, "blockIO.weight: %s is not there: no I/O "
	            "scheduler of this kernel has weights", file);
}

/* Weight of the group (`device` NULL), or on one device. */
static int
put_weight(const struct cgroup_tree *t, const char *file,
           const struct weight_device *device, uint64_t weight, struct err *e)
{
	int got;

	if (device)
		got = cgroup_write(t, file, e, "%" PRId64 ":%" PRId64
		                   " %" PRIu64, device->major.value,
		                   device->minor.value, weight);
	else
		got = cgroup_write(t, file, e, "%" PRIu64, weight);
	return got < 0 ? explain_weight(file, e) : 0;
}

static int
weights_v1(const struct cgroup_tree *t, const struct block_io *b,
           struct err *e)
{
	const char *file;

	if (is_asked(b->weight)) {
		file = first_of(t, "blkio.weight", "blkio.bfq.weight");
		if (check_weight(b->weight, e) < 0 ||
		    put_weight(t, file, NULL, (uint64_t)b->weight.value, e) < 0)
			return -1;
	}
	if (is_asked(b->leaf_weight) &&
	    put_weight(t, "blkio.leaf_weight", NULL,
	               (uint64_t)b->leaf_weight.value, e) < 0)
		return -1;
	for (size_t i = 0; i < b->n_weight_devices; i++) {
		const struct weight_device *d = &b->weight_devices[i];

		file = first_of(t, "blkio.weight_device",
		                "blkio.bfq.weight_device");
		if (is_asked(d->weight) &&
		    (check_weight(d->weight, e) < 0 ||
		     put_weight(t, file, d, (uint64_t)d->weight.value, e) < 0))
			return -1;
		if (is_asked(d->leaf_weight) &&
		    put_weight(t, "blkio.leaf_weight_device", d,
		               (uint64_t)d->leaf_weight.value, e) < 0)
			return -1;
	}
	return 0;
}

/* bfq has the range of v1; the kernel's own weights have another. */
static int
weights_v2(const struct cgroup_tree *t, const struct block_io *b,
           struct err *e)
{
	bool bfq = cgroup_knob_is(t, "io.bfq.weight");
	const char *file = bfq ? "io.bfq.weight" : "io.weight";

	if (is_asked(b->leaf_weight))
		return fail(e, ENOTSUP, "blockIO.leafWeight: cgroup v2 has "
		            "nothing like it");
	if (is_asked(b->weight)) {
		uint64_t w = (uint64_t)b->weight.value;

		if (check_weight(b->weight, e) < 0 ||
		    put_weight(t, file, NULL, bfq ? w : cgroup_io_weight(w),
		               e) < 0)
			return -1;
	}
	for (size_t i = 0; i < b->n_weight_devices; i++) {
		const struct weight_device *d = &b->weight_devices[i];
		uint64_t w = (uint64_t)d->weight.value;

		if (is_asked(d->leaf_weight))
			return fail(e, ENOTSUP, "blockIO.leafWeight: cgroup "
			            "v2 has nothing like it");
		if (is_asked(d->weight) &&
		    (check_weight(d->weight, e) < 0 ||
		     put_weight(t, file, d, bfq ? w : cgroup_io_weight(w),
		                e) < 0))
			return -1;
	}
	return 0;
}

/* The four lists of speeds, and where each is written. */
static const struct throttle {
	size_t list, count;
	const char *v1, *v2;
} throttles[] = {
#define THROTTLE(name, v1, v2) \
	{ offsetof(struct block_io, name), \
	  offsetof(struct block_io, n_##name), v1, v2 }
	THROTTLE(read_bps, "blkio.throttle.read_bps_device", "rbps"),
	THROTTLE(write_bps, "blkio.throttle.write_bps_device", "wbps"),
	THROTTLE(read_iops, "blkio.throttle.read_iops_device", "riops"),
	THROTTLE(write_iops, "blkio.throttle.write_iops_device", "wiops"),
};

static int
put_throttle(const struct cgroup_tree *t, const struct throttle *kind,
             const struct throttle_device *d, struct err *e)
{
	if (*t->name)
		return cgroup_write(t, kind->v1, e, "%" PRId64 ":%" PRId64
		                    " %" PRId64, d->major.value,
		                    d->minor.value, d->rate.value);
	if (d->rate.value == 0)
		return cgroup_write(t, "io.max", e, "%" PRId64 ":%" PRId64
		                    " %s=max", d->major.value, d->minor.value,
		                    kind->v2);
	return cgroup_write(t, "io.max", e, "%" PRId64 ":%" PRId64 " %s=%"
	                    PRId64, d->major.value, d->minor.value, kind->v2,
	                    d->rate.value);
}

static int
put_throttles(const struct cgroup_tree *t, const struct block_io *b,
              struct err *e)
{
	const char *base = (const char *)b;

	for (size_t i = 0; i < sizeof(throttles) / sizeof(*throttles); i++) {
		const struct throttle *kind = &throttles[i];
		const struct throttle_device *list =
		        *(struct throttle_device *const *)(base + kind->list);
		size_t n = *(const size_t *)(base + kind->count);

		for (size_t k = 0; k < n; k++)
			if (put_throttle(t, kind, &list[k], e) < 0)
				return -1;
	}
	return 0;
}

int
cgroup_io_v1(const struct cgroup_tree *t, const struct resources *r,
             struct err *e)
{
	if (weights_v1(t, r->block_io, e) < 0)
		return -1;
	return put_throttles(t, r->block_io, e);
}

int
cgroup_io_v2(const struct cgroup_tree *t, const struct resources *r,
             struct err *e)
{
	if (weights_v2(t, r->block_io, e) < 0)
		return -1;
	return put_throttles(t, r->block_io, e);
}
