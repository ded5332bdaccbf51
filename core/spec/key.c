/* SPDX-License-Identifier: ISC */
/* The key under which a compiled filter is kept. */
#include "spec/spec.h"

#include <string.h>

/* FNV-1a, 64 bits: for telling profiles apart, not for security. */
static void
add(uint64_t *hash, const void *bytes, size_t n)
{
	const unsigned char *at = bytes;

	while (n--)
		*hash = (*hash ^ *at++) * UINT64_C(0x100000001b3);
}

static void
add_number(uint64_t *hash, uint64_t number)
{
	add(hash, &number, sizeof(number));
}

/* Its NUL, too, so that "ab" "c" is not "a" "bc"; none is not an empty one. */
static void
add_text(uint64_t *hash, const char *text)
{
	if (text)
		add(hash, text, strlen(text) + 1);
	else
		add_number(hash, 0);
}

static void
add_words(uint64_t *hash, const struct words *w)
{
	add_number(hash, w->n);
	for (size_t i = 0; i < w->n; i++)
		add_text(hash, w->v[i]);
}

static void
add_optional(uint64_t *hash, const struct number *n)
{
	add_number(hash, n->set);
	add_number(hash, n->set ? (uint64_t)n->value : 0);
}

static void
add_rule(uint64_t *hash, const struct seccomp_rule *r)
{
	add_words(hash, &r->names);
	add_text(hash, r->action);
	add_optional(hash, &r->errno_ret);
	add_number(hash, r->n_args);
	for (size_t i = 0; i < r->n_args; i++) {
		add_number(hash, r->args[i].index);
		add_number(hash, r->args[i].value);
		add_number(hash, r->args[i].value_two);
		add_text(hash, r->args[i].op);
	}
}

uint64_t
spec_seccomp_key(const struct seccomp *s)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	add_text(&hash, s->default_action);
	add_text(&hash, s->listener_path);
	add_text(&hash, s->listener_metadata);
	add_optional(&hash, &s->default_errno_ret);
	add_words(&hash, &s->architectures);
	add_words(&hash, &s->flags);
	add_number(&hash, s->n_rules);
	for (size_t i = 0; i < s->n_rules; i++)
		add_rule(&hash, &s->rules[i]);
	return hash;
}
