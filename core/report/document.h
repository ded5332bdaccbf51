/* SPDX-License-Identifier: ISC */
/* Inside `report`: the document of `inspect`, while it is written. */
#ifndef REPORT_DOCUMENT_H
#define REPORT_DOCUMENT_H

#include "report/report.h"

/* Whose document it is, and the object that is filled in now. */
struct document {
	struct arena *arena;
	struct value *into;
	const struct container *container;
};

void document_text(struct document *d, const char *key, const char *text);
void document_int(struct document *d, const char *key, int64_t n);
void document_flag(struct document *d, const char *key, bool flag);
void document_null(struct document *d, const char *key);
/* Go's nil, of lists, or of maps. */
void document_nil(struct document *d, const char *key, enum value_kind kind);
/* Lists that are empty are null, as Go writes them. */
void document_words(struct document *d, const char *key,
                    const struct words *w);
void document_pairs(struct document *d, const char *key,
                    const struct pairs *p);

/* What JSON has not, as it is empty: nothing, or an empty value of that kind;
 * and the name of the field in Go, where JSON has another one. */
void document_hide(struct document *d, const char *key, enum value_kind kind);
void document_alias(struct document *d, const char *key, const char *json);

/* An object of that key, to be filled in. */
struct document document_inside(struct document *d, const char *key,
                                const char *type);

/* HostConfig, and of that the limits; NULL: there are none. */
void document_host(struct document *d);
void document_limits(struct document *d, const struct resources *r);

/* Parts of State and of Config. */
void document_health(struct document *state);
void document_check(struct document *config, const struct health_plan *p);

/* What the user asked for, in HostConfig; and the volumes in Config. */
void document_asked(struct document *d);
void document_volumes(struct document *d);

#endif
