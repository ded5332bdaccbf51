/* SPDX-License-Identifier: ISC */
/* The plan as words behind `init`, and back. */
#include "init/init.h"
#include "base/log.h"
#include "base/mem.h"
#include "spec/spec.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One table for both ways: words that are only there or not … */
static const struct {
	const char *word;
	size_t at;
} flags[] = {
	{ "--exec",             offsetof(struct init_plan, exec) },
	{ "--reaper",           offsetof(struct init_plan, reaper) },
	{ "--no-pivot",         offsetof(struct init_plan, no_pivot) },
	{ "--no-new-keyring",   offsetof(struct init_plan, no_new_keyring) },
	{ "--new-cgroup-namespace",
	  offsetof(struct init_plan, new_cgroup_namespace) },
	{ "--log-json",         offsetof(struct init_plan, log_json) },
};

/* … and those with a number, which are left out where it is the usual one. */
static const struct {
	const char *word;
	size_t at;
	int usual;
} numbers[] = {
	{ "--join-pidfd=", offsetof(struct init_plan, join_pidfd), -1 },
	{ "--fifo=",       offsetof(struct init_plan, fifo),       -1 },
	{ "--filter=",     offsetof(struct init_plan, filter),     -1 },
	{ "--preserve=",   offsetof(struct init_plan, preserve),    0 },
	{ "--log-level=",  offsetof(struct init_plan, log_level),
	  LOG_WARN },
};

/* … and texts. */
static const struct {
	const char *word;
	size_t at;
} texts[] = {
	{ "--id=",     offsetof(struct init_plan, id) },
	{ "--bundle=", offsetof(struct init_plan, bundle) },
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static bool *
flag_at(const struct init_plan *plan, size_t at)
{
	return (bool *)((char *)plan + at);
}

static int *
number_at(const struct init_plan *plan, size_t at)
{
	return (int *)((char *)plan + at);
}

static const char **
text_at(const struct init_plan *plan, size_t at)
{
	return (const char **)((char *)plan + at);
}

char **
init_plan_words(const struct init_plan *plan, struct arena *a)
{
	struct words w = { 0 };

	words_add(a, &w, "mydocker");
	words_add(a, &w, "init");
	for (size_t i = 0; i < COUNT(flags); i++)
		if (*flag_at(plan, flags[i].at))
			words_add(a, &w, flags[i].word);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		int value = *number_at(plan, numbers[i].at);

		if (value != numbers[i].usual)
			words_add(a, &w, arena_format(a, "%s%d",
			                              numbers[i].word, value));
	}
	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *text = *text_at(plan, texts[i].at);

		if (text)
			words_add(a, &w, arena_format(a, "%s%s", texts[i].word,
			                              text));
	}
	if (plan->join_flags)
		words_add(a, &w, arena_format(a, "--join-flags=%" PRIu64,
		                              plan->join_flags));
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++)
		if (plan->join_fd[kind] >= 0)
			words_add(a, &w, arena_format(
			        a, "--join=%s:%d", spec_namespaces[kind].file,
			        plan->join_fd[kind]));
	return w.v;
}

/* Decimal digits and nothing else, as they were printed above. */
static int
read_number(const char *text, uint64_t most, uint64_t *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return -1;
	errno = 0;
	*value = strtoull(text, &end, 10);
	return errno || *end || *value > most ? -1 : 0;
}

static int
read_join(struct init_plan *plan, const char *text)
{
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++) {
		const char *file = spec_namespaces[kind].file;
		size_t n = strlen(file);
		uint64_t fd;

		if (strncmp(text, file, n) != 0 || text[n] != ':')
			continue;
		if (read_number(text + n + 1, INT32_MAX, &fd) < 0)
			return -1;
		plan->join_fd[kind] = (int)fd;
		return 0;
	}
	return -1;
}

static const char *
behind(const char *word, const char *start)
{
	size_t n = strlen(start);

	return strncmp(word, start, n) == 0 ? word + n : NULL;
}

static int
read_word(struct init_plan *plan, const char *word)
{
	const char *value;
	uint64_t n;

	for (size_t i = 0; i < COUNT(flags); i++) {
		if (strcmp(word, flags[i].word) == 0) {
			*flag_at(plan, flags[i].at) = true;
			return 0;
		}
	}
	for (size_t i = 0; i < COUNT(texts); i++) {
		value = behind(word, texts[i].word);
		if (!value)
			continue;
		*text_at(plan, texts[i].at) = value;
		return 0;
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		value = behind(word, numbers[i].word);
		if (!value)
			continue;
		if (read_number(value, INT32_MAX, &n) < 0)
			return -1;
		*number_at(plan, numbers[i].at) = (int)n;
		return 0;
	}
	value = behind(word, "--join-flags=");
	if (value)
		return read_number(value, UINT64_MAX, &plan->join_flags);
	value = behind(word, "--join=");
	return value ? read_join(plan, value) : -1;
}

int
init_plan_read(struct init_plan *plan, char **words, struct err *e)
{
	*plan = (struct init_plan)INIT_PLAN_NONE;
	for (; *words; words++)
		if (read_word(plan, *words) < 0)
			return fail(e, EINVAL, "'%s': not a word of the plan",
			            *words);
	return 0;
}
