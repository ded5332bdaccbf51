/* SPDX-License-Identifier: ISC */
/* Part of container.h: what a record holds. */
#ifndef CONTAINER_DATA_H
#define CONTAINER_DATA_H

#include "base/json.h"
#include "container/asked.h"
#include "spec/spec.h"

#include <stdbool.h>
#include <stdint.h>

enum container_state {
	CONTAINER_CREATED,
	CONTAINER_RUNNING,
	CONTAINER_PAUSED,
	CONTAINER_RESTARTING, /* ended; its monitor starts it again */
	CONTAINER_EXITED,
	CONTAINER_DEAD, /* its record cannot be read */
};

const char *container_state_name(enum container_state s); /* "running" */

/*
 * record.json: what one command tells the next. A process is never trusted by
 * its pid alone: start time and boot id must match.
 *
 * restart      policy: "on-failure", "always", "unless-stopped"; NULL: no
 * restart_most how often on-failure does it, 0: for ever
 * restarts     how often it was done since somebody started it
 * stopped      somebody asked it to end, and no policy starts it again
 * again        `restart` is about to start it: not to be removed meanwhile
 * direct       its output went to its caller and nowhere else
 * stdin_once   its input ends with the first who gave it any
 */
struct record {
	uint32_t version;
	struct number revision; /* the newer of two copies has the higher one */
	char *id, *name, *image; /* image: what was named, a path for now */
	char *created, *started, *finished; /* RFC 3339 */
	char *state;
	struct number pid, start_time;          /* first process */
	struct number monitor, monitor_start;   /* monitor; before, the maker */
	char *boot_id;
	struct number exit_status;
	bool oom_killed, remove, reaper, tty, interactive;
	char *cgroup, *stop_signal, *error;
	struct number stop_timeout;
	struct words command;
	struct pairs labels;
	struct mount_point *mounts; /* the user's */
	size_t n_mounts;
	struct asked asked;
	char *restart;
	struct number restart_most, restarts;
	bool stopped, again, direct, stdin_once;
	char *log_driver; /* NULL: json-file */
	struct pairs log_options;
	struct health_plan health;
};

#endif
