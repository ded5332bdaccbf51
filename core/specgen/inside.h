/* SPDX-License-Identifier: ISC */
/* Inside specgen: the parts of specgen_build, and what they share. */
#ifndef SPECGEN_INSIDE_H
#define SPECGEN_INSIDE_H

#include "specgen/specgen.h"

/* What is being built; `a` is the spec's arena, and `spec` NULL for limits. */
struct build {
	const struct specgen_flags *flags;
	const struct host *host;
	struct spec *spec;
	struct linux_part *linux_part;
	struct arena *a;
	struct err *e; /* the one that every part is given, too */
	uint64_t caps;  /* the bounding set */
	uint64_t added; /* of these, what --cap-add named */
	size_t n_own_mounts; /* so many are not the user's */
	struct words env, sources, binds; /* specgen_result's, as are these */
	struct mount_point *points;
	size_t n_points;
};

/* Rows of options that are refused as not supported yet. */
extern const struct opt specgen_later_options[];

/* The parts; each reads flags of its own. In this order, for a later one looks
 * at what an earlier one decided. */
int build_namespaces(struct build *b, struct err *e) MUST;
int build_capabilities(struct build *b, struct err *e) MUST;
int build_process(struct build *b, char **command, struct err *e) MUST;
int build_env(struct build *b, const char *home, struct err *e) MUST;
int build_limits(struct build *b, struct err *e) MUST;
int build_mounts(struct build *b, struct err *e) MUST;
int build_volumes(struct build *b, struct err *e) MUST;
int build_devices(struct build *b, struct err *e) MUST;
int build_memory(struct build *b, struct err *e) MUST;
int build_cpu(struct build *b, struct err *e) MUST;
int build_block_io(struct build *b, struct err *e) MUST;
int build_security(struct build *b, struct err *e) MUST;
int build_sysctls(struct build *b, struct err *e) MUST;
/* What is no part of the spec: restart policy, health check, streams. */
int build_life(struct build *b, struct specgen_result *out,
               struct err *e) MUST;

/* A profile in docker's form or OCI's, from a file. */
int seccomp_read(struct build *b, const char *path, struct seccomp *s,
                 struct err *e) MUST;

/* The default set, CAP_CHOWN and so on, as a mask; the names of a mask. */
uint64_t capabilities_default(void);
void capabilities_names(struct words *names, uint64_t caps, struct arena *a);
/* The five sets for a user; `added` is all that one who is not root gets. */
void capabilities_of_user(struct capabilities *c, uint32_t uid, uint64_t caps,
               uint64_t added, struct arena *a);

/* Who is asked for the environment's parts; `option` is for messages. */
struct env_reader {
	const struct host *host;
	struct arena *arena;
	const char *option;
};

/*
 * Merge first the lines of files, then words, of the form NAME=VALUE or NAME;
 * NAME alone takes the caller's value and, where that has none, removes the
 * variable.
 */
int env_merge(struct words *env, const struct words *files,
              const struct words *words, struct env_reader *r,
              struct err *e) MUST;
const char *env_get(const struct words *env, const char *name);
void env_set(struct words *env, const char *name, const char *value,
             struct arena *a);
/* The words that a file of such lines has. */
int env_lines(struct words *into, const char *file,
              const struct env_reader *r, struct err *e) MUST;

/*
 * An absolute path without "//", "/./" and a slash at the end; NULL if it is
 * relative, has "..", control characters or more bytes than the kernel takes.
 */
char *parse_path(struct arena *a, const char *path);
/* A path of the host that the user gave, made absolute. */
char *parse_host_path(const struct build *b, const char *path);

/* All of the text as a number between two, inclusive. */
int parse_number(const char *text, int64_t least, int64_t most, int64_t *n);
/* A piece of the text, up to one of `stops`; *text moves behind it. NULL at
 * the end. */
char *parse_piece(struct arena *a, const char **text, const char *stops);

/* docker's name of a machine, "amd64"; libseccomp's, "SCMP_ARCH_X86_64",
 * or NULL if we know neither. */
const char *profile_docker_machine(const char *machine);
const char *profile_machine(const char *machine, struct arena *a);

#endif
