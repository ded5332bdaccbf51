/* SPDX-License-Identifier: ISC */
/* Inside `volume`: what its files share. */
#ifndef VOLUME_INSIDE_H
#define VOLUME_INSIDE_H

#include "volume/volume.h"

#define VOLUME_VERSION 1

extern const struct json_field volume_fields[];

/* The directory of all of them; -1 with errno. */
int volume_all(const struct store *s) MUST;

/* That of one in it; -1 with errno. */
int volume_dir(int all, const char *name) MUST;

/* Fill in the rest of one whose directory is open. */
int volume_read(struct volume *v, const struct store *s, const char *name,
                struct err *e) MUST;

#endif
