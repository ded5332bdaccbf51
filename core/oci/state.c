/* SPDX-License-Identifier: ISC */
/* What `state` and `list` say. */
#include "oci/box.h"

#include <pwd.h>
#include <sys/stat.h>

struct shown {
	char *version, *id, *status, *bundle, *rootfs, *created, *owner;
	struct number pid;
	struct pairs annotations;
};

/* In runc's order, and with all of its keys. */
static const struct json_field fields[] = {
	JSON(struct shown, JSON_TEXT, "ociVersion", version),
	JSON(struct shown, JSON_TEXT, "id", id),
	JSON(struct shown, JSON_NUMBER, "pid", pid),
	JSON(struct shown, JSON_TEXT, "status", status),
	JSON(struct shown, JSON_TEXT, "bundle", bundle),
	JSON(struct shown, JSON_TEXT, "rootfs", rootfs),
	JSON(struct shown, JSON_TEXT, "created", created),
	JSON(struct shown, JSON_PAIRS, "annotations", annotations),
	JSON(struct shown, JSON_TEXT, "owner", owner),
	JSON_FIELD_END
};

char *
oci_owner(const struct oci *c, struct arena *a)
{
	struct passwd *user;
	struct stat st;

	if (fstat(c->dir, &st) < 0)
		return arena_text(a, "");
	user = getpwuid(st.st_uid);
	return user ? arena_text(a, user->pw_name)
	            : arena_format(a, "#%u", st.st_uid);
}

void
oci_state(struct oci *c, bool pretty, struct buf *out)
{
	const struct oci_record *r = &c->record;
	enum oci_status s = oci_status(c);
	struct arena *a = &c->arena;
	bool lives = s != OCI_STOPPED && r->pid.set;
	struct shown shown = {
		.version = arena_text(a, oci_version()),
		.id = c->id,
		.pid = { true, lives ? r->pid.value : 0 },
		.status = arena_text(a, oci_status_name(s)),
		.bundle = r->bundle ? r->bundle : arena_text(a, ""),
		.rootfs = r->rootfs,
		.created = r->created,
		.annotations = r->annotations,
		.owner = oci_owner(c, a),
	};

	json_write(out, fields, &shown, pretty);
}
