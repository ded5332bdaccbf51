/* SPDX-License-Identifier: ISC */
/* The files of a log, found while somebody may be turning them. */
#include "logs/parts.h"
#include "logs/read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
/* How often we begin again because the files were turned meanwhile. */
#define TRIES 10

static bool
is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

static bool
has_inode(int dir, unsigned number, const struct stat *want)
{
	struct stat st;
	char name[32];

	file_name(name, number);
	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       is_same(&st, want);
}

/* -1 with errno ENOENT for what is not there or is no file. */
static int
open_one(int dir, unsigned number, struct stat *st)
{
	AUTO(close) int fd = -1;
	char name[32];

	file_name(name, number);
	fd = openat(dir, name, READ);
	if (fd < 0)
		return -1;
	if (fstat(fd, st) == 0 && S_ISREG(st->st_mode))
		return take_fd(&fd);
	errno = ENOENT;
	return -1;
}

/* The highest number that a file of the log has. */
static unsigned
last_number(int dir)
{
	int copy = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = copy < 0 ? NULL : fdopendir(copy);
	static const char name[] = "log.json.";
	unsigned last = 0, number = 0;
	struct dirent *entry;

	while (list && (entry = readdir(list)) != NULL) {
		if (strncmp(entry->d_name, name, sizeof(name) - 1) == 0)
			number = (unsigned)strtoul(entry->d_name +
			                           sizeof(name) - 1, NULL, 10);
		last = number > last && number < 1000 ? number : last;
	}
	if (list)
		closedir(list);
	else if (copy >= 0)
		close(copy);
	return last;
}

void
auto_files(struct files *f)
{
	for (size_t i = 0; i < f->n; i++)
		close(f->fd[i]);
	free(f->fd);
	*f = (struct files){ 0 };
}

/* A file that was turned between two openings would be there twice. */
static bool
is_among(const struct files *f, const struct stat *st)
{
	struct stat other;

	for (size_t i = 0; i < f->n; i++)
		if (fstat(f->fd[i], &other) == 0 && is_same(&other, st))
			return true;
	return false;
}

/* 1: they were turned meanwhile. */
static int
open_all(struct files *f, int dir, struct err *e)
{
	unsigned last = last_number(dir);
	struct stat st, first = { 0 };

	f->fd = mem_grow(NULL, last + 1, sizeof(*f->fd));
	for (unsigned i = 0; i <= last; i++) {
		int fd = open_one(dir, i, &st);

		if (fd < 0 && errno != ENOENT && errno != ELOOP)
			return fail_sys(e, "log.json");
		if (fd >= 0 && is_among(f, &st))
			close(fd);
		else if (fd >= 0)
			f->fd[f->n++] = fd;
		if (fd >= 0 && f->n == 1)
			first = st;
	}
	return f->n && !has_inode(dir, 0, &first);
}

int
files_open(struct files *f, int dir, struct err *e)
{
	int turned = 1;

	for (int i = 0; i < TRIES && turned == 1; i++) {
		auto_files(f);
		turned = open_all(f, dir, e);
	}
	return turned < 0 ? -1 : 0;
}

/* Which number a file has by now, which may grow while we look; -1: none. */
static int
number_of(int dir, const struct stat *st)
{
	unsigned last = last_number(dir) + 1;

	for (unsigned i = 0; i <= last; i++)
		if (has_inode(dir, i, st))
			return (int)i;
	return -1;
}

/* What was forgotten before we came to it is lost to us: the oldest is next. */
static int
open_oldest(int dir, struct stat *st)
{
	int fd = -1;

	for (unsigned i = last_number(dir) + 1; fd < 0 && i > 0; i--)
		fd = open_one(dir, i - 1, st);
	return fd;
}

static int
open_other(int dir, const struct stat *ours)
{
	AUTO(close) int fd = -1;
	struct stat st;

	fd = open_oldest(dir, &st);
	return fd < 0 || is_same(&st, ours) ? -1 : take_fd(&fd);
}

int
files_next(int dir, int fd)
{
	struct stat ours, next;
	int number = -1;

	if (fd < 0)
		return open_oldest(dir, &next);
	if (fstat(fd, &ours) < 0)
		return -1;
	for (int i = 0; i < TRIES; i++) {
		int found;

		number = number_of(dir, &ours);
		if (number == 0)
			return -1;
		if (number < 0)
			continue;
		found = open_one(dir, (unsigned)number - 1, &next);
		if (found < 0 && number == 1)
			return -1; /* it is about to be made */
		if (found >= 0 && has_inode(dir, (unsigned)number, &ours))
			return found;
		if (found >= 0)
			close(found);
	}
	/* one that is being turned will be asked for again */
	return number < 0 ? open_other(dir, &ours) : -1;
}

int64_t
logs_bytes(int dir)
{
	int64_t sum = 0;

	for (unsigned i = 0, last = last_number(dir); i <= last; i++) {
		struct stat st;
		char name[32];

		file_name(name, i);
		if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
			sum += st.st_size;
	}
	return sum;
}
