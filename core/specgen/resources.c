/* SPDX-License-Identifier: ISC */
/* Limits of memory, CPU time, processes and block I/O. */
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

#define DEFAULT_PIDS 2048
#define LEAST_MEMORY (6 << 20) /* docker's: with less hardly anything starts */

static int
check_memory(const struct specgen_flags *f, struct err *e)
{
	if (f->memory.set && f->memory.value < LEAST_MEMORY)
		return fail(e, EINVAL, "--memory: the least is 6m");
	if (f->memory_reservation.set && f->memory_reservation.value <= 0)
		return fail(e, EINVAL, "--memory-reservation: not above zero");
	if (f->memory.set && f->memory_reservation.set &&
	    f->memory_reservation.value > f->memory.value)
		return fail(e, EINVAL, "--memory-reservation: above --memory");
	if (f->memory_swap.set && f->memory.set &&
	    f->memory_swap.value > 0 &&
	    f->memory_swap.value < f->memory.value)
		return fail(e, EINVAL, "--memory-swap: below --memory, which "
		            "it includes");
	if (f->memory_swappiness.set &&
	    (f->memory_swappiness.value < -1 ||
	     f->memory_swappiness.value > 100))
		return fail(e, EINVAL, "--memory-swappiness: not between 0 "
		            "and 100");
	return 0;
}

/* Without --memory-swap, 0 or unset, as much swap as memory: docker's rule. */
static int64_t
swap_of(const struct specgen_flags *f)
{
	if (f->memory_swap.set && f->memory_swap.value != 0)
		return f->memory_swap.value;
	return f->memory.value > INT64_MAX / 2 ? -1 : 2 * f->memory.value;
}

int
build_memory(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	struct memory *m;

	if (check_memory(f, e) < 0)
		return -1;
	if (b->spec && f->memory_swap.set && !f->memory.set &&
	    f->memory_swap.value != -1)
		return fail(e, EINVAL, "--memory-swap: needs --memory");
	if (!f->memory.set && !f->memory_swap.set &&
	    !f->memory_reservation.set && !f->memory_swappiness.set &&
	    !f->oom_kill_disable)
		return 0;
	m = b->linux_part->resources->memory = arena_new(b->a, sizeof(*m));
	m->limit = f->memory;
	m->reservation = f->memory_reservation;
	if (f->memory_swap.set || (b->spec && f->memory.set))
		m->swap = (struct number){ true, swap_of(f) };
	if (f->memory_swappiness.value != -1)
		m->swappiness = f->memory_swappiness;
	m->disable_oom_killer = f->oom_kill_disable;
	return 0;
}

/* "1.5" in units of 10^-9, exactly; -1 if it is not such a number. */
static int64_t
parse_cpus(const char *text)
{
	size_t whole = strspn(text, "0123456789"), part = 0;
	int64_t n = 0;

	if (text[whole] == '.')
		part = strspn(text + whole + 1, "0123456789");
	if (whole > 5 || part > 9 || whole + part == 0 ||
	    text[whole + (text[whole] == '.') + part])
		return -1;
	for (size_t i = 0; i < whole; i++)
		n = n * 10 + (text[i] - '0');
	for (size_t i = 0; i < 9; i++)
		n = n * 10 + (i < part ? text[whole + 1 + i] - '0' : 0);
	return n;
}

/* The kernel takes no quota below a millisecond, of a period of 100. */
static int
quota_of_cpus(struct build *b, struct cpu *c, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	const int64_t period = 100000;
	const int most = b->host->cpus;
	int64_t nano = f->cpus ? parse_cpus(f->cpus)
	             : f->cpu_percent.value < 1 ? -1
	             : f->cpu_percent.value > 100 * INT64_C(100000) ? INT64_MAX
	                       : f->cpu_percent.value * 10000000;

	if (f->cpus && nano < 0)
		return fail(e, EINVAL, "--cpus: '%s' is not a number such as "
		            "1.5", f->cpus);
	if (nano >= 10000000 && nano <= most * INT64_C(1000000000)) {
		c->period = (struct number){ true, period };
		c->quota = (struct number){ true, nano * period / 1000000000 };
		return 0;
	}
	if (!f->cpus)
		return fail(e, EINVAL, "--cpu: range of percents is from 1 to "
		            "%d, as there are only %d CPUs available",
		            100 * most, most);
	return fail(e, EINVAL, "--cpus: range of CPUs is from 0.01 to %d.00, "
	            "as there are only %d CPUs available", most, most);
}

static int
check_cpu(const struct specgen_flags *f, struct err *e)
{
	const struct number *period = &f->cpu_period, *quota = &f->cpu_quota;

	if (f->cpus && f->cpu_percent.set)
		return fail(e, EINVAL, "--cpus and --cpu exclude each other");
	if ((f->cpus || f->cpu_percent.set) && (period->set || quota->set))
		return fail(e, EINVAL, "%s and --cpu-period or --cpu-quota "
		            "exclude each other",
		            f->cpus ? "--cpus" : "--cpu");
	if (period->set && (period->value < 1000 || period->value > 1000000))
		return fail(e, EINVAL, "--cpu-period: not between 1000 and "
		            "1000000");
	if (quota->set && quota->value != -1 && quota->value < 1000)
		return fail(e, EINVAL, "--cpu-quota: below 1000");
	if (f->cpu_shares.set && (f->cpu_shares.value < 2 ||
	                          f->cpu_shares.value > 262144))
		return fail(e, EINVAL, "--cpu-shares: not between 2 and "
		            "262144");
	if (f->cpu_rt_period.set && f->cpu_rt_period.value < 1)
		return fail(e, EINVAL, "--cpu-rt-period: not above zero");
	if (f->cpu_rt_runtime.set && f->cpu_rt_runtime.value < -1)
		return fail(e, EINVAL, "--cpu-rt-runtime: below zero");
	if (f->cpuset_cpus && !spec_is_cpu_list(f->cpuset_cpus))
		return fail(e, EINVAL, "--cpuset-cpus: '%.100s' is not a list "
		            "such as 0-3,7", f->cpuset_cpus);
	if (f->cpuset_mems && !spec_is_cpu_list(f->cpuset_mems))
		return fail(e, EINVAL, "--cpuset-mems: '%.100s' is not a list "
		            "such as 0-3,7", f->cpuset_mems);
	return 0;
}

/* 0 is docker's word for no cap. */
static bool
has_cpus(const struct specgen_flags *f)
{
	return f->cpu_percent.set || (f->cpus && parse_cpus(f->cpus) != 0);
}

int
build_cpu(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	struct resources *r = b->linux_part->resources;
	struct cpu *c;

	r->pids = arena_new(b->a, sizeof(*r->pids));
	r->pids->limit = (struct number){ true, DEFAULT_PIDS };
	if (f->pids_limit.set)
		r->pids->limit = f->pids_limit;
	if (r->pids->limit.value < -1)
		return fail(e, EINVAL, "--pids-limit: below zero");
	if (r->pids->limit.value == 0)
		r->pids->limit.value = -1;
	if (check_cpu(f, e) < 0)
		return -1;
	if (!has_cpus(f) && !f->cpu_period.set && !f->cpu_quota.set &&
	    !f->cpu_shares.set && !f->cpu_rt_period.set &&
	    !f->cpu_rt_runtime.set && !f->cpuset_cpus && !f->cpuset_mems)
		return 0;
	c = r->cpu = arena_new(b->a, sizeof(*c));
	c->shares = f->cpu_shares;
	c->period = f->cpu_period;
	c->quota = f->cpu_quota;
	c->realtime_period = f->cpu_rt_period;
	c->realtime_runtime = f->cpu_rt_runtime;
	c->cpus = arena_text(b->a, f->cpuset_cpus);
	c->mems = arena_text(b->a, f->cpuset_mems);
	return has_cpus(f) ? quota_of_cpus(b, c, e) : 0;
}

/* PATH:VALUE; the numbers of the device and what stands behind the colon. */
static int
split_device(struct build *b, const char *option, const char *text,
             struct device *d, const char **value)
{
	const char *colon = strrchr(text, ':');
	struct err why;
	char *path;

	if (!colon || text[0] != '/' || !colon[1])
		return -1;
	path = arena_bytes(b->a, text, (size_t)(colon - text));
	if (b->host->device(path, d, &why) < 0)
		return fail(b->e, why.code, "%s: %s", option, why.text);
	*value = colon + 1;
	return 0;
}

static int
add_throttles(struct build *b, const char *option, const struct words *texts,
              struct throttle_device **v, size_t *n)
{
	bool bytes = strstr(option, "bps");

	for (size_t i = 0; i < texts->n; i++) {
		struct device d = { 0 };
		const char *value;
		struct throttle_device *t;
		uint64_t rate = 0;
		int64_t count = 0;

		fail(b->e, EINVAL, "%s: '%s' is not PATH:%s", option,
		     texts->v[i], bytes ? "SIZE" : "N");
		if (split_device(b, option, texts->v[i], &d, &value) < 0)
			return -1;
		if (bytes && opt_parse_size(value, &rate, b->e) < 0)
			return fail_in(b->e, "%s", option);
		if (!bytes && parse_number(value, 1, INT64_MAX, &count) < 0)
			return -1;
		if (rate > INT64_MAX || (bytes && rate == 0))
			return fail(b->e, EINVAL, "%s: '%s' is out of range",
			            option, value);
		t = LIST_ADD(b->a, *v, *n);
		t->major = d.major;
		t->minor = d.minor;
		t->rate = (struct number){ true, bytes ? (int64_t)rate
		                                       : count };
	}
	return 0;
}

static int
add_weights(struct build *b, struct block_io *io)
{
	const struct words *texts = &b->flags->blkio_weight_device;

	for (size_t i = 0; i < texts->n; i++) {
		struct device d = { 0 };
		const char *value;
		struct weight_device *w;
		int64_t n;

		fail(b->e, EINVAL, "--blkio-weight-device: '%s' is not PATH:N "
		     "with N between 10 and 1000", texts->v[i]);
		if (split_device(b, "--blkio-weight-device", texts->v[i], &d,
		                 &value) < 0 ||
		    parse_number(value, 10, 1000, &n) < 0)
			return -1;
		w = LIST_ADD(b->a, io->weight_devices, io->n_weight_devices);
		w->major = d.major;
		w->minor = d.minor;
		w->weight = (struct number){ true, n };
	}
	return 0;
}

int
build_block_io(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	struct block_io *io;

	if (!f->blkio_weight.set && !f->blkio_weight_device.n &&
	    !f->read_bps.n && !f->write_bps.n && !f->read_iops.n &&
	    !f->write_iops.n)
		return 0;
	io = arena_new(b->a, sizeof(*io));
	b->linux_part->resources->block_io = io;
	if (f->blkio_weight.set && (f->blkio_weight.value < 10 ||
	                            f->blkio_weight.value > 1000))
		return fail(e, EINVAL, "--blkio-weight: not between 10 and "
		            "1000");
	io->weight = f->blkio_weight;
	if (add_weights(b, io) < 0 ||
	    add_throttles(b, "--device-read-bps", &f->read_bps, &io->read_bps,
	                  &io->n_read_bps) < 0 ||
	    add_throttles(b, "--device-write-bps", &f->write_bps,
	                  &io->write_bps, &io->n_write_bps) < 0 ||
	    add_throttles(b, "--device-read-iops", &f->read_iops,
	                  &io->read_iops, &io->n_read_iops) < 0)
		return -1;
	return add_throttles(b, "--device-write-iops", &f->write_iops,
	                     &io->write_iops, &io->n_write_iops);
}

int
specgen_limits(const struct specgen_flags *flags, const struct host *host,
               struct arena *a, struct resources *out, struct err *e)
{
	struct linux_part part = { .resources = out };
	struct build b = { .flags = flags, .host = host, .e = e, .a = a,
		           .linux_part = &part };

	*out = (struct resources){ 0 };
	if (build_memory(&b, e) < 0 || build_cpu(&b, e) < 0 ||
	    build_block_io(&b, e) < 0)
		return -1;
	if (!flags->pids_limit.set)
		out->pids = NULL; /* it has one by default */
	return 0;
}
