/* SPDX-License-Identifier: ISC */
/* For the files of this room: reading, writing and copying records. */
#ifndef CONTAINER_RECORD_H
#define CONTAINER_RECORD_H

#include "container/container.h"

#define RECORD_VERSION 1

/*
 * Fill in c->record from the text of record.json.
 *
 * errors   EINVAL  it is damaged, somebody else's, or of a newer version
 */
int record_parse(struct container *c, const char *id, const char *text,
                 size_t n, struct err *e) MUST;
void record_print(const struct record *r, struct buf *out);

/* From c->dir; one that cannot be read becomes a dead container's. */
void record_load(struct container *c, const char *id);

/* Fill in the path of the container's directory. */
void record_place(struct container *c, const char *id);

/* As container_save, by who holds the lock and has loaded it since. */
int record_write(struct container *c, bool promised, struct err *e) MUST;

/* A deep copy into the arena of c. */
void record_copy(struct container *c, const struct record *from);

/* Where who waits for a container that is not kept finds its exit status. */
#define RECORD_STATUS "status"

/* The record as it is now, with the lock held. */
int record_lock(struct container *c, struct err *e) MUST;

/* Is this the process that started then? */
bool record_is_alive(const struct record *r, const struct number *pid,
                     const struct number *start);

/* Bring the record in line with what still runs. *gone: it was removed. */
int container_mend(struct container *c, bool *gone, struct err *e) MUST;

/* Open by the whole id, without mending. */
int container_open_id(struct container *c, const char *id,
                      struct err *e) MUST;

/* Wait for one of the record's processes, or for its first, `ms` at most, or
 * below 0 for ever; false: it is still there. */
bool record_wait(const struct record *r, const struct number *pid,
                 const struct number *start, int64_t ms);
bool record_wait_first(const struct container *c, int64_t ms);

/* All its processes; the record is not changed. */
int record_freeze(const struct container *c, bool frozen, struct err *e) MUST;

/* How long a killed process may take. */
#define KILL_MS 10000
/* Kill the first process, and all that share its cgroup; EBUSY: it stays. */
int container_kill_all(struct container *c, struct err *e) MUST;

extern const struct json_field asked_fields[];
void asked_copy(struct asked *to, const struct asked *from, struct arena *a);

/* Give what is written above the root of a container in the making a place. */
int container_place_layers(struct container *c, struct err *e) MUST;

/* Name the volumes of a container in the making, and tell its spec where they
 * are; remove those without a name of the user's. */
int container_place_volumes(struct container *c, struct err *e) MUST;
void container_drop_volumes(struct container *c);

/* Take away what the processes left; directory and name. */
int container_clean(struct container *c, struct err *e) MUST;
/* force: whatever it does; else EBUSY if somebody has begun to start it. */
int container_drop(struct container *c, bool force, struct err *e) MUST;

/*
 * The last word, with the lock held: nobody is at work on it. What a reboot
 * would take of one that is kept goes when that is on the disk.
 */
int record_end(struct container *c, struct err *e) MUST;

/* The record itself says that somebody is at work on the container. */
bool record_is_busy(const struct container *c);

/* A monitor that waits to start it again is to look at the record now. */
void record_wake_monitor(const struct container *c);

/* A name made up from an adjective and a surname. */
char *container_invent(struct arena *a);
int container_check_name(const char *name, struct err *e) MUST;

#endif
