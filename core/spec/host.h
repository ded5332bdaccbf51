/* SPDX-License-Identifier: ISC */
/* Part of spec.h: users, and what to ask a machine before there is a spec. */
#ifndef SPEC_HOST_H
#define SPEC_HOST_H

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "spec/linux.h"

struct user {
	uint32_t uid, gid;
	struct number umask;
	int64_t *groups; /* additionalGids */
	size_t n_groups;
};

/*
 * A user as the command line names him, and what a root's files make of that.
 *
 * text    "USER[:GROUP]"; NULL is root
 * groups  more groups to be in, by name or number; NULL: none
 * home    his home directory
 */
struct user_lookup {
	const char *text;
	const struct words *groups;
	struct user user;
	char *home;
};

/*
 * A mount that the user asked for, as docker lists it, and what is known of a
 * volume before it is there.
 *
 * type         "bind", "volume", "tmpfs"
 * name         of a volume; NULL until one is made up for it
 * source       of a bind; of a volume it follows from the name
 * mode         what stood behind the last colon of -v
 * subpath      what of the volume is shown
 * anonymous    it has no name of the user's, and goes with the container
 * row          it comes from --mount
 * no_copy      what the root has at that place is not copied into it
 */
struct mount_point {
	char *type, *name, *source, *destination, *mode, *propagation;
	char *subpath;
	bool readonly, anonymous, no_copy, row;
	struct pairs labels, options;
};

extern const struct json_field spec_point_fields[];

/* Add a copy of one to a list of them, all in the arena. */
void spec_point_add(struct arena *a, struct mount_point **v, size_t *n,
                    const struct mount_point *from);

/*
 * The machine, for `specgen`, which makes no system call itself, so that a
 * test can answer instead. Each function returns 0 or -1 with *e.
 *
 * cwd      the caller's working directory
 * machine, kernel  uname's: "x86_64", "6.1.0-9"
 * nofile   its hard limit of open files
 * cpus     how many processors there are for us
 * ns_path  path of the namespace of that container ("/proc/PID/ns/net")
 * user     "-u" text to ids, by the root's own passwd file
 * points   the mounts of another container, for --volumes-from
 * selinux  files have labels here
 */
struct host {
	const char *cwd, *machine, *kernel;
	uint32_t uid, gid;
	uint64_t nofile;
	int last_cap, cpus;
	bool selinux;
	int (*ns_path)(const char *container, enum namespace_kind kind,
	               char **path, struct arena *a, struct err *e);
	int (*device)(const char *path, struct device *found, struct err *e);
	int (*all_devices)(struct device **v, size_t *n, struct arena *a,
	                   struct err *e);
	int (*read_file)(const char *path, struct buf *out, struct err *e);
	int (*user)(const char *rootfs, struct user_lookup *l, struct arena *a,
	            struct err *e);
	int (*points)(const char *container, struct mount_point **v,
	              size_t *n, struct arena *a, struct err *e);
	const char *(*environment)(const char *name); /* getenv */
};

#endif
