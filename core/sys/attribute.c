/* SPDX-License-Identifier: ISC */
/* Extended attributes that go with a file from one place to another. */
#include "sys/attribute.h"

#include <errno.h>
#include <string.h>
#include <sys/xattr.h>

bool
attribute_goes(const char *name)
{
	return strcmp(name, "security.selinux") != 0 &&
	       strncmp(name, "trusted.overlay.", 16) != 0 &&
	       strncmp(name, "user.overlay.", 13) != 0;
}

int
attribute_set(int fd, const char *name, const void *value, size_t n)
{
	if (fsetxattr(fd, name, value, n, 0) == 0 || errno == ENOTSUP ||
	    errno == EPERM)
		return 0;
	return -1;
}

int
attribute_copy(int from, int to)
{
	char names[4096], value[65536];
	ssize_t n = flistxattr(from, names, sizeof(names));

	for (const char *at = names; n > 0 && at < names + n;
	     at += strlen(at) + 1) {
		ssize_t size = attribute_goes(at)
		        ? fgetxattr(from, at, value, sizeof(value)) : -1;

		if (size >= 0 && attribute_set(to, at, value, (size_t)size) < 0)
			return -1;
	}
	return 0;
}
