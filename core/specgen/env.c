/* SPDX-License-Identifier: ISC */
/* The environment: defaults, files, and what the command line adds. */
#include <errno.h>
#include <string.h>

#include "specgen/inside.h"

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

int
env_merge(struct words *env, const struct words *from, const char *option,
          const struct specgen_host *host, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < from->n; i++) {
		const char *word = from->v[i], *value;

		if (!*word || *word == '=')
			return fail(e, EINVAL, "%s: '%s' has no name", option,
			            word);
		if (strchr(word, '=')) {
			put(env, word, a);
			continue;
		}
		value = host->environment(word);
		if (value)
			env_set(env, word, value, a);
		else
			drop(env, word);
	}
	return 0;
}

/* One line of a file: NAME=VALUE or NAME, blanks in front, # for a comment. */
static int
read_line(struct words *into, char *line, const char *option, struct arena *a,
          struct err *e)
{
	line += strspn(line, " \t\v\f");
	if (!*line || *line == '#')
		return 0;
	if (line[strcspn(line, "= \t")] == ' ' ||
	    line[strcspn(line, "= \t")] == '\t')
		return fail(e, EINVAL, "%s: '%.100s': blanks in a name", option,
		            line);
	words_add(a, into, line);
	return 0;
}

int
env_lines(struct words *into, const char *file, const char *option,
          const struct specgen_host *host, struct arena *a, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	const char *next;
	char *line;

	if (host->read_file(file, &text, e) < 0)
		return fail_in(e, "%s", option);
	if (text.n && strlen(text.data) != text.n)
		return fail(e, EINVAL, "%s: '%s': a NUL in it", option, file);
	next = text.n ? text.data : NULL;
	/* the mark that some editors put in front of UTF-8 */
	if (next && strncmp(next, "\xef\xbb\xbf", 3) == 0)
		next += 3;
	while ((line = next_piece(a, &next, "\n"))) {
		size_t n = strlen(line);

		if (n && line[n - 1] == '\r')
			line[n - 1] = '\0';
		if (read_line(into, line, option, a, e) < 0)
			return -1;
	}
	return 0;
}

int
env_merge_files(struct words *env, const struct words *files,
                const char *option, const struct specgen_host *host,
                struct arena *a, struct err *e)
{
	struct words lines = { 0 };

	for (size_t i = 0; i < files->n; i++)
		if (env_lines(&lines, files->v[i], option, host, a, e) < 0)
			return -1;
	return env_merge(env, &lines, option, host, a, e);
}

/* HOSTNAME is container_create's to add: it knows the default. */
int
build_env(struct build *b, const char *home, struct err *e)
{
	struct words *env = &b->spec->process->env;
	const struct specgen_flags *f = b->flags;

	env_set(env, "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:"
	        "/usr/bin:/sbin:/bin", b->a);
	if (f->hostname)
		env_set(env, "HOSTNAME", f->hostname, b->a);
	if (f->tty)
		env_set(env, "TERM", "xterm", b->a);
	if (env_merge_files(env, &f->env_file, "--env-file", b->host, b->a,
	                    e) < 0 ||
	    env_merge(env, &f->env, "--env", b->host, b->a, e) < 0)
		return -1;
	if (!env_get(env, "HOME") && home)
		env_set(env, "HOME", home, b->a);
	return 0;
}
