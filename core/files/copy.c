/* SPDX-License-Identifier: ISC */
/* cp between a container and the host. */
#include "files/inside.h"
#include "sys/copy.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

int
files_directory(const struct files_path *p, struct err *e)
{
	int fd = openat(p->dir, p->name, DIRECTORY);

	return fd < 0 ? fail_sys(e, "'%s'", p->text) : fd;
}

size_t
files_own(const struct files_path *p, struct copy_skip skip[3])
{
	static const char *const own[] = { "proc", "sys", "dev" };
	struct stat root, st;
	size_t n = 0;

	if (p->root < 0 || fstat(p->root, &root) < 0)
		return 0;
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (fstatat(p->root, own[i], &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		    st.st_dev != root.st_dev)
			skip[n++] = (struct copy_skip){ st.st_dev, st.st_ino };
	return n;
}

/* Docker's rules, in the order in which it asks. */
static int
check(const struct files_path *from, const struct files_path *to,
      struct err *e)
{
	bool dir = S_ISDIR(from->st.st_mode);

	if (!from->there)
		return fail(e, ENOENT, "'%s': No such file or directory",
		            from->text);
	if (to->there && dir && !S_ISDIR(to->st.st_mode))
		return fail(e, ENOTDIR, "cannot copy directory");
	if (!to->there && !dir && to->asserts)
		return fail(e, ENOENT, "no such directory");
	return 0;
}

static int
failed(const struct copy *how, const struct files_path *to, struct err *e)
{
	const char *path = how->path.n ? how->path.data : "";

	if (errno == EISDIR)
		return fail(e, EISDIR, "cannot overwrite directory '%s%s' with"
		            " non-directory", to->text, path);
	if (errno == ENOTDIR || errno == EEXIST)
		return fail(e, errno, "cannot overwrite non-directory '%s%s'"
		            " with directory", to->text, path);
	return fail_sys(e, "'%s%s'", to->text, path);
}

/* Into a directory that is there: under its own name, or what is in it. */
static int
copy_into(struct copy *how, const struct files_path *from,
          const struct files_path *to, struct err *e)
{
	AUTO(close) int into = files_directory(to, e);
	AUTO(close) int content = -1;

	if (into < 0)
		return -1;
	if (!from->content && strcmp(from->name, ".") != 0)
		return copy_entry(how, from->dir, from->name, into,
		                  from->name) < 0 ? failed(how, to, e) : 0;
	content = files_directory(from, e);
	if (content < 0)
		return -1;
	return copy_content(how, content, into) < 0 ? failed(how, to, e) : 0;
}

int
files_copy(const struct files_path *from, const struct files_path *to,
           bool keep, uint64_t *bytes, struct err *e)
{
	struct copy_skip skip[4];
	AUTO(copy) struct copy how = {
		.owned = !keep, .uid = geteuid(), .gid = getegid(),
		.special = true, .replace = true, .skip = skip,
	};
	int done;

	if (check(from, to, e) < 0)
		return -1;
	/* Nor is a copy copied into itself. */
	how.n_skip = files_own(from, skip);
	if (to->there)
		skip[how.n_skip++] = (struct copy_skip){ to->st.st_dev,
			                                 to->st.st_ino };
	if (to->there && S_ISDIR(to->st.st_mode))
		done = copy_into(&how, from, to, e);
	else
		done = copy_entry(&how, from->dir, from->name, to->dir,
		                  to->name) < 0 ? failed(&how, to, e) : 0;
	*bytes = how.bytes + 1024;
	return done;
}
