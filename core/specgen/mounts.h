/* SPDX-License-Identifier: ISC */
/* Inside specgen: making mounts, and where none may be made. */
#ifndef SPECGEN_MOUNTS_H
#define SPECGEN_MOUNTS_H

#include "specgen/inside.h"

/* `options` are separated by commas. */
struct mount *mounts_add(struct build *b, const char *destination,
                        const char *type, const char *source,
                        const char *options);
void mounts_order(struct spec *s);

/*
 * A place in the container that the user may mount something at, cleaned.
 *
 * errors   EINVAL  relative, "..", "/", in /proc, or what isolation rests on
 */
int target_read(struct build *b, const char *option, const char *text,
                char **target, struct err *e) MUST;
/* Of the user's, that is: he may put something in the place of ours. */
bool target_is_taken(const struct build *b, const char *destination);

/* A mount of the user's, and how docker lists it, which NULL is not at all; no
 * two may have the same target. */
int target_add(struct build *b, const char *option, struct mount *m,
               struct mount_point *p, struct err *e) MUST;

/* --mount; --volume; --tmpfs, or a tmpfs of --mount, which is listed. */
int build_mount_rows(struct build *b, struct err *e) MUST;
int build_volume_rows(struct build *b, struct err *e) MUST;
int build_tmpfs(struct build *b, const char *target, const char *options,
                struct mount_point *p, struct err *e) MUST;

bool volumes_is_propagation(const char *word);

#endif
