/* SPDX-License-Identifier: ISC */
/* The state of a container on disk: ROOT/ID. */
#include "oci/box.h"
#include "resctrl/resctrl.h"
#include "store/store.h"
#include "sys/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD_VERSION 1
#define USUAL_ROOT "/run/mydocker/oci"

static const struct json_field record_fields[] = {
	JSON_NEED(struct oci_record, JSON_U32, "version", version),
	JSON_NEED(struct oci_record, JSON_TEXT, "id", id),
	JSON(struct oci_record, JSON_NUMBER, "pid", pid),
	JSON(struct oci_record, JSON_NUMBER, "startTime", start_time),
	JSON(struct oci_record, JSON_TEXT, "bootId", boot_id),
	JSON(struct oci_record, JSON_TEXT, "bundle", bundle),
	JSON(struct oci_record, JSON_TEXT, "rootfs", rootfs),
	JSON(struct oci_record, JSON_TEXT, "created", created),
	JSON(struct oci_record, JSON_TEXT, "cgroup", cgroup),
	JSON(struct oci_record, JSON_TEXT, "slice", scope.slice),
	JSON(struct oci_record, JSON_TEXT, "scope", scope.name),
	JSON(struct oci_record, JSON_U32, "scopeUser", scope.user),
	JSON(struct oci_record, JSON_PAIRS, "annotations", annotations),
	JSON_FIELD_END
};

void
auto_oci(struct oci *c)
{
	if (c->dir >= 0)
		close(c->dir);
	if (c->root >= 0)
		close(c->root);
	auto_spec(&c->spec);
	auto_arena(&c->arena);
	*c = (struct oci)OCI_NONE;
}

/* As runc's: letters, digits, and "_+-."; no more than a file's name. */
int
box_check_id(const char *id, struct err *e)
{
	static const char allowed[] =
	        "0123456789_+-."
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

	if (!*id || id[strspn(id, allowed)] || strlen(id) > NAME_MAX ||
	    strcmp(id, ".") == 0 || strcmp(id, "..") == 0)
		return fail(e, EINVAL, "'%.64s' is not an id of a container: "
		            "letters, digits, '_', '+', '-' and '.'", id);
	return 0;
}

/* Every directory on the way, as the umask has it; ROOT itself is ours. */
static int
make_path(const char *path)
{
	AUTO(free) char *part = mem_text(path);

	for (char *at = part + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(part, 0755) < 0 && errno != EEXIST &&
		    errno != EROFS)
			return -1;
		*at = '/';
	}
	return mkdir(part, 0700) < 0 && errno != EEXIST ? -1 : 0;
}

int
box_root(const struct oci_globals *g, struct arena *a, char **path, int *root,
         struct err *e)
{
	const char *store = getenv("MYDOCKER_ROOT"), *user = box_user_dir();

	*path = g->root && *g->root ? arena_text(a, g->root)
	        : store && *store ? arena_format(a, "%s/run/oci", store)
	        : user ? arena_format(a, "%s/mydocker/oci", user)
	               : arena_text(a, USUAL_ROOT);
	if (box_absolute(path, a, e) < 0)
		return -1;
	*root = open(*path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return *root < 0 && errno != ENOENT
	       ? fail_sys(e, "--root: '%s'", *path) : 0;
}

static int
place(struct oci *c, const struct oci_globals *g, const char *id,
      struct err *e)
{
	char *root;

	if (box_check_id(id, e) < 0 ||
	    box_root(g, &c->arena, &root, &c->root, e) < 0)
		return -1;
	c->id = arena_text(&c->arena, id);
	c->path = arena_format(&c->arena, "%s/%s", root, id);
	return 0;
}

/* Made with the first container. */
static int
make_root(struct oci *c, struct err *e)
{
	AUTO(free) char *path = mem_text(c->path);

	if (c->root >= 0)
		return 0;
	*strrchr(path, '/') = '\0';
	if (make_path(path) == 0)
		c->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return c->root < 0 ? fail_sys(e, "--root: '%s'", path) : 0;
}

static int
does_not_exist(const struct oci *c, struct err *e)
{
	return fail(e, ENOENT, "container '%s': does not exist", c->id);
}

static int
open_dir(struct oci *c, struct err *e)
{
	if (c->root < 0)
		return does_not_exist(c, e);
	c->dir = openat(c->root, c->id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	                O_CLOEXEC);
	if (c->dir < 0 && errno == ENOENT)
		return does_not_exist(c, e);
	return c->dir < 0 ? fail_sys(e, "'%s'", c->path) : 0;
}

int
box_lock(struct oci *c, struct err *e)
{
	if (store_lock(c->dir, "the container", e) < 0)
		return -1;
	c->locked = true;
	return 0;
}

void
box_unlock(struct oci *c)
{
	store_unlock(c->dir);
	c->locked = false;
}

int
box_make(struct oci *c, const struct oci_globals *g, const char *id,
         struct err *e)
{
	if (place(c, g, id, e) < 0 || make_root(c, e) < 0)
		return -1;
	if (mkdirat(c->root, c->id, 0700) < 0)
		return errno == EEXIST
		       ? fail(e, EEXIST, "container '%s': already exists", id)
		       : fail_sys(e, "'%s'", c->path);
	return open_dir(c, e) < 0 ? -1 : box_lock(c, e);
}

int
box_find(struct oci *c, const struct oci_globals *g, const char *id,
         struct err *e)
{
	return place(c, g, id, e) < 0 ? -1 : open_dir(c, e);
}

static int
check_record(const struct oci *c, struct err *e)
{
	const struct oci_record *r = &c->record;

	if (r->version > RECORD_VERSION)
		return fail(e, EINVAL, "its state is of version %u, which a "
		            "newer mydocker has written", r->version);
	if (strcmp(r->id, c->id) != 0)
		return fail(e, EINVAL, "its state is that of '%.64s'", r->id);
	if (r->pid.set && (r->pid.value < 2 || r->pid.value > INT_MAX))
		return fail(e, EINVAL, "its state names no process");
	return 0;
}

int
box_read(struct oci *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	c->record = (struct oci_record){ 0 };
	if (store_read(c->dir, "state.json", BOX_MOST, &text, e) < 0 ||
	    json_read(&text, record_fields, &c->record, &c->arena, e) < 0 ||
	    check_record(c, e) < 0) {
		c->record = (struct oci_record){ .id = c->id };
		return fail_in(e, "container '%s'", c->id);
	}
	return 0;
}

int
box_write(struct oci *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	c->record.version = RECORD_VERSION;
	json_write(&text, record_fields, &c->record, true);
	return store_write(c->dir, "state.json", &text, false, e);
}

int
box_drop(struct oci *c, struct err *e)
{
	return store_remove(c->root, c->id, e);
}

/* One whose state was never written is there all the same: its maker is at
 * work, or has been killed. */
int
oci_open(struct oci *c, const struct oci_globals *g, const char *id,
         struct err *e)
{
	if (box_find(c, g, id, e) < 0)
		return -1;
	return box_read(c, e) < 0 && e->code != ENOENT ? -1 : 0;
}

int
box_spec(struct oci *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	if (c->spec.oci_version)
		return 0;
	if (store_read(c->dir, "config.json", BOX_MOST, &text, e) < 0 ||
	    spec_read(&c->spec, text.data ? text.data : "", text.n, e) < 0)
		return fail_in(e, "container '%s'", c->id);
	return 0;
}

int
box_write_spec(struct oci *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	spec_write(&c->spec, false, &text);
	return store_write(c->dir, "config.json", &text, false, e);
}

int
box_read_file(const char *path, struct buf *text, struct err *e)
{
	AUTO(close) int fd = strcmp(path, "-") == 0
	        ? dup(STDIN_FILENO)
	        : open(path, O_RDONLY | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fd_read(fd, BOX_MOST, text) < 0)
		return fail_sys(e, "'%s'", path);
	return 0;
}

static const struct runtime_resctrl resctrl = {
	resctrl_root, resctrl_make, resctrl_enter, resctrl_remove
};

void
box_plan(const struct oci *c, struct runtime_plan *plan)
{
	*plan = (struct runtime_plan)RUNTIME_PLAN_NONE;
	plan->id = c->id;
	plan->cgroup = c->record.cgroup;
	if (c->record.scope.name)
		plan->scope = (struct runtime_scope){ &c->record.scope,
			                              systemd_start,
			                              systemd_stop };
	plan->resctrl = &resctrl;
	plan->bundle = c->record.bundle;
}
