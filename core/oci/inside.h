/* SPDX-License-Identifier: ISC */
/* Part of oci.h: starting processes, and what is done in a container. */
#ifndef OCI_INSIDE_H
#define OCI_INSIDE_H

#include "cli/opt.h"
#include "spec/spec.h"

#include <stdbool.h>
#include <sys/types.h>

struct oci;

/*
 * How a process is to be started.
 *
 * bundle, config  its directory, and another name for its config.json
 * detach          do not wait for the end (run, exec)
 * keep            leave the state of what has ended (run)
 */
struct oci_how {
	char *bundle, *config, *console_socket, *pid_file, *pidfd_socket;
	struct number preserve;
	bool no_pivot, no_new_keyring, detach, keep;
};

/*
 * What criu is to do. The paths become absolute.
 *
 * images, work, parent  directories: NULL is ./checkpoint, that of the images,
 *                       none; the last is relative to the first
 * cgroups_mode          NULL: criu's own
 * status_fd             gets a NUL once pages can be fetched
 */
struct oci_criu {
	char *images, *work, *parent, *page_server, *cgroups_mode;
	char *lsm_profile, *lsm_mount_context;
	struct number status_fd;
	struct words empty_ns;
	bool leave_running, pre_dump, tcp_established, tcp_skip_in_flight;
	bool link_remap, ext_unix_sk, shell_job, lazy_pages, file_locks;
	bool auto_dedup;
};

/* The rows that `checkpoint` and `restore` have in common. */
extern const struct opt oci_criu_options[];

/* The rows that `create` and `run` have in common. */
extern const struct opt oci_how_options[];

/*
 * One more process: all of it from a file, or the container's own, changed.
 * With ignore_paused it waits where the container is frozen.
 */
struct oci_exec {
	struct oci_how how;
	bool tty, no_new_privs, ignore_paused;
	char *process, *cwd, *user, *apparmor, *label;
	struct words env, caps, groups, cgroups;
};
int oci_exec(struct oci *c, const struct oci_exec *x, char **command,
             struct err *e) MUST;

/*
 * Mount into a container that runs what FILE lists as `mounts` of a config.json
 * does ("-": stdin), or take away what is mounted at those destinations.
 */
int oci_mounts(struct oci *c, const char *path, bool remove,
               struct err *e) MUST;

/* The processes in it. */
int oci_pids(const struct oci *c, struct arena *a, pid_t **pids, size_t *n,
             struct err *e) MUST;

/* Change limits; what is not set stays. */
int oci_read_resources(struct oci *c, const char *path, struct resources *r,
                       struct err *e) MUST; /* "-": stdin */
int oci_update(struct oci *c, const struct resources *r,
               const struct intel_rdt *rdt, struct err *e) MUST; /* or NULL */

/* How often memory ran out in it, -1: not known; `events --stats`: JSON. */
int64_t oci_ooms(const struct oci *c);
int oci_stats(struct oci *c, struct buf *out, struct err *e) MUST;
/* `ps`, of the processes in it: run the machine's own, show their lines. */
int oci_ps(const struct oci *c, char **options, struct buf *out,
           struct err *e) MUST;

#endif
