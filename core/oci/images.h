/* SPDX-License-Identifier: ISC */
/* For checkpoint.c and restore.c: what both say to criu. */
#ifndef OCI_IMAGES_H
#define OCI_IMAGES_H

#include "criu/criu.h"
#include "oci/box.h"

/* As with runc, for what it has restored and for what we have. */
#define IMAGES_STDIO "descriptors.json"
#define IMAGES_ROOT "criu-root"

/*
 * One call of criu, being made.
 *
 * images, work  directories; work is images where none was named
 * work_path     for messages; ends with the log's name
 * log           its name
 */
struct images {
	struct oci *c;
	const struct oci_criu *how;
	struct criu criu;
	struct criu_options options;
	int images, work;
	const char *log;
	char *log_path;
};

#define IMAGES_NONE { .criu = CRIU_NONE, .images = -1, .work = -1 }

void auto_images(struct images *m);

/* Check what can be without a container, and make paths absolute. */
int images_check(struct oci_criu *how, struct arena *a, struct err *e) MUST;

/*
 * Open the directories, and say what is said in both cases.
 *
 * log   "dump.log"
 * make  the directory of the images may be missing
 */
int images_begin(struct images *m, const char *log, bool make,
                 struct err *e) MUST;

/* Put criu's own reason, and where there is more, into *e. */
void images_explain(const struct images *m, struct err *e);

bool images_is_bind(const struct mount *m);
/* Devices that are mounts: in a user namespace they are. */
void images_devices(struct images *m);
/* Where a mount of the spec really is below its root. */
const char *images_place(const struct images *m, int root, const char *path);
/* The namespace has a path, and criu is to leave it alone: how both name it;
 * NULL: it is not so. */
const char *images_foreign(const struct namespace_row *row);
/* Mounts of v1 hierarchies that are not the container's own file systems. */
void images_cgroups(struct images *m, bool restore);

#endif
