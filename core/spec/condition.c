/* SPDX-License-Identifier: ISC */
/* Arguments of 64 bits are compared in two halves, the upper one first. */
#include "spec/condition.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>

#define JUMP(test) (BPF_JMP | (test) | BPF_K)

/* A jump to where the condition does not hold, until that place is known. */
#define NO UINT8_MAX

static void
emit(struct buf *out, uint32_t code, uint8_t yes, uint8_t no, uint32_t k)
{
	struct sock_filter f = { (uint16_t)code, yes, no, k };

	buf_add(out, &f, sizeof(f));
}

/* Where in struct seccomp_data a half of an argument stands. */
static uint32_t
place(const struct seccomp_arg *arg, bool upper)
{
	bool big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	return (uint32_t)(offsetof(struct seccomp_data, args) +
	                  8 * arg->index + (upper == big ? 0 : 4));
}

static void
load(struct buf *out, const struct seccomp_arg *arg, bool upper)
{
	emit(out, BPF_LD | BPF_W | BPF_ABS, 0, 0, place(arg, upper));
}

/*
 * Nothing is loaded for a half that the mask leaves out, nor what an
 * alternative before this one has loaded and not changed.
 */
static void
masked_half(struct buf *out, const struct seccomp_arg *arg, bool upper,
            uint32_t *loaded)
{
	uint32_t mask = (uint32_t)(arg->value >> (upper ? 32 : 0));
	uint32_t value = (uint32_t)(arg->value_two >> (upper ? 32 : 0)) & mask;

	if (!mask)
		return;
	if (*loaded != place(arg, upper))
		load(out, arg, upper);
	*loaded = place(arg, upper);
	if (value == 0) {
		emit(out, JUMP(BPF_JSET), NO, 0, mask);
		return;
	}
	if (value == mask && (mask & (mask - 1)) == 0) {
		emit(out, JUMP(BPF_JSET), 0, NO, mask);
		return;
	}
	if (mask != UINT32_MAX) {
		emit(out, BPF_ALU | BPF_AND | BPF_K, 0, 0, mask);
		*loaded = 0;
	}
	emit(out, JUMP(BPF_JEQ), 0, NO, value);
}

/* If both halves are looked at, a jump may leave either of them loaded. */
static void
masked(struct buf *out, const struct seccomp_arg *arg, uint32_t *loaded)
{
	masked_half(out, arg, true, loaded);
	masked_half(out, arg, false, loaded);
	if (arg->value >> 32)
		*loaded = 0;
}

static void
equal(struct buf *out, const struct seccomp_arg *arg)
{
	load(out, arg, true);
	emit(out, JUMP(BPF_JEQ), 0, NO, (uint32_t)(arg->value >> 32));
	load(out, arg, false);
	emit(out, JUMP(BPF_JEQ), 0, NO, (uint32_t)arg->value);
}

static void
differs(struct buf *out, const struct seccomp_arg *arg)
{
	load(out, arg, true);
	emit(out, JUMP(BPF_JEQ), 0, 2, (uint32_t)(arg->value >> 32));
	load(out, arg, false);
	emit(out, JUMP(BPF_JEQ), NO, 0, (uint32_t)arg->value);
}

/* Above, or with `test` BPF_JGE not below. */
static void
above(struct buf *out, const struct seccomp_arg *arg, uint16_t test)
{
	uint32_t upper = (uint32_t)(arg->value >> 32);

	load(out, arg, true);
	emit(out, JUMP(BPF_JGT), 3, 0, upper);
	emit(out, JUMP(BPF_JEQ), 0, NO, upper);
	load(out, arg, false);
	emit(out, JUMP(test), 0, NO, (uint32_t)arg->value);
}

/* Below, or with `test` BPF_JGT not above: where the test fails. */
static void
below(struct buf *out, const struct seccomp_arg *arg, uint16_t test)
{
	uint32_t upper = (uint32_t)(arg->value >> 32);

	load(out, arg, true);
	emit(out, JUMP(BPF_JGE), 0, 3, upper);
	emit(out, JUMP(BPF_JEQ), 0, NO, upper);
	load(out, arg, false);
	emit(out, JUMP(test), NO, 0, (uint32_t)arg->value);
}

static int
compare(struct buf *out, const struct seccomp_arg *arg, uint32_t *loaded,
        struct err *e)
{
	const char *op = strncmp(arg->op, "SCMP_CMP_", 9) == 0 ? arg->op + 9
	                                                       : "";

	if (arg->index > 5)
		return fail(e, EINVAL, "seccomp: no call has an argument %u",
		            arg->index);
	if (strcmp(op, "MASKED_EQ") == 0) {
		masked(out, arg, loaded);
		return 0;
	}
	*loaded = 0;
	if (strcmp(op, "EQ") == 0)
		equal(out, arg);
	else if (strcmp(op, "NE") == 0)
		differs(out, arg);
	else if (strcmp(op, "GT") == 0)
		above(out, arg, BPF_JGT);
	else if (strcmp(op, "GE") == 0)
		above(out, arg, BPF_JGE);
	else if (strcmp(op, "LT") == 0)
		below(out, arg, BPF_JGE);
	else if (strcmp(op, "LE") == 0)
		below(out, arg, BPF_JGT);
	else
		return fail(e, EINVAL, "seccomp: no operator is called '%s'",
		            arg->op);
	return 0;
}

/* Put in where the jumps to NO go: behind the instructions from `from` on. */
static void
settle(struct buf *out, size_t from)
{
	struct sock_filter *f = (void *)out->data;
	size_t end = out->n / sizeof(*f);

	for (size_t i = from; i < end; i++) {
		if (BPF_CLASS(f[i].code) != BPF_JMP)
			continue;
		if (f[i].jt == NO)
			f[i].jt = (uint8_t)(end - i - 1);
		if (f[i].jf == NO)
			f[i].jf = (uint8_t)(end - i - 1);
	}
}

/* Have two conditions the same argument? Then all are alternatives. */
static bool
has_alternatives(const struct seccomp_rule *r)
{
	unsigned seen = 0;

	for (size_t i = 0; i < r->n_args; i++) {
		if (seen & 1u << (r->args[i].index & 7))
			return true;
		seen |= 1u << (r->args[i].index & 7);
	}
	return false;
}

int
condition_emit(const struct seccomp_rule *r, uint32_t action, struct buf *out,
               struct err *e)
{
	bool alternatives = has_alternatives(r);
	uint32_t loaded = 0;
	size_t from = out->n / sizeof(struct sock_filter);

	for (size_t i = 0; i < r->n_args; i++) {
		if (!alternatives)
			loaded = 0;
		if (compare(out, &r->args[i], &loaded, e) < 0)
			return -1;
		if (!alternatives && i + 1 < r->n_args)
			continue;
		emit(out, BPF_RET | BPF_K, 0, 0, action);
		settle(out, from);
		from = out->n / sizeof(struct sock_filter);
	}
	return 0;
}
