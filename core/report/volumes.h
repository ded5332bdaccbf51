/* SPDX-License-Identifier: ISC */
/* Part of report.h: documents of `inspect`, and volumes as docker has them. */
#ifndef REPORT_VOLUMES_H
#define REPORT_VOLUMES_H

#include "base/err.h"
#include "base/mem.h"
#include "base/pattern.h"
#include "base/value.h"
#include "cli/cli.h"
#include "store/store.h"
#include "template/template.h"
#include "volume/volume.h"

#include <stdbool.h>

/*
 * Print what `inspect` prints: of each name a document, all of them as one list
 * of JSON, or each as a template says. Those that are there are printed, and
 * one that is not is an error.
 *
 * add   finds one, and passes its document to report_documents_add
 */
struct report_documents {
	struct arena arena;
	const struct template_tree *t;
	struct value *list;
	struct buf text;
};

typedef int report_document(struct report_documents *d, const char *name,
                            struct err *e);
int report_documents_add(struct report_documents *d, struct value *document,
                         struct err *e) MUST;
int report_documents(const struct applet *applet, const char *format,
                     char **names, report_document *add, struct err *e) MUST;

/*
 * Conditions of --filter: driver, name, label and, for prune, label!.
 * dangling is 1 for those that no container has, 0 for the others, -1: all.
 */
struct report_volumes {
	struct words drivers, labels, labels_not;
	struct pattern *names;
	size_t n_names;
	int dangling;
};

/* `keys` are those that are allowed, ended by NULL. errors: EINVAL */
int report_volumes_read(struct report_volumes *f, const struct words *texts,
                        const char *const *keys, struct arena *a,
                        struct err *e) MUST;

/* 1: all of them hold; 0. */
int report_volumes_match(const struct report_volumes *f,
                         const struct store *s, const struct volume *v,
                         struct err *e) MUST;

/* One row of `volume ls`: docker's *formatter.VolumeContext; and the document
 * of `volume inspect`. */
struct value *report_volume_row(const struct volume *v, struct arena *a);
struct value *report_volume(const struct volume *v, struct arena *a);
extern const char *const report_volume_headings[];

#endif
