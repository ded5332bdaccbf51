/* SPDX-License-Identifier: ISC */
/* Profiles from a file: docker's form, of which OCI's is a part. */
#include "specgen/inside.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Where a rule applies: any of these machines, all of these capabilities. */
struct filter {
	struct words arches, caps;
	char *min_kernel;
};

struct docker_rule {
	char *name; /* of old profiles, instead of names */
	struct words names;
	char *action;
	struct number errno_ret;
	struct seccomp_arg *args;
	size_t n_args;
	struct filter includes, excludes;
};

struct arch_map {
	char *architecture;
	struct words others;
};

struct docker_profile {
	struct seccomp seccomp; /* but for its rules */
	struct arch_map *maps;
	size_t n_maps;
	struct docker_rule *rules;
	size_t n_rules;
};

static const struct json_field filter[] = {
	JSON(struct filter, JSON_WORDS, "arches", arches),
	JSON(struct filter, JSON_WORDS, "caps", caps),
	JSON(struct filter, JSON_TEXT, "minKernel", min_kernel),
	JSON_FIELD_END
};

static const struct json_field arg[] = {
	JSON_NEED(struct seccomp_arg, JSON_U32, "index", index),
	JSON_NEED(struct seccomp_arg, JSON_U64, "value", value),
	JSON(struct seccomp_arg, JSON_U64, "valueTwo", value_two),
	JSON_NEED(struct seccomp_arg, JSON_TEXT, "op", op),
	JSON_FIELD_END
};

static const struct json_field rule[] = {
	JSON(struct docker_rule, JSON_TEXT, "name", name),
	JSON(struct docker_rule, JSON_WORDS, "names", names),
	JSON_NEED(struct docker_rule, JSON_TEXT, "action", action),
	JSON(struct docker_rule, JSON_NUMBER, "errnoRet", errno_ret),
	JSON_LIST(struct docker_rule, JSON_MANY, "args", args, n_args, arg),
	JSON_INSIDE(struct docker_rule, "includes", includes, filter),
	JSON_INSIDE(struct docker_rule, "excludes", excludes, filter),
	JSON_FIELD_END
};

static const struct json_field arch_map[] = {
	JSON_NEED(struct arch_map, JSON_TEXT, "architecture", architecture),
	JSON(struct arch_map, JSON_WORDS, "subArchitectures", others),
	JSON_FIELD_END
};

static const struct json_field profile[] = {
	JSON_NEED(struct docker_profile, JSON_TEXT, "defaultAction", seccomp.default_action),
	JSON(struct docker_profile, JSON_NUMBER, "defaultErrnoRet", seccomp.default_errno_ret),
	JSON(struct docker_profile, JSON_WORDS, "architectures", seccomp.architectures),
	JSON(struct docker_profile, JSON_WORDS, "flags", seccomp.flags),
	JSON(struct docker_profile, JSON_TEXT, "listenerPath", seccomp.listener_path),
	JSON(struct docker_profile, JSON_TEXT, "listenerMetadata", seccomp.listener_metadata),
	JSON_LIST(struct docker_profile, JSON_MANY, "archMap", maps, n_maps, arch_map),
	JSON_LIST(struct docker_profile, JSON_MANY, "syscalls", rules, n_rules, rule),
	JSON_FIELD_END
};

/* "4.8" or "6.1.0-9-amd64" as one number of the first two parts. */
static long
kernel_number(const char *text)
{
	char *rest;
	long major = strtol(text, &rest, 10);
	long minor = *rest == '.' ? strtol(rest + 1, NULL, 10) : 0;

	return major * 1000 + (minor < 1000 ? minor : 999);
}

static bool
has_any_arch(const struct build *b, const struct words *arches)
{
	return words_has(arches, profile_docker_machine(b->host->machine));
}

/* An unknown capability is one that the container does not have. */
static bool
has_cap(const struct build *b, const char *name)
{
	int number = spec_cap_number(name);

	return number >= 0 && (b->caps & UINT64_C(1) << number);
}

static bool
is_new_enough(const struct build *b, const char *kernel)
{
	return kernel_number(b->host->kernel) >= kernel_number(kernel);
}

static bool
applies(const struct build *b, const struct docker_rule *r)
{
	const struct filter *in = &r->includes, *out = &r->excludes;

	if (in->arches.n && !has_any_arch(b, &in->arches))
		return false;
	for (size_t i = 0; i < in->caps.n; i++)
		if (!has_cap(b, in->caps.v[i]))
			return false;
	if (in->min_kernel && !is_new_enough(b, in->min_kernel))
		return false;
	if (out->arches.n && has_any_arch(b, &out->arches))
		return false;
	for (size_t i = 0; i < out->caps.n; i++)
		if (has_cap(b, out->caps.v[i]))
			return false;
	return !out->min_kernel || !is_new_enough(b, out->min_kernel);
}

static int
add_rule(struct build *b, struct docker_rule *from, struct seccomp *s,
         struct err *e)
{
	struct seccomp_rule *r;

	if (from->name && from->names.n)
		return fail(e, EINVAL, "syscalls: name and names in one rule");
	if (from->name)
		words_add(b->a, &from->names, from->name);
	r = LIST_ADD(b->a, s->rules, s->n_rules);
	*r = (struct seccomp_rule){
		.names = from->names, .action = from->action,
		.errno_ret = from->errno_ret, .args = from->args,
		.n_args = from->n_args,
	};
	return 0;
}

/* Our own architecture stands first, and always in the list. */
static int
set_architectures(struct build *b, const struct docker_profile *p,
                  struct seccomp *s, struct err *e)
{
	const char *own = profile_machine(b->host->machine, b->a);
	const struct words *listed = &p->seccomp.architectures;

	if (!own)
		return fail(e, ENOTSUP, "no seccomp for the machine '%s'",
		            b->host->machine);
	if (p->n_maps && listed->n)
		return fail(e, EINVAL, "architectures and archMap exclude "
		            "each other");
	s->architectures = (struct words){ 0 };
	words_add(b->a, &s->architectures, own);
	for (size_t i = 0; i < p->n_maps; i++)
		if (strcmp(p->maps[i].architecture, own) == 0)
			listed = &p->maps[i].others;
	for (size_t i = 0; i < listed->n; i++)
		if (!words_has(&s->architectures, listed->v[i]))
			words_add(b->a, &s->architectures, listed->v[i]);
	return 0;
}

int
seccomp_read(struct build *b, const char *path, struct seccomp *s,
             struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	struct docker_profile p = { 0 };

	if (!b->host->machine || !b->host->kernel)
		return fail(e, ENOTSUP, "the machine is not known");
	if (b->host->read_file(path, &text, e) < 0 ||
	    json_read(&text, profile, &p, b->a, e) < 0)
		return -1;
	*s = p.seccomp;
	if (set_architectures(b, &p, s, e) < 0)
		return -1;
	for (size_t i = 0; i < p.n_rules; i++)
		if (applies(b, &p.rules[i]) &&
		    add_rule(b, &p.rules[i], s, e) < 0)
			return -1;
	return 0;
}
