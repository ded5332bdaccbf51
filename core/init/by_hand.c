/* SPDX-License-Identifier: ISC */
/* Without a parent: the namespaces, and the process that waits outside. */
#include "init/child.h"
#include "sys/fd.h"
#include "sys/process.h"

#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* Existing ones are entered; the new ones are left for the clone. */
static int
sort_namespaces(struct child *c, uint64_t *fresh, bool *cgroup,
                struct err *e)
{
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++) {
		const struct namespace_fact *fact = &spec_namespaces[kind];
		const struct namespace_row *row =
		        spec_namespace(&c->spec, (enum namespace_kind)kind);
		AUTO(close) int fd = -1;

		if (!row)
			continue;
		if (row->path) {
			fd = open(row->path, O_RDONLY | O_CLOEXEC);
			if (fd < 0 || setns(fd, (int)fact->clone_flag) < 0)
				return fail_sys(e, "%s", row->path);
		} else if (kind == NAMESPACE_CGROUP) {
			*cgroup = true;
		} else if (kind != NAMESPACE_TIME) {
			*fresh |= fact->clone_flag;
		}
	}
	return 0;
}

/* The kernel takes a map in one write, and once. */
static int
write_map(pid_t pid, const char *name, const struct id_map *maps, size_t n,
          struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	char path[40];

	for (size_t i = 0; i < n; i++)
		buf_format(&text, "%" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
		           maps[i].inside, maps[i].outside, maps[i].count);
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	if (n && fd_write_at(AT_FDCWD, path, text.data) < 0)
		return fail_sys(e, "%s", name);
	return 0;
}

static int
write_maps(const struct child *c, pid_t pid, struct err *e)
{
	const struct linux_part *l = c->spec.linux_part;

	if (!init_has_new(c, NAMESPACE_USER))
		return 0;
	if (write_map(pid, "uid_map", l->uid_maps, l->n_uid_maps, e) < 0)
		return -1;
	return write_map(pid, "gid_map", l->gid_maps, l->n_gid_maps, e);
}

/* The child goes on when the parent has closed its end without a word, which
 * would mean that it has failed, and said why. */
static int
await_maps(const struct child *c, int pipe, struct err *e)
{
	char byte;

	if (read(pipe, &byte, 1) != 0)
		_exit(STATUS_OURS);
	if (!init_has_new(c, NAMESPACE_USER))
		return 0;
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return fail_sys(e, "id 0 of the user namespace");
	return 0;
}

/* All of the parent's part that is done from outside of the container. */
static int
set_up_outside(const struct child *c, pid_t pid, struct err *e)
{
	const struct namespace_row *net =
	        spec_namespace(&c->spec, NAMESPACE_NETWORK);
	AUTO(close) int space = -1;

	if (write_maps(c, pid, e) < 0)
		return -1;
	if (net && net->path) {
		space = open(net->path, O_RDONLY | O_CLOEXEC);
		if (space < 0)
			return fail_sys(e, "%s", net->path);
	}
	return init_net_devices(&c->spec, space, pid, e);
}

int
init_namespaces(struct child *c, struct err *e)
{
	AUTO(close) int pidfd = -1;
	uint64_t fresh = 0;
	bool cgroup = false, born;
	int pair[2];
	pid_t pid;

	if (sort_namespaces(c, &fresh, &cgroup, e) < 0 || fd_pipe(pair, e) < 0)
		return -1;
	pid = process_clone(fresh, -1, &born, &pidfd, e);
	if (pid < 0)
		return -1;
	if (pid == 0) {
		close(pair[1]);
		if (cgroup && unshare(CLONE_NEWCGROUP) < 0)
			return fail_sys(e, "cgroup namespace");
		return await_maps(c, pair[0], e);
	}
	if (set_up_outside(c, pid, e) < 0) {
		(void)!write(pair[1], "", 1);
		return -1;
	}
	close(pair[0]);
	close(pair[1]);
	init_wait_for(pid);
}
