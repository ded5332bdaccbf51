/* SPDX-License-Identifier: ISC */
/* A spec from text and back. */
#include "base/log.h"
#include "spec/check.h"
#include "spec/tables.h"

void
auto_spec(struct spec *s)
{
	auto_arena(&s->arena);
	*s = (struct spec){ 0 };
}

/*
 * Take unknown names out of a list, with a warning each.
 *
 * source   config.md, process.capabilities: what cannot be mapped to the
 *          kernel is logged as a warning and does not fail
 */
static void
drop_unknown_caps(struct words *names)
{
	size_t kept = 0;

	for (size_t i = 0; i < names->n; i++) {
		if (spec_cap_number(names->v[i]) >= 0)
			names->v[kept++] = names->v[i];
		else
			log_warn("process.capabilities: no capability is "
			         "called '%s'", names->v[i]);
	}
	names->n = kept;
	if (names->v)
		names->v[kept] = NULL;
}

static void
tidy_process(struct process *p)
{
	if (!p || !p->capabilities)
		return;
	drop_unknown_caps(&p->capabilities->bounding);
	drop_unknown_caps(&p->capabilities->effective);
	drop_unknown_caps(&p->capabilities->permitted);
	drop_unknown_caps(&p->capabilities->inheritable);
	drop_unknown_caps(&p->capabilities->ambient);
}

/* As what nobody knows: config.md, "Extensibility". */
static void
pass_over(struct spec *s)
{
	const struct {
		const char *name;
		struct elsewhere **part;
	} parts[] = {
		{ "freebsd", &s->freebsd }, { "solaris", &s->solaris },
		{ "vm", &s->vm }, { "windows", &s->windows },
		{ "zos", &s->zos },
	};

	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (*parts[i].part)
			log_warn("%s: for another platform, and passed over",
			         parts[i].name);
		*parts[i].part = NULL;
	}
}

int
spec_read(struct spec *s, const char *text, size_t n, struct err *e)
{
	if (json_read(BUF_OF(text, n), spec_fields, s, &s->arena, e) < 0)
		return -1;
	tidy_process(s->process);
	pass_over(s);
	return 0;
}

int
spec_read_process(struct process *p, const char *text, size_t n,
                  struct arena *a, struct err *e)
{
	if (json_read(BUF_OF(text, n), spec_process_fields, p, a, e) < 0)
		return -1;
	tidy_process(p);
	return 0;
}

int
spec_read_resources(struct resources *r, const char *text, size_t n,
                    struct arena *a, struct err *e)
{
	return json_read(BUF_OF(text, n), spec_resources_fields, r, a, e);
}

/* A list is the value of a key to the reader. */
int
spec_read_mounts(struct spec *s, const char *text, size_t n, struct err *e)
{
	AUTO(buf) struct buf object = { 0 };

	buf_text(&object, "{\"mounts\":");
	buf_add(&object, text, n);
	buf_text(&object, "}");
	s->mounts = NULL;
	s->n_mounts = 0;
	if (json_read(&object, spec_mounts_fields, s, &s->arena, e) < 0)
		return -1;
	return check_mounts(s, e);
}

int
spec_read_seccomp(struct seccomp *s, const char *text, size_t n,
                  struct arena *a, struct err *e)
{
	return json_read(BUF_OF(text, n), spec_seccomp_fields, s, a, e);
}

void
spec_write(const struct spec *s, bool pretty, struct buf *out)
{
	json_write(out, spec_fields, s, pretty);
}
