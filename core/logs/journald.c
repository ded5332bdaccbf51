/* SPDX-License-Identifier: ISC */
/* journald: each line is a packet of fields, in the journal's own protocol. */
#include "logs/parts.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define SOCKET "/run/systemd/journal/socket"

/*
 * A field: NAME=value, or where the value has lines of its own, its length.
 * source: systemd.io/JOURNAL_NATIVE_PROTOCOL
 */
static void
add_field(struct buf *out, const char *name, const char *value)
{
	uint64_t n = strlen(value);

	buf_text(out, name);
	if (!strchr(value, '\n')) {
		buf_format(out, "=%s\n", value);
		return;
	}
	buf_text(out, "\n");
	for (int i = 0; i < 8; i++)
		buf_add(out, &(char){ (char)(n >> 8 * i) }, 1);
	buf_format(out, "%s\n", value);
}

/* Labels as field names: capitals, digits and underscores, as docker does. */
static void
add_attributes(struct buf *out, struct logs *l, const struct logs_how *how)
{
	struct pairs all = { 0 };

	tag_attributes(&l->arena, how, &all);
	for (size_t i = 0; i < all.n; i++) {
		char *name = all.v[i].key;

		for (char *c = name; *c; c++)
			*c = isalnum((unsigned char)*c)
			             ? (char)toupper((unsigned char)*c) : '_';
		while (*name == '_')
			name++;
		if (*name && strlen(name) <= 64 &&
		    !isdigit((unsigned char)*name))
			add_field(out, name, all.v[i].value);
	}
}

static void
set_fields(struct logs *l, const struct logs_how *how)
{
	AUTO(buf) struct buf out = { 0 };
	const char *tag = options_get(how, "tag");
	char *text = tag_make(&l->arena, tag && *tag ? tag : "{{.ID}}", how);
	char *id = arena_bytes(&l->arena, how->id, strnlen(how->id, 12));

	add_field(&out, "CONTAINER_ID", id);
	add_field(&out, "CONTAINER_ID_FULL", how->id);
	add_field(&out, "CONTAINER_NAME", how->name ? how->name : "");
	add_field(&out, "CONTAINER_TAG", text);
	add_field(&out, "SYSLOG_IDENTIFIER", text);
	add_field(&out, "IMAGE_NAME", how->image ? how->image : "");
	add_attributes(&out, l, how);
	l->fixed = arena_bytes(&l->arena, out.data, out.n);
	l->n_fixed = out.n;
}

static int
open_journal(struct logs *l, const struct logs_how *how, struct err *e)
{
	set_fields(l, how);
	if (l->n_fixed > LOGS_FULL)
		return fail(e, E2BIG, "more than 32 KB of labels and variables"
		            " would go along with each line");
	if (socket_unix(&l->socket, SOCKET, SOCK_DGRAM, e) < 0 ||
	    socket_open(&l->socket, how, e) < 0)
		return fail_in(e, "journald is not running here (" SOCKET ")");
	return 0;
}

static int
send_line(struct logs *l, const struct logs_line *line)
{
	char *to = l->room;

	/* syslog's numbers for "err" and "info" */
	to += sprintf(to, "PRIORITY=%d\nSYSLOG_TIMESTAMP=%s\n%sMESSAGE=",
	              line->stream == LOGS_ERR ? 3 : 6, l->stamp,
	              line->ends ? "" : "CONTAINER_PARTIAL_MESSAGE=true\n");
	memcpy(to, line->text, line->n);
	to += line->n;
	*to++ = '\n';
	memcpy(to, l->fixed, l->n_fixed);
	to += l->n_fixed;
	return socket_send(&l->socket, l->room, (size_t)(to - l->room));
}

static const struct logs_option options[] = {
	OPTIONS_OF_ALL, { NULL, NULL }
};

const struct logs_driver journald_driver = {
	.name    = "journald",
	.options = options,
	.open    = open_journal,
	.send    = send_line,
};
