/* SPDX-License-Identifier: ISC */
/* Which applet a name means, and which name somebody may have meant. */
#include "cli/cli.h"
#include "cli/rows.h"

#include <stdlib.h>
#include <string.h>

/* A longer word is no typing error of anything. */
#define WORD_MAX 40

bool
names_have(const char *names, const char *word, size_t n)
{
	size_t length;

	for (; names && *names; names += length + (names[length] == '|')) {
		length = strcspn(names, "|");
		if (length == n && memcmp(names, word, n) == 0)
			return true;
	}
	return false;
}

char *
names_at(const char *names, size_t i, struct arena *a)
{
	while (names && i-- > 0) {
		names = strchr(names, '|');
		if (names)
			names++;
	}
	return names ? arena_bytes(a, names, strcspn(names, "|")) : NULL;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Row by row of the table of distances between all beginnings of a and b, of
 * which the last three rows are kept (optimal string alignment). */
size_t
names_apart(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), rows[3][WORD_MAX + 1];

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3];
		const size_t *earlier = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = least(least(before[j], now[j - 1]) + 1,
			               before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], earlier[j - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

bool
names_are_near(const char *word, const char *meant)
{
	size_t apart = names_apart(word, meant);

	return apart < strlen(meant) && apart <= 1 + strlen(meant) / 5;
}

bool
names_is_group(const struct applets *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->v[i]->group, name) == 0)
			return true;
	return false;
}

/* Docker has other words for verbs: `volume list`, `container remove`. */
static const struct {
	const char *word, *verb;
} synonyms[] = {
	{ "list", "ls" },
	{ "remove", "rm" },
};

const char *
names_synonym(const char *verb)
{
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(*synonyms); i++)
		if (strcmp(synonyms[i].verb, verb) == 0)
			return synonyms[i].word;
	return NULL;
}

static bool
is_synonym(const char *word, const char *verb)
{
	for (size_t i = 0; i < sizeof(synonyms) / sizeof(*synonyms); i++)
		if (strcmp(synonyms[i].word, word) == 0)
			return strcmp(synonyms[i].verb, verb) == 0;
	return false;
}

const struct applet *
names_in_group(const struct applets *all, const char *group, const char *verb)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct applet *applet = all->v[i];

		if (strcmp(applet->group, group) == 0 &&
		    (strcmp(applet->verb, verb) == 0 ||
		     is_synonym(verb, applet->verb) ||
		     names_have(applet->alias, verb, strlen(verb))))
			return applet;
	}
	return NULL;
}

static const struct applet *
find_alias(const struct applets *all, const char *name)
{
	for (size_t i = 0; i < all->n; i++)
		if (names_have(all->v[i]->alias, name, strlen(name)))
			return all->v[i];
	return NULL;
}

/* A verb will do by itself where only one group has it. */
static const struct applet *
find_verb(const struct applets *all, const char *verb)
{
	const struct applet *found = NULL;

	for (size_t i = 0; i < all->n; i++) {
		if (strcmp(all->v[i]->verb, verb) != 0)
			continue;
		if (found)
			return NULL;
		found = all->v[i];
	}
	return found;
}

const struct applet *
cli_find(const struct applets *all, char **words, size_t *used)
{
	const struct applet *applet;

	*used = 1;
	if (!words[0])
		return NULL;
	if (names_is_group(all, words[0])) {
		*used = 2;
		return !words[1] ? NULL
		                 : names_in_group(all, words[0], words[1]);
	}
	applet = find_alias(all, words[0]);
	return applet ? applet : find_verb(all, words[0]);
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
add_aliases(struct words *names, const struct applet *applet, struct arena *a)
{
	char *name;

	for (size_t i = 0; (name = names_at(applet->alias, i, a)); i++)
		if (!words_has(names, name))
			words_add(a, names, name);
}

void
names_all(const struct applets *all, struct words *names, struct arena *a)
{
	for (size_t i = 0; i < all->n; i++)
		add_aliases(names, all->v[i], a);
	if (names->n)
		qsort(names->v, names->n, sizeof(*names->v), by_text);
}

char *
cli_nearest(const struct applets *all, const char *group, const char *word,
            struct arena *a)
{
	struct words names = { 0 };
	char *best = NULL;

	for (size_t i = 0; i < all->n; i++) {
		const struct applet *applet = all->v[i];

		if (group && strcmp(group, applet->group) != 0)
			continue;
		words_add(a, &names, group ? applet->verb : applet->group);
		add_aliases(&names, applet, a);
	}
	for (size_t i = 0; i < names.n; i++)
		if (names_are_near(word, names.v[i]) &&
		    (!best ||
		     names_apart(word, names.v[i]) < names_apart(word, best)))
			best = names.v[i];
	return best;
}

char *
cli_title(struct arena *a, const struct applet *applet)
{
	if (!applet)
		return arena_text(a, "mydocker");
	if (applet->alias)
		return arena_format(a, "mydocker %s",
		                    names_at(applet->alias, 0, a));
	return arena_format(a, "mydocker%s%s%s%s", applet->group ? " " : "",
	                    applet->group ? applet->group : "",
	                    applet->verb ? " " : "",
	                    applet->verb ? applet->verb : "");
}
