/* SPDX-License-Identifier: ISC */
/* The environment: defaults, files, and what the command line adds. */
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

static size_t
find(const struct words *env, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < env->n; i++)
		if (strncmp(env->v[i], name, n) == 0 && env->v[i][n] == '=')
			break;
	return i;
}

const char *
env_get(const struct words *env, const char *name)
{
	size_t n = strlen(name), i = find(env, name, n);

	return i < env->n ? env->v[i] + n + 1 : NULL;
}

static void
put(struct words *env, const char *word, struct arena *a)
{
	size_t i = find(env, word, strcspn(word, "="));

	if (i < env->n)
		env->v[i] = arena_text(a, word);
	else
		words_add(a, env, word);
}

void
env_set(struct words *env, const char *name, const char *value,
        struct arena *a)
{
	put(env, arena_format(a, "%s=%s", name, value), a);
}

static void
drop(struct words *env, const char *name)
{
	size_t i = find(env, name, strlen(name));

	if (i == env->n)
		return;
	env->n--;
	memmove(&env->v[i], &env->v[i + 1],
	        (env->n - i + 1) * sizeof(*env->v));
}

static int
merge(struct words *env, const struct words *from, const struct env_reader *r,
      struct err *e)
{
	for (size_t i = 0; i < from->n; i++) {
		const char *word = from->v[i], *value;

		if (!*word || *word == '=')
			return fail(e, EINVAL, "%s: '%s' has no name",
			            r->option, word);
		if (strchr(word, '=')) {
			put(env, word, r->arena);
			continue;
		}
		value = r->host->environment(word);
		if (value)
			env_set(env, word, value, r->arena);
		else
			drop(env, word);
	}
	return 0;
}

/* One line of a file: NAME=VALUE or NAME, blanks in front, # for a comment. */
static int
read_line(struct words *into, char *line, const struct env_reader *r,
          struct err *e)
{
	line += strspn(line, " \t\v\f");
	if (!*line || *line == '#')
		return 0;
	if (line[strcspn(line, "= \t")] == ' ' ||
	    line[strcspn(line, "= \t")] == '\t')
		return fail(e, EINVAL, "%s: '%.100s': blanks in a name",
		            r->option, line);
	words_add(r->arena, into, line);
	return 0;
}

int
env_lines(struct words *into, const char *file, const struct env_reader *r,
          struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	const char *next;
	char *line;

	if (r->host->read_file(file, &text, e) < 0)
		return fail_in(e, "%s", r->option);
	if (text.n && strlen(text.data) != text.n)
		return fail(e, EINVAL, "%s: '%s': a NUL in it", r->option,
		            file);
	next = text.n ? text.data : NULL;
	/* the mark that some editors put in front of UTF-8 */
	if (next && strncmp(next, "\xef\xbb\xbf", 3) == 0)
		next += 3;
	while ((line = parse_piece(r->arena, &next, "\n"))) {
		size_t n = strlen(line);

		if (n && line[n - 1] == '\r')
			line[n - 1] = '\0';
		if (read_line(into, line, r, e) < 0)
			return -1;
	}
	return 0;
}

int
env_merge(struct words *env, const struct words *files,
          const struct words *words, struct env_reader *r, struct err *e)
{
	struct words lines = { 0 };

	r->option = "--env-file";
	for (size_t i = 0; i < files->n; i++)
		if (env_lines(&lines, files->v[i], r, e) < 0)
			return -1;
	if (merge(env, &lines, r, e) < 0)
		return -1;
	r->option = "--env";
	return merge(env, words, r, e);
}

/* Those that are not ours any more: putting one makes a new text of it. */
static void
keep_users(struct build *b, const struct words *env, char *const ours[], int n)
{
	for (size_t i = 0; i < env->n; i++) {
		bool own = false;

		for (int j = 0; j < n; j++)
			own = own || env->v[i] == ours[j];
		if (!own)
			words_add(b->a, &b->env, env->v[i]);
	}
}

/* HOSTNAME is container_create's to add: it knows the default. */
int
build_env(struct build *b, const char *home, struct err *e)
{
	struct words *env = &b->spec->process->env;
	const struct specgen_flags *f = b->flags;
	struct env_reader r = { .host = b->host, .arena = b->a };
	char *ours[3] = { NULL };
	int n;

	env_set(env, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:"
	        "/usr/bin:/sbin:/bin", b->a);
	if (f->hostname)
		env_set(env, "HOSTNAME", f->hostname, b->a);
	if (f->tty)
		env_set(env, "TERM", "xterm", b->a);
	for (n = 0; n < (int)env->n; n++)
		ours[n] = env->v[n];
	if (env_merge(env, &f->env_file, &f->env, &r, e) < 0)
		return -1;
	keep_users(b, env, ours, n);
	if (!env_get(env, "HOME") && home)
		env_set(env, "HOME", home, b->a);
	return 0;
}
