/* SPDX-License-Identifier: ISC */
/* All that the files of a group tell of what it uses. */
#include "cgroup/parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM 16384 /* of a file */

/* One tree's files, one after the other. */
struct reader {
	const struct cgroup_tree *tree;
	struct arena *arena;
	char text[ROOM];
};

static bool
find(const struct cgroup *g, const char *v1, struct reader *r)
{
	r->tree = cgroup_tree(g, v1);
	if (!r->tree && g->layout == CGROUP_V2)
		r->tree = cgroup_tree(g, "");
	return r->tree && r->tree->dir >= 0;
}

static bool
is_v2(const struct reader *r)
{
	return !*r->tree->name;
}

static char *
text_of(struct reader *r, const char *file)
{
	return cgroup_knob_get(r->tree->dir, file, r->text, ROOM) < 0
	       ? NULL : r->text;
}

static uint64_t
number(const char *text)
{
	return strncmp(text, "max", 3) == 0 ? UINT64_MAX
	                                    : strtoull(text, NULL, 10);
}

static uint64_t
number_in(struct reader *r, const char *prefix, const char *file)
{
	char name[96], *text;

	snprintf(name, sizeof(name), "%s%s", prefix, file);
	text = text_of(r, name);
	return text ? number(text) : 0;
}

/* "key value" a line. */
static void
facts_of(struct reader *r, const char *file, struct cgroup_fact **v, size_t *n)
{
	char *rest = text_of(r, file), *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		char *space = strchr(line, ' ');

		if (!space)
			continue;
		*LIST_ADD(r->arena, *v, *n) = (struct cgroup_fact){
			arena_bytes(r->arena, line, (size_t)(space - line)),
			number(space + 1)
		};
	}
}

static uint64_t
fact(const struct cgroup_fact *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name, name) == 0)
			return v[i].value;
	return 0;
}

/* ---- memory */

static void
amount_v1(struct reader *r, const char *prefix, struct cgroup_amount *m)
{
	*m = (struct cgroup_amount){
		.limit = number_in(r, prefix, "limit_in_bytes"),
		.usage = number_in(r, prefix, "usage_in_bytes"),
		.max = number_in(r, prefix, "max_usage_in_bytes"),
		.failures = number_in(r, prefix, "failcnt"),
	};
}

static void
amount_v2(struct reader *r, const char *prefix, struct cgroup_amount *m)
{
	*m = (struct cgroup_amount){
		.limit = number_in(r, prefix, "max"),
		.usage = number_in(r, prefix, "current"),
		.max = number_in(r, prefix, "peak"),
	};
}

static void
memory(struct reader *r, struct cgroup_details *d)
{
	facts_of(r, "memory.stat", &d->raw, &d->n_raw);
	d->cache = fact(d->raw, d->n_raw, is_v2(r) ? "file" : "cache");
	if (!is_v2(r)) {
		amount_v1(r, "memory.", &d->memory);
		amount_v1(r, "memory.memsw.", &d->swap);
		amount_v1(r, "memory.kmem.", &d->kernel);
		amount_v1(r, "memory.kmem.tcp.", &d->kernel_tcp);
		return;
	}
	amount_v2(r, "memory.", &d->memory);
	amount_v2(r, "memory.swap.", &d->swap);
	d->swap.max = 0;
	d->swap.usage += d->memory.usage;
	if (d->swap.limit != UINT64_MAX)
		d->swap.limit = d->memory.limit == UINT64_MAX
		                ? UINT64_MAX : d->swap.limit + d->memory.limit;
}

/* ---- cpu */

/* "cpu user system" a line, the first of them a heading. */
static void
each_cpu(struct reader *r, struct cgroup_details *d)
{
	char *rest = text_of(r, "cpuacct.usage_percpu"), *word;

	while (rest && (word = strsep(&rest, " ")))
		if (*word)
			*LIST_ADD(r->arena, d->each_cpu, d->n_each_cpu) =
			        number(word);
	rest = text_of(r, "cpuacct.usage_all");
	while (rest && (word = strsep(&rest, "\n"))) {
		unsigned long long user, system;

		if (sscanf(word, "%*u %llu %llu", &user, &system) != 2)
			continue;
		*LIST_ADD(r->arena, d->each_user, d->n_each_user) = user;
		*LIST_ADD(r->arena, d->each_system, d->n_each_system) = system;
	}
}

static void
account_v1(struct reader *r, struct cgroup_details *d)
{
	uint64_t tick = 1000000000 / (uint64_t)sysconf(_SC_CLK_TCK);
	struct cgroup_fact *v = NULL;
	size_t n = 0;

	facts_of(r, "cpuacct.stat", &v, &n);
	d->cpu = number_in(r, "cpuacct.", "usage");
	d->cpu_user = fact(v, n, "user") * tick;
	d->cpu_system = fact(v, n, "system") * tick;
	each_cpu(r, d);
}

static void
cpu(struct reader *r, struct cgroup_details *d)
{
	struct cgroup_fact *v = NULL;
	size_t n = 0;

	facts_of(r, "cpu.stat", &v, &n);
	d->periods = fact(v, n, "nr_periods");
	d->throttled_periods = fact(v, n, "nr_throttled");
	d->throttled = is_v2(r) ? fact(v, n, "throttled_usec") * 1000
	                        : fact(v, n, "throttled_time");
	if (!is_v2(r))
		return;
	d->cpu = fact(v, n, "usage_usec") * 1000;
	d->cpu_user = fact(v, n, "user_usec") * 1000;
	d->cpu_system = fact(v, n, "system_usec") * 1000;
}

const char *const cgroup_cpuset_facts[CGROUP_CPUSET_FACTS] = {
	"cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate",
	"memory_spread_page", "memory_spread_slab", "memory_pressure",
	"sched_load_balance", "sched_relax_domain_level",
};

/* "0-3,7", number by number. */
static void
list_in(struct reader *r, const char *file, uint64_t **v, size_t *n)
{
	char *rest = text_of(r, file), *part;

	while (rest && (part = strsep(&rest, ","))) {
		char *dash = strchr(part, '-');
		uint64_t at = number(part), last = dash ? number(dash + 1) : at;

		while (*part >= '0' && *part <= '9' && at <= last)
			*LIST_ADD(r->arena, *v, *n) = at++;
	}
}

static void
cpuset(struct reader *r, struct cgroup_details *d)
{
	char name[48], *text;

	list_in(r, "cpuset.cpus", &d->cpus, &d->n_cpus);
	list_in(r, "cpuset.mems", &d->mems, &d->n_mems);
	for (size_t i = 0; i < CGROUP_CPUSET_FACTS; i++) {
		snprintf(name, sizeof(name), "cpuset.%s",
		         cgroup_cpuset_facts[i]);
		text = text_of(r, name);
		d->cpuset[i] = text ? strtoll(text, NULL, 10) : 0;
	}
}

/* ---- waiting */

/* "some avg10=0.12 avg60=0.00 avg300=0.00 total=4711" */
static bool
stalls(const char *line, const char *word, struct cgroup_stalls *s)
{
	unsigned int whole[3], part[3];
	unsigned long long total;
	size_t n = strlen(word);

	if (strncmp(line, word, n) != 0 ||
	    sscanf(line + n, " avg10=%u.%u avg60=%u.%u avg300=%u.%u total=%llu",
	           &whole[0], &part[0], &whole[1], &part[1], &whole[2],
	           &part[2], &total) != 7)
		return false;
	for (int i = 0; i < 3; i++)
		s->average[i] = whole[i] * 100 + part[i];
	s->total = total;
	return true;
}

/* Not there in a kernel without it, nor where it has been switched off. */
static void
pressure(struct reader *r, const char *file, struct cgroup_pressure *p)
{
	char *rest = text_of(r, file), *line;

	while (rest && (line = strsep(&rest, "\n")))
		if (stalls(line, "some", &p->some) ||
		    stalls(line, "full", &p->full))
			p->is_known = true;
}

/* v1 does not know; where v2 is mounted beside it the group is there, too. */
static void
pressures(const struct cgroup *g, struct reader *r, struct cgroup_details *d)
{
	r->tree = cgroup_tree(g, "");
	if (!r->tree || r->tree->dir < 0)
		return;
	pressure(r, "cpu.pressure", &d->cpu_pressure);
	pressure(r, "memory.pressure", &d->memory_pressure);
	pressure(r, "io.pressure", &d->io_pressure);
}

/* ---- disks */

static void
add_io(struct reader *r, struct cgroup_details *d, enum cgroup_io_kind kind,
       const struct cgroup_io *row)
{
	*LIST_ADD(r->arena, d->io[kind].v, d->io[kind].n) = *row;
}

/* "254:0 rbytes=1 wbytes=2 rios=3 …" a line. */
static void
io_v2(struct reader *r, struct cgroup_details *d)
{
	static const struct {
		const char *key, *op;
		enum cgroup_io_kind kind;
	} keys[] = {
		{ "rbytes=", "Read", CGROUP_IO_BYTES },
		{ "wbytes=", "Write", CGROUP_IO_BYTES },
		{ "rios=", "Read", CGROUP_IO_TIMES },
		{ "wios=", "Write", CGROUP_IO_TIMES },
	};
	char *rest = text_of(r, "io.stat"), *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		unsigned int major, minor;

		if (sscanf(line, "%u:%u", &major, &minor) != 2)
			continue;
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
			const char *at = strstr(line, keys[i].key);
			struct cgroup_io row = { major, minor, 0,
				(char *)(uintptr_t)keys[i].op };

			if (!at)
				continue;
			row.value = number(at + strlen(keys[i].key));
			add_io(r, d, keys[i].kind, &row);
		}
	}
}

/* "254:0 Read 1" or "254:0 1" a line; the total at the end is left out. */
static void
io_file(struct reader *r, const char *file, enum cgroup_io_kind kind,
        struct cgroup_details *d)
{
	char *rest = text_of(r, file), *line;

	while (rest && (line = strsep(&rest, "\n"))) {
		unsigned long long value;
		unsigned int major, minor;
		struct cgroup_io row;
		char op[16] = "";

		if (sscanf(line, "%u:%u %15[A-Za-z] %llu", &major, &minor, op,
		           &value) != 4 &&
		    (*op || sscanf(line, "%u:%u %llu", &major, &minor,
		                   &value) != 3))
			continue;
		row = (struct cgroup_io){ major, minor, value,
			                  arena_text(r->arena, op) };
		add_io(r, d, kind, &row);
	}
}

/* The scheduler bfq counts all of it, if it is used; else what throttles. */
static void
io_v1(struct reader *r, struct cgroup_details *d)
{
	static const struct {
		const char *file, *instead;
		enum cgroup_io_kind kind;
	} files[] = {
		{ "blkio.bfq.io_service_bytes_recursive",
		  "blkio.throttle.io_service_bytes_recursive",
		  CGROUP_IO_BYTES },
		{ "blkio.bfq.io_serviced_recursive",
		  "blkio.throttle.io_serviced_recursive", CGROUP_IO_TIMES },
		{ "blkio.bfq.io_queued_recursive", NULL, CGROUP_IO_QUEUED },
		{ "blkio.bfq.io_service_time_recursive", NULL,
		  CGROUP_IO_SERVICE },
		{ "blkio.bfq.io_wait_time_recursive", NULL, CGROUP_IO_WAIT },
		{ "blkio.bfq.io_merged_recursive", NULL, CGROUP_IO_MERGED },
		{ "blkio.bfq.time_recursive", NULL, CGROUP_IO_TIME },
		{ "blkio.bfq.sectors_recursive", NULL, CGROUP_IO_SECTORS },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		io_file(r, files[i].file, files[i].kind, d);
		if (!d->io[files[i].kind].n && files[i].instead)
			io_file(r, files[i].instead, files[i].kind, d);
	}
}

/* ---- huge pages */

/* The size in "hugetlb.2MB.current", if that is such a file. */
static bool
read_size(const struct reader *r, const char *file, char *size, size_t room)
{
	static const char start[] = "hugetlb.";
	const char *end = is_v2(r) ? ".current" : ".usage_in_bytes";
	size_t n;

	if (strncmp(file, start, sizeof(start) - 1) != 0)
		return false;
	file += sizeof(start) - 1;
	n = strcspn(file, ".");
	if (n >= room || strcmp(file + n, end) != 0)
		return false;
	memcpy(size, file, n);
	size[n] = '\0';
	return true;
}

static void
huge(struct reader *r, struct cgroup_details *d)
{
	int fd = openat(r->tree->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir)
		auto_close(&fd);
	while (dir && (entry = readdir(dir))) {
		struct cgroup_huge h = { 0 };
		char size[24], prefix[48];

		if (!read_size(r, entry->d_name, size, sizeof(size)))
			continue;
		h.size = arena_text(r->arena, size);
		snprintf(prefix, sizeof(prefix), "hugetlb.%s.", size);
		(is_v2(r) ? amount_v2 : amount_v1)(r, prefix, &h.amount);
		if (is_v2(r)) {
			struct cgroup_fact *v = NULL;
			size_t n = 0;

			strcat(prefix, "events");
			facts_of(r, prefix, &v, &n);
			h.amount.failures = fact(v, n, "max");
		}
		*LIST_ADD(r->arena, d->huge, d->n_huge) = h;
	}
	if (dir)
		closedir(dir);
}

void
cgroup_details(const struct cgroup *g, struct arena *a,
               struct cgroup_details *d)
{
	struct reader r = { .arena = a };

	*d = (struct cgroup_details){ 0 };
	if (find(g, "memory", &r))
		memory(&r, d);
	if (find(g, "cpu", &r))
		cpu(&r, d);
	if (find(g, "cpuacct", &r) && !is_v2(&r))
		account_v1(&r, d);
	if (find(g, "cpuset", &r) && !is_v2(&r))
		cpuset(&r, d);
	pressures(g, &r, d);
	if (find(g, "pids", &r)) {
		d->pids = number_in(&r, "pids.", "current");
		d->pids_limit = number_in(&r, "pids.", "max");
	}
	if (find(g, "blkio", &r))
		(is_v2(&r) ? io_v2 : io_v1)(&r, d);
	if (find(g, "hugetlb", &r))
		huge(&r, d);
}
