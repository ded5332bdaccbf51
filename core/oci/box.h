/* SPDX-License-Identifier: ISC */
/* For the files of this room: state on disk, bundles, handing things over. */
#ifndef OCI_BOX_H
#define OCI_BOX_H

#include "oci/oci.h"
#include "runtime/runtime.h"

#include <termios.h>

#define BOX_FIFO "exec.fifo"
#define BOX_MOST (16 << 20)
/* How long a killed process may take. */
#define BOX_KILL_MS 10000

/* Relative to where we were called; NULL stays. */
int box_absolute(char **path, struct arena *a, struct err *e) MUST;
/* --rootless: a cgroup that cannot be made is no error. */
bool box_is_rootless(const struct oci_globals *g);
/* Where a user without privileges has what is not kept; NULL: he is root. */
const char *box_user_dir(void);
int box_check_id(const char *id, struct err *e) MUST;
/* ROOT as a path; -1 in *root, and no error, where there is none yet. */
int box_root(const struct oci_globals *g, struct arena *a, char **path,
             int *root, struct err *e) MUST;

/*
 * The directory of a new container, locked.
 *
 * errors   EEXIST
 */
int box_make(struct oci *c, const struct oci_globals *g, const char *id,
             struct err *e) MUST;
/* Open without reading anything; ENOENT. */
int box_find(struct oci *c, const struct oci_globals *g, const char *id,
             struct err *e) MUST;
int box_lock(struct oci *c, struct err *e) MUST;
/* The lock is for the making; others want to get in meanwhile. */
void box_unlock(struct oci *c);
int box_read(struct oci *c, struct err *e) MUST;
int box_write(struct oci *c, struct err *e) MUST;
int box_drop(struct oci *c, struct err *e) MUST;
/* Take away all of one that has ended: cgroup, state, poststop hooks. */
int box_remove(struct oci *c, struct err *e) MUST;

/* All that is known before there is a cgroup or a process is on disk; and then
 * the process, too; `with` is the struct oci. */
int box_note_plan(struct oci *c, struct err *e) MUST;
int box_note_process(void *with, pid_t pid, struct err *e) MUST;

/* The spec as it was at create. */
int box_spec(struct oci *c, struct err *e) MUST;

/* Wait until the first process has ended; false: it is still there. */
bool box_wait(const struct oci *c, int64_t milliseconds);
/* Signal it: ESRCH if it has ended. */
int box_signal(const struct oci *c, int signal, struct err *e) MUST;
bool box_is_alive(const struct oci *c);

/* The group of a container that runs. */
struct cgroup;
int box_group(const struct oci *c, struct cgroup *g, struct err *e) MUST;

/* The spec as it has become. */
int box_write_spec(struct oci *c, struct err *e) MUST;

/* A whole file, "-": stdin. */
int box_read_file(const char *path, struct buf *text, struct err *e) MUST;

/* The plan for what the record says. */
void box_plan(const struct oci *c, struct runtime_plan *plan);

/*
 * Read the bundle's config.json into c->spec, make of it what a runtime must
 * (devices that are always allowed, the cgroup's path), check it; the bundle
 * becomes our working directory.
 */
int bundle_read(struct oci *c, const struct oci_globals *g,
                const struct oci_how *how, struct err *e) MUST;

/* All paths as absolute ones, as we shall go elsewhere. */
int hand_paths(struct oci_how *how, struct arena *a, struct err *e) MUST;
/* Is there a socket for the terminal, where there must and may be? */
int hand_check(const struct oci_how *how, const struct process *p, bool waits,
              struct err *e) MUST;
/* Are the descriptors there that are to be kept? And how many that are, of
 * which the command is told; LISTEN_FDS counts, too. */
int hand_check_kept(const struct number *keep, struct err *e) MUST;
int hand_kept(const struct oci_how *how, struct spec *s);

/* What the caller asked for of a process that is there: its pid in a file, the
 * terminal and the pidfd over their sockets. */
int hand_over(const struct oci_how *how, struct runtime_child *child,
              struct err *e) MUST;

/*
 * sd_notify(3), where we were started with NOTIFY_SOCKET. The container gets a
 * socket of ours, and of what it says READY=1 goes on, with its pid.
 *
 * notify_plan    before there is a container: mount a directory for it
 * notify_listen  make the socket; -1 in *socket: nobody is to be told
 * notify_check   can who started us be reached?
 * notify_pass    take one message; 1: it is ready, and that was passed on
 * notify_wait    until it is, or has ended
 */
int notify_plan(struct oci *c, struct err *e) MUST;
int notify_listen(const struct oci *c, int *socket, struct err *e) MUST;
int notify_check(int socket, struct err *e) MUST;
int notify_pass(int socket, pid_t pid, struct err *e) MUST;
int notify_wait(const struct oci *c, int socket, int pidfd,
                struct err *e) MUST;

/*
 * Stay in the foreground until the process ends: forward signals, and copy
 * between its terminal and ours. Begin before there is a process, so that no
 * signal is lost. Returns its exit status.
 */
struct watch {
	int signals;
	int notify; /* of notify_listen, -1: none */
	bool raw;
	struct termios before;
};

int watch_begin(struct watch *w, struct err *e) MUST;
int watch_run(struct watch *w, const struct runtime_child *child,
              struct err *e) MUST;
void auto_watch(struct watch *w);

#endif
