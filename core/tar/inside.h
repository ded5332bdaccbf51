/* SPDX-License-Identifier: ISC */
/* Inside `tar`: a block of 512 bytes, and what stands where in it. */
#ifndef TAR_INSIDE_H
#define TAR_INSIDE_H

#include "tar/tar.h"

#define TAR_BLOCK 512
#define TAR_ATTRIBUTE "SCHILY.xattr."

/* POSIX.1-2001, ustar Interchange Format. */
struct tar_block {
	char name[100], mode[8], uid[8], gid[8], size[12], mtime[12];
	char sum[8], type, target[100], magic[6], version[2];
	char owner[32], group[32], major[8], minor[8], prefix[155];
	char rest[12];
};

/* What `sum` ought to be: of the bytes with blanks in its place. */
unsigned tar_sum(const struct tar_block *b);

#endif
