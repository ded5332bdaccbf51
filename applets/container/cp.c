/* SPDX-License-Identifier: ISC */
/* cp: copy files and directories between a container and the host. */
#include "cli/cli.h"
#include "files/files.h"
#include "report/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct args {
	bool archive, follow, quiet;
} args;

static const struct opt options[] = {
	{ 'a', "archive", NULL, FLAG(archive), "keep all owners, to the host, too" },
	{ 'L', "follow-link", NULL, FLAG(follow), "copy what a link leads to" },
	{ 'q', "quiet", NULL, FLAG(quiet), "do not tell how much was copied" },
	OPT_END
};

/* "CONTAINER:PATH"; a path of the host that has a colon begins with / or . */
static char *
split(char *text, struct arena *a, char **container)
{
	char *colon = strchr(text, ':');

	*container = NULL;
	if (*text == '/' || *text == '.' || !colon || colon == text)
		return text;
	*container = arena_bytes(a, text, (size_t)(colon - text));
	return colon + 1;
}

static int
find_inside(struct files_path *p, const char *container, const char *text,
            bool follow, struct err *e)
{
	char *whole = arena_format(&p->arena, "/%s", text + (*text == '/'));

	if (files_find(p, whole, follow, e) == 0)
		return 0;
	return e->code == ENOENT
	       ? fail(e, ENOENT, "Could not find the file %s in container %s",
	              whole, container) : -1;
}

static int
tell(uint64_t bytes, const char *to, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };

	if (!args.quiet)
		fprintf(stderr, "Successfully copied %s to %s\n",
		        report_bytes(&a, (double)bytes), cli_escape(&a, to));
	return cli_flush(e);
}

static int
copy_out(struct container *c, const char *from, const char *to,
         struct err *e)
{
	AUTO(files_path) struct files_path there = { .root = -1, .dir = -1 };
	AUTO(files_path) struct files_path here = { .root = -1, .dir = -1 };
	AUTO(close) int root = -1;
	bool archive = strcmp(to, "-") == 0;
	uint64_t bytes;

	/* The host's side first: its paths are its own only until then. */
	if (!archive && files_find(&here, to, true, e) < 0)
		return e->code != ENOENT ? -1
		       : fail(e, ENOENT, "invalid output path: directory"
		              " \"%.*s\" does not exist",
		              (int)(strrchr(to, '/') - to), to);
	if (files_root(c, &root, e) < 0)
		return -1;
	there.root = root;
	if (find_inside(&there, c->record.name, from, args.follow, e) < 0)
		return -1;
	if (!there.there)
		return fail(e, ENOENT, "Could not find the file %s in container"
		            " %s", there.text, c->record.name);
	if (archive)
		return files_pack(&there, STDOUT_FILENO, e);
	if (files_copy(&there, &here, args.archive, &bytes, e) < 0)
		return -1;
	return tell(bytes, to, e);
}

static int
copy_in(struct container *c, const char *from, const char *to, struct err *e)
{
	AUTO(files_path) struct files_path there = { .root = -1, .dir = -1 };
	AUTO(files_path) struct files_path here = { .root = -1, .dir = -1 };
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int root = -1;
	bool archive = strcmp(from, "-") == 0;
	uint64_t bytes;

	if (!archive && files_find(&here, from, args.follow, e) < 0)
		return -1;
	if (files_root(c, &root, e) < 0)
		return -1;
	there.root = root;
	if (find_inside(&there, c->record.name, to, true, e) < 0 ||
	    files_check_writable(c, &there, e) < 0)
		return -1;
	if (archive)
		return files_unpack(&there, STDIN_FILENO, e);
	if (files_copy(&here, &there, true, &bytes, e) < 0)
		return -1;
	return tell(bytes, arena_format(&a, "%s:%s", c->record.name,
	                                there.text), e);
}

static int
copy(char *from, char *to, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	AUTO(arena) struct arena a = { 0 };
	char *source, *target;

	from = split(from, &a, &source);
	to = split(to, &a, &target);
	if (source && target)
		return fail(e, EINVAL, "copying between containers is not"
		            " supported");
	if (!source && !target)
		return fail(e, EINVAL, "must specify at least one container"
		            " source");
	if (container_open(&c, source ? source : target, e) < 0)
		return -1;
	if ((source ? copy_out(&c, from, to, e)
	            : copy_in(&c, from, to, e)) < 0)
		return -1;
	container_tell(&c, source ? "archive-path" : "extract-to-dir", NULL);
	return 0;
}

static int
run(char **words, struct err *e)
{
	return copy(words[0], words[1], e) < 0
	       ? fail_status(e, STATUS_FAILED) : 0;
}

APPLET(container, cp,
	.alias   = "cp",
	.args    = "SOURCE DESTINATION",
	.what    = "copy files between a container and the host",
	.options = options, .into = &args,
	.run     = run);
