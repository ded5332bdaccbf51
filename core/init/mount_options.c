/* SPDX-License-Identifier: ISC */
/* The options of an OCI mount, taken apart. */
#include "init/mount_options.h"
#include "sys/missing.h"

#include <string.h>

#define ATIMES (MS_NOATIME | MS_RELATIME | MS_STRICTATIME)

/* The plain ones change the mount alone; of those that are off, all they do
 * is to take back an earlier one. */
static const struct {
	const char *name;
	unsigned long set, clear;
} plain[] = {
	{ "defaults",      0,              0 },
	{ "ro",            MS_RDONLY,      0 },
	{ "rw",            0,              MS_RDONLY },
	{ "nosuid",        MS_NOSUID,      0 },
	{ "suid",          0,              MS_NOSUID },
	{ "nodev",         MS_NODEV,       0 },
	{ "dev",           0,              MS_NODEV },
	{ "noexec",        MS_NOEXEC,      0 },
	{ "exec",          0,              MS_NOEXEC },
	{ "sync",          MS_SYNCHRONOUS, 0 },
	{ "async",         0,              MS_SYNCHRONOUS },
	{ "dirsync",       MS_DIRSYNC,     0 },
	{ "mand",          MS_MANDLOCK,    0 },
	{ "nomand",        0,              MS_MANDLOCK },
	{ "iversion",      MS_I_VERSION,   0 },
	{ "noiversion",    0,              MS_I_VERSION },
	{ "lazytime",      MS_LAZYTIME,    0 },
	{ "nolazytime",    0,              MS_LAZYTIME },
	{ "silent",        MS_SILENT,      0 },
	{ "loud",          0,              MS_SILENT },
	{ "remount",       0,              0 },
	{ "atime",         0,              MS_NOATIME },
	{ "noatime",       MS_NOATIME,     ATIMES },
	{ "diratime",      0,              MS_NODIRATIME },
	{ "nodiratime",    MS_NODIRATIME,  0 },
	{ "relatime",      MS_RELATIME,    ATIMES },
	{ "norelatime",    0,              MS_RELATIME },
	{ "strictatime",   MS_STRICTATIME, ATIMES },
	{ "nostrictatime", 0,              MS_STRICTATIME },
	{ "symfollow",     0,              MS_NOSYMFOLLOW },
	{ "nosymfollow",   MS_NOSYMFOLLOW, 0 },
};

/* These change all mounts below as well, and the off ones do so, too. */
static const struct {
	const char *name;
	unsigned long set, clear;
} everywhere[] = {
	{ "rro",            MS_RDONLY,      0 },
	{ "rrw",            0,              MS_RDONLY },
	{ "rnosuid",        MS_NOSUID,      0 },
	{ "rsuid",          0,              MS_NOSUID },
	{ "rnodev",         MS_NODEV,       0 },
	{ "rdev",           0,              MS_NODEV },
	{ "rnoexec",        MS_NOEXEC,      0 },
	{ "rexec",          0,              MS_NOEXEC },
	{ "ratime",         MS_RELATIME,    MS_NOATIME },
	{ "rnoatime",       MS_NOATIME,     ATIMES },
	{ "rdiratime",      0,              MS_NODIRATIME },
	{ "rnodiratime",    MS_NODIRATIME,  0 },
	{ "rrelatime",      MS_RELATIME,    ATIMES },
	{ "rnorelatime",    MS_STRICTATIME, ATIMES },
	{ "rstrictatime",   MS_STRICTATIME, ATIMES },
	{ "rnostrictatime", MS_RELATIME,    ATIMES },
	{ "rsymfollow",     0,              MS_NOSYMFOLLOW },
	{ "rnosymfollow",   MS_NOSYMFOLLOW, 0 },
};

static const struct {
	const char *name;
	unsigned long flag;
} propagations[] = {
	{ "private",     MS_PRIVATE },
	{ "rprivate",    MS_PRIVATE | MS_REC },
	{ "shared",      MS_SHARED },
	{ "rshared",     MS_SHARED | MS_REC },
	{ "slave",       MS_SLAVE },
	{ "rslave",      MS_SLAVE | MS_REC },
	{ "unbindable",  MS_UNBINDABLE },
	{ "runbindable", MS_UNBINDABLE | MS_REC },
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static bool
read_plain(struct mount_options *o, const char *word)
{
	for (size_t i = 0; i < COUNT(plain); i++) {
		if (strcmp(word, plain[i].name) != 0)
			continue;
		o->flags = (o->flags & ~plain[i].clear) | plain[i].set;
		return true;
	}
	return false;
}

static bool
read_everywhere(struct mount_change *c, const char *word)
{
	for (size_t i = 0; i < COUNT(everywhere); i++) {
		unsigned long set = everywhere[i].set;
		unsigned long clear = everywhere[i].clear;

		if (strcmp(word, everywhere[i].name) != 0)
			continue;
		c->set_all = (c->set_all & ~clear) | set;
		c->clear_all = (c->clear_all & ~set) | (clear & ~set);
		return true;
	}
	return false;
}

static bool
read_propagation(struct mount_change *c, const char *word)
{
	for (size_t i = 0; i < COUNT(propagations); i++) {
		if (strcmp(word, propagations[i].name) != 0)
			continue;
		c->propagation = propagations[i].flag;
		return true;
	}
	return false;
}

static bool
read_kind(struct mount_options *o, const char *word)
{
	if (strcmp(word, "bind") == 0)
		o->bind = true;
	else if (strcmp(word, "rbind") == 0)
		o->bind = o->recursive = true;
	else if (strcmp(word, "tmpcopyup") == 0)
		o->copy_up = true;
	else if (strncmp(word, "subpath=", 8) == 0)
		o->subpath = word + 8;
	else if (strcmp(word, "idmap") == 0)
		o->idmap = true;
	else if (strcmp(word, "ridmap") == 0)
		o->idmap = o->change.userns_all = true;
	else
		return false;
	return true;
}

/* Those of mount(2)'s flags that belong to a mount, not to a file system. */
#define OF_MOUNT \
	(MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NODIRATIME | \
	 MS_NOSYMFOLLOW | ATIMES)

void
mount_options_read(struct mount_options *o, const struct words *words,
                   struct arena *a)
{
	*o = (struct mount_options){ .change = MOUNT_CHANGE_NONE };
	for (size_t i = 0; i < words->n; i++) {
		const char *word = words->v[i];

		if (read_plain(o, word) || read_everywhere(&o->change, word) ||
		    read_propagation(&o->change, word) || read_kind(o, word))
			continue;
		words_add(a, &o->data, word);
	}
	o->change.set = o->flags & OF_MOUNT;
}

char *
mount_options_data(const struct mount_options *o, struct arena *a)
{
	char *data = NULL;

	for (size_t i = 0; i < o->data.n; i++)
		data = data ? arena_format(a, "%s,%s", data, o->data.v[i])
		            : o->data.v[i];
	return data;
}
