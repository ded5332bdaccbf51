/* SPDX-License-Identifier: ISC */
/* The door of `spec`: an OCI runtime spec as structs; read, write, check. */
#ifndef SPEC_SPEC_H
#define SPEC_SPEC_H

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "spec/filter.h"
#include "spec/health.h"
#include "spec/host.h"
#include "spec/linux.h"
#include "spec/names.h"
#include "spec/process.h"
#include "spec/resources.h"

struct id_map {
	uint32_t inside, outside, count; /* containerID, hostID, size */
};

struct mount {
	char *destination, *source, *type;
	struct words options;
	struct id_map *uid_maps, *gid_maps;
	size_t n_uid_maps, n_gid_maps;
};

struct hook {
	char *path;
	struct words args, env;
	struct number timeout; /* seconds */
};

struct hooks {
	struct hook *prestart, *create_runtime, *create_container,
	        *start_container, *poststart, *poststop;
	size_t n_prestart, n_create_runtime, n_create_container,
	        n_start_container, n_poststart, n_poststop;
};

struct root {
	char *path;
	bool readonly;
};

/* What is for other platforms is not read, only seen. */
struct elsewhere {
	char unread;
};

/* All that it points to lies in its own arena. */
struct spec {
	struct arena arena;
	char *oci_version, *hostname, *domainname;
	struct process *process;
	struct root *root;
	struct mount *mounts;
	size_t n_mounts;
	struct hooks *hooks;
	struct pairs annotations;
	struct linux_part *linux_part; /* "linux"; the name is a gcc macro */
	struct elsewhere *freebsd, *solaris, *vm, *windows, *zos;
};

void auto_spec(struct spec *s); /* AUTO(spec) struct spec s = { 0 }; */

/*
 * Read a config.json. Only the form is checked here, see spec_check. Names of
 * capabilities that nobody knows are dropped with a warning, as config.md asks.
 *
 * errors   EINVAL, as json_read
 */
int spec_read(struct spec *s, const char *text, size_t n, struct err *e) MUST;

/* Read a bare `process` object, as `exec --process` takes. */
int spec_read_process(struct process *p, const char *text, size_t n,
                      struct arena *a, struct err *e) MUST;

/* Read a bare `linux.resources` object, as `update --resources` takes. */
int spec_read_resources(struct resources *r, const char *text, size_t n,
                        struct arena *a, struct err *e) MUST;

/* Read a bare list as that of `mounts`, which takes the place of the spec's,
 * and check it as spec_check does. */
int spec_read_mounts(struct spec *s, const char *text, size_t n,
                     struct err *e) MUST;

/* Read a bare `linux.seccomp` object. */
int spec_read_seccomp(struct seccomp *s, const char *text, size_t n,
                      struct arena *a, struct err *e) MUST;
void spec_write(const struct spec *s, bool pretty, struct buf *out);

/* A hash of all that a profile says: filters are kept under it. */
uint64_t spec_seccomp_key(const struct seccomp *s);

/*
 * Refuse what the specification requires a runtime to refuse.
 *
 * errors   EINVAL  the text names the property, as "process.cwd: …"
 * source   runtime-spec, config.md and config-linux.md
 */
int spec_check(const struct spec *s, struct err *e) MUST;
int spec_check_process(const struct process *p, struct err *e) MUST;
int spec_check_intel_rdt(const struct intel_rdt *r, struct err *e) MUST;

/* The row of the namespace, or NULL when the container has none of its own. */
struct namespace_row *spec_namespace(const struct spec *s,
                                     enum namespace_kind kind);

#endif
