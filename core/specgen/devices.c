/* SPDX-License-Identifier: ISC */
/* Devices: which nodes there are, and which numbers the cgroup lets through. */
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

#define ALL (-1)

static struct device_rule *
allow(struct build *b, const char *type, int64_t major, int64_t minor,
      const char *access)
{
	struct resources *r = b->linux_part->resources;
	struct device_rule *rule = LIST_ADD(b->a, r->devices, r->n_devices);

	rule->allow = true;
	rule->type = arena_text(b->a, type);
	if (major != ALL)
		rule->major = (struct number){ true, major };
	if (minor != ALL)
		rule->minor = (struct number){ true, minor };
	rule->access = arena_text(b->a, access);
	return rule;
}

/* null, zero, full, random, urandom, tty, console, ptmx and all of devpts. */
static const int default_devices[][2] = {
	{ 1, 3 }, { 1, 5 }, { 1, 7 }, { 1, 8 }, { 1, 9 },
	{ 5, 0 }, { 5, 1 }, { 5, 2 }, { 136, ALL },
};

static void
default_rules(struct build *b)
{
	const uint64_t mknod = UINT64_C(1) << spec_cap_number("MKNOD");

	allow(b, "a", ALL, ALL, "rwm")->allow = false;
	/* Nodes of all kinds may be made; to open them is another thing. */
	if (b->caps & mknod) {
		allow(b, "c", ALL, ALL, "m");
		allow(b, "b", ALL, ALL, "m");
	}
	for (size_t i = 0;
	     i < sizeof(default_devices) / sizeof(default_devices[0]); i++)
		allow(b, "c", default_devices[i][0], default_devices[i][1],
		      "rwm");
}

static bool
is_access(const char *text)
{
	size_t n = strlen(text);

	return n > 0 && n <= 3 && strspn(text, "rwm") == n;
}

/* PATH[:PATH][:rwm] */
static int
add_device(struct build *b, const char *text, struct err *e)
{
	const char *rest = text;
	char *outside = parse_piece(b->a, &rest, ":");
	char *inside = parse_piece(b->a, &rest, ":");
	char *access = rest ? parse_piece(b->a, &rest, ":") : NULL;
	struct device d = { 0 };

	if (inside && !access && is_access(inside)) {
		access = inside;
		inside = NULL;
	}
	d.path = parse_path(b->a, inside ? inside : outside);
	if (rest || outside[0] != '/' || !d.path ||
	    (access && !is_access(access)))
		return fail(e, EINVAL, "--device: '%s' is not "
		            "PATH[:PATH[:rwm]] with absolute paths", text);
	if (b->host->device(outside, &d, e) < 0)
		return fail_in(e, "--device");
	*(struct device *)LIST_ADD(b->a, b->linux_part->devices,
	                           b->linux_part->n_devices) = d;
	/* With m whatever was asked for: it is under this rule, too, that the
	 * node itself is made. */
	if (!b->flags->privileged)
		allow(b, d.type, d.major.value, d.minor.value,
		      arena_format(b->a, "%s%s", access ? access : "rwm",
		                   access && !strchr(access, 'm') ? "m" : ""));
	return 0;
}

static int
parse_part(const char *text, int64_t *number)
{
	*number = ALL;
	return strcmp(text, "*") == 0
	       ? 0 : parse_number(text, 0, UINT32_MAX, number);
}

/* TYPE MAJOR:MINOR ACCESS, as "c 42:* rwm". */
static int
add_rule(struct build *b, const char *text, struct err *e)
{
	const char *rest = text;
	char *type = parse_piece(b->a, &rest, " ");
	char *major = parse_piece(b->a, &rest, ":");
	char *minor = parse_piece(b->a, &rest, " ");
	char *access = parse_piece(b->a, &rest, " ");
	int64_t numbers[2];

	if (!access || rest || !strchr("abc", type[0]) || strlen(type) != 1 ||
	    parse_part(major, &numbers[0]) < 0 ||
	    parse_part(minor, &numbers[1]) < 0 || !is_access(access))
		return fail(e, EINVAL, "--device-cgroup-rule: '%s' is not "
		            "such as 'c 42:* rwm'", text);
	if (!b->flags->privileged)
		allow(b, type, numbers[0], numbers[1], access);
	return 0;
}

int
build_devices(struct build *b, struct err *e)
{
	const struct specgen_flags *f = b->flags;
	struct linux_part *l = b->linux_part;

	if (f->privileged) {
		allow(b, "a", ALL, ALL, "rwm");
		if (b->host->all_devices(&l->devices, &l->n_devices, b->a,
		                         e) < 0)
			return fail_in(e, "--privileged");
	} else {
		default_rules(b);
	}
	for (size_t i = 0; i < f->devices.n; i++)
		if (add_device(b, f->devices.v[i], e) < 0)
			return -1;
	for (size_t i = 0; i < f->device_rules.n; i++)
		if (add_rule(b, f->device_rules.v[i], e) < 0)
			return -1;
	return 0;
}
