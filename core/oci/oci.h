/* SPDX-License-Identifier: ISC */
/* The door of `oci`: the verbs of an OCI runtime, and containers by bundle. */
#ifndef OCI_OCI_H
#define OCI_OCI_H

#include "base/err.h"
#include "base/json.h"
#include "cli/opt.h"
#include "oci/inside.h"
#include "spec/spec.h"
#include "systemd/systemd.h"

#include <stdbool.h>
#include <sys/types.h>

/* What stands before the verb; the rows fill it. */
struct oci_globals {
	char *root, *log, *format, *manager, *rootless;
	bool debug, systemd;
};

extern const struct opt oci_options[];
/*
 * Obey them: the log's file and form, the driver of cgroups. It comes before
 * anything else that opens a descriptor, as the caller's may be told to stay.
 * `keep`: so many from 3 up are kept for the command, and must be there.
 */
int oci_begin(const struct oci_globals *g, const struct number *keep,
              struct err *e) MUST;

/* In the state directory of each container: ROOT/ID/state.json. */
struct oci_record {
	uint32_t version;
	char *id, *boot_id, *bundle, *rootfs, *created, *cgroup;
	struct systemd_unit scope; /* without a name: there is none */
	struct number pid, start_time; /* of the first process */
	struct pairs annotations;
};

/* One container, opened. Begins as OCI_NONE. */
struct oci {
	struct arena arena;
	int root, dir;    /* ROOT and ROOT/ID */
	char *id, *path;  /* ROOT/ID */
	bool locked;      /* by us */
	bool strict;      /* it must have a cgroup */
	struct oci_record record;
	struct spec spec; /* empty until it is needed */
};

#define OCI_NONE { .root = -1, .dir = -1 }

void auto_oci(struct oci *c);

enum oci_status {
	OCI_CREATING, OCI_CREATED, OCI_RUNNING, OCI_PAUSED, OCI_STOPPED,
};

/* Find a container. ENOENT: "container 'web': does not exist". */
int oci_open(struct oci *c, const struct oci_globals *g, const char *id,
             struct err *e) MUST;

/* As it is at this moment, and its name in the specification. */
enum oci_status oci_status(const struct oci *c);
const char *oci_status_name(enum oci_status s);

/* All ids, sorted, whose names match; NULL: all. errors: EINVAL, a pattern. */
int oci_list(const struct oci_globals *g, const char *pattern,
             struct arena *a, struct words *ids, struct err *e) MUST;

/* Do it to one, or to all whose ids match, until one fails. */
int oci_each(const struct oci_globals *g, const char *id, bool is_pattern,
             int (*act)(const char *id, struct err *e), struct err *e) MUST;

/* The state as `state` and `list` print it, and who owns it. */
void oci_state(struct oci *c, bool pretty, struct buf *out);
char *oci_owner(const struct oci *c, struct arena *a);

/* Obey the globals, open one container, and do that to it. */
int oci_do(const struct oci_globals *g, const char *id,
           int (*verb)(struct oci *c, struct err *e), struct err *e) MUST;

/*
 * The verbs. Those that run something return its exit status, or -1.
 *
 * errors   EEXIST  create, run: the id is taken
 *          EBUSY   delete: it has not stopped
 *          ESRCH   kill: "container not running"
 */
int oci_create(const struct oci_globals *g, const char *id,
               const struct oci_how *how, struct err *e) MUST;
int oci_start(struct oci *c, struct err *e) MUST;
int oci_pause(struct oci *c, struct err *e) MUST;
int oci_resume(struct oci *c, struct err *e) MUST;
int oci_run(const struct oci_globals *g, const char *id,
            const struct oci_how *how, struct err *e) MUST;
int oci_kill(struct oci *c, int signal, bool all, struct err *e) MUST;
/* force: also one that runs, and one that is not there is no error. */
int oci_delete(const struct oci_globals *g, const char *id, bool force,
               struct err *e) MUST;

/*
 * By criu, where it is installed.
 *
 * checkpoint  all of a container's processes to files; then it is deleted,
 *             if it is not to stay (leave_running, pre_dump)
 * restore     as run, but that its processes are made from files
 *
 * errors   ENOENT  there is no criu
 *          ECHILD  criu has failed; the text says why, and where its log is
 */
int oci_checkpoint(struct oci *c, struct oci_criu *how, struct err *e) MUST;
int oci_restore(const struct oci_globals *g, const char *id,
                const struct oci_how *how, struct oci_criu *criu,
                struct err *e) MUST;

/* Write a config.json to begin with, or another file; EEXIST. */
int oci_template(const char *bundle, const char *file, bool rootless,
                 struct err *e) MUST;
/* What is supported, as features.md has it. */
void oci_features(struct buf *out);
const char *oci_version(void); /* of the specification */

#endif
