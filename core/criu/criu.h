/* SPDX-License-Identifier: ISC */
/* The door of `criu`: requests to the criu(8) that this machine has. */
#ifndef CRIU_CRIU_H
#define CRIU_CRIU_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* What is asked for: criu_req_type of criu's images/rpc.proto. */
enum criu_verb { CRIU_DUMP = 1, CRIU_RESTORE = 2, CRIU_PRE_DUMP = 13 };

/* Options of a request: the numbers of the fields of criu_opts there. */
enum criu_field {
	CRIU_IMAGES_FD = 1,
	CRIU_PID = 2,
	CRIU_LEAVE_RUNNING = 3,
	CRIU_EXT_UNIX_SK = 4,
	CRIU_TCP_ESTABLISHED = 5,
	CRIU_EVASIVE_DEVICES = 6,
	CRIU_SHELL_JOB = 7,
	CRIU_FILE_LOCKS = 8,
	CRIU_LOG_LEVEL = 9,
	CRIU_LOG_FILE = 10,
	CRIU_PAGE_SERVER = 11, /* criu_peer */
	CRIU_NOTIFY = 12,
	CRIU_ROOT = 13,
	CRIU_PARENT = 14,
	CRIU_TRACK_MEMORY = 15,
	CRIU_AUTO_DEDUP = 16,
	CRIU_WORK_FD = 17,
	CRIU_LINK_REMAP = 18,
	CRIU_MOUNT = 23, /* criu_pair: key, what is there */
	CRIU_CGROUP_ROOT = 25, /* criu_pair: controller, path */
	CRIU_SIBLING = 26,
	CRIU_INHERIT = 27, /* criu_inherit */
	CRIU_CGROUPS_MODE = 34,
	CRIU_EXTERNAL = 37,
	CRIU_EMPTY_NS = 38,
	CRIU_JOIN_NS = 39, /* criu_pair: kind, path */
	CRIU_FREEZER = 44,
	CRIU_SKIP_IN_FLIGHT = 46,
	CRIU_LAZY_PAGES = 48,
	CRIU_ORPHAN_TERMINAL = 50,
	CRIU_CONFIG = 51,
	CRIU_LSM_PROFILE = 53,
	CRIU_LSM_MOUNT_CONTEXT = 63,
};

/* One request: the options as protobuf. Begins as { .verb = … }. */
struct criu_options {
	enum criu_verb verb;
	struct buf text;
};

void auto_criu_options(struct criu_options *o);
void criu_flag(struct criu_options *o, enum criu_field f, bool on);
void criu_number(struct criu_options *o, enum criu_field f, int64_t n);
/* NULL and "" leave it out; so does a first text of NULL in a pair. */
void criu_text(struct criu_options *o, enum criu_field f, const char *text);
void criu_pair(struct criu_options *o, enum criu_field f, const char *one,
               const char *two);
void criu_peer(struct criu_options *o, const char *address, uint16_t port);
/* Descriptor number `fd` of criu's, see criu_start, for what has that key. */
void criu_inherit(struct criu_options *o, const char *key, int fd);

/*
 * A criu that waits for a request.
 *
 * said  a file with what it writes to stdout and stderr: nothing, mostly
 * stop  the caller's signals, as signal_open makes them: one that would end
 *       him ends the wait for criu, and criu; -1: they do what they do
 */
struct criu {
	pid_t pid;
	int pidfd, socket, said, stop;
};

#define CRIU_NONE { -1, -1, -1, -1, -1 }

void auto_criu(struct criu *c); /* ends it, if it is still there */

/* Is there a program of that name? */
bool criu_is_installed(void);

/*
 * Start one, as a child of ours.
 *
 * fds      n descriptors that it gets, at CRIU_FIRST_FD and up
 * errors   ENOENT  it is not installed
 */
#define CRIU_FIRST_FD 4
int criu_start(struct criu *c, const int fds[], size_t n,
               struct err *e) MUST;

/*
 * A directory becomes a mount of its own at another one, which nobody sees but
 * we and a criu that is started then. To leave puts us back to where we were;
 * criu opens the directories of a request through our descriptors, which must
 * be from in between. It may be done twice.
 */
struct criu_root {
	int mounts, cwd; /* where we were */
};

#define CRIU_ROOT_NONE { -1, -1 }

void auto_criu_root(struct criu_root *r);
int criu_root_enter(struct criu_root *r, const char *root, const char *at,
                    struct err *e) MUST;
int criu_root_leave(struct criu_root *r, struct err *e) MUST;

/*
 * What criu tells while it works: "setup-namespaces", "post-restore" and so
 * on, with the pid of a restored first process, else 0, and a descriptor that
 * is the hearer's, else -1. An error ends the work; then `failed` is set, and
 * it is the error of criu_ask.
 */
struct criu_hearer {
	int (*hear)(void *with, const char *what, pid_t pid, int fd,
	            struct err *e);
	void *with;
	bool failed;
};

/*
 * Ask it for one thing, and wait until that is done and criu has ended. *pid
 * becomes that of a restored first process, a child of ours (CRIU_SIBLING).
 *
 * errors   EINTR   a signal has ended it
 *          ECHILD  it failed, or ended without an answer; text says no more
 *                  than is known here, the rest is in the log
 */
int criu_ask(struct criu *c, const struct criu_options *o,
             struct criu_hearer *hearer, pid_t *pid, struct err *e) MUST;

/* The first error in a log of criu's, without time and place; NULL: none. */
char *criu_reason(int dir, const char *log, struct arena *a);

#endif
