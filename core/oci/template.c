/* SPDX-License-Identifier: ISC */
/* A config.json to begin with: the same as runc's, so that guides apply. */
#include "oci/box.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CAPS "['CAP_AUDIT_WRITE','CAP_KILL','CAP_NET_BIND_SERVICE']"

/* JSON, but for its quotes, to be read by people. */
static const char template[] =
	"{'ociVersion':'1.2.1','hostname':'mydocker',"
	"'process':{'terminal':true,"
	"'user':{'uid':0,'gid':0},'args':['sh'],'cwd':'/','env':["
	"'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',"
	"'TERM=xterm'],'capabilities':{'bounding':" CAPS ",'effective':" CAPS
	",'permitted':" CAPS "},'rlimits':[{'type':'RLIMIT_NOFILE','soft':1024,"
	"'hard':1024}],'noNewPrivileges':true},"
	"'root':{'path':'rootfs','readonly':true},'mounts':["
	"{'destination':'/proc','type':'proc','source':'proc'},"
	"{'destination':'/dev','type':'tmpfs','source':'tmpfs','options':["
	"'nosuid','strictatime','mode=755','size=65536k']},"
	"{'destination':'/dev/pts','type':'devpts','source':'devpts',"
	"'options':['nosuid','noexec','newinstance','ptmxmode=0666',"
	"'mode=0620','gid=5']},"
	"{'destination':'/dev/shm','type':'tmpfs','source':'shm','options':["
	"'nosuid','noexec','nodev','mode=1777','size=65536k']},"
	"{'destination':'/dev/mqueue','type':'mqueue','source':'mqueue',"
	"'options':['nosuid','noexec','nodev']},"
	"{'destination':'/sys','type':'sysfs','source':'sysfs','options':["
	"'nosuid','noexec','nodev','ro']},"
	"{'destination':'/sys/fs/cgroup','type':'cgroup','source':'cgroup',"
	"'options':['nosuid','noexec','nodev','relatime','ro']}],"
	"'linux':{'resources':{'devices':[{'allow':false,'access':'rwm'}]},"
	"'namespaces':[{'type':'pid'},{'type':'network'},{'type':'ipc'},"
	"{'type':'uts'},{'type':'mount'},{'type':'cgroup'}],'maskedPaths':["
	"'/proc/acpi','/proc/asound','/proc/kcore','/proc/keys',"
	"'/proc/latency_stats','/proc/timer_list','/proc/timer_stats',"
	"'/proc/sched_debug','/sys/firmware','/proc/scsi'],'readonlyPaths':["
	"'/proc/bus','/proc/fs','/proc/irq','/proc/sys','/proc/sysrq-trigger'"
	"]}}";

static int
read_template(struct spec *s, struct err *e)
{
	char text[sizeof(template)];

	for (size_t i = 0; i < sizeof(template); i++)
		text[i] = template[i] == '\'' ? '"' : template[i];
	return spec_read(s, text, sizeof(template) - 1, e);
}

static struct id_map *
one_id(struct arena *a, uint32_t outside)
{
	struct id_map *map = arena_new(a, sizeof(*map));

	*map = (struct id_map){ 0, outside, 1 };
	return map;
}

static void
bind_sys(struct mount *m, struct arena *a)
{
	static const char *const options[] = { "rbind", "nosuid", "noexec",
	                                       "nodev", "ro" };

	m->type = arena_text(a, "none");
	m->source = arena_text(a, "/sys");
	m->options = (struct words){ 0 };
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		words_add(a, &m->options, options[i]);
}

static void
drop_word(struct words *w, const char *word)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->v[i], word) != 0)
			w->v[kept++] = w->v[i];
	w->n = kept;
}

/* Without privileges there is no network to be made, no cgroup, no sysfs of
 * one's own, and no group but one's own. */
static void
make_rootless(struct spec *s)
{
	struct linux_part *l = s->linux_part;

	for (size_t i = 0; i < l->n_namespaces; i++)
		if (strcmp(l->namespaces[i].type, "network") == 0)
			l->namespaces[i].type = arena_text(&s->arena, "user");
	for (size_t i = 0; i < s->n_mounts; i++) {
		drop_word(&s->mounts[i].options, "gid=5");
		if (strcmp(s->mounts[i].destination, "/sys") == 0)
			bind_sys(&s->mounts[i], &s->arena);
	}
	l->resources = NULL;
	l->uid_maps = one_id(&s->arena, geteuid());
	l->gid_maps = one_id(&s->arena, getegid());
	l->n_uid_maps = l->n_gid_maps = 1;
}

static int
make(bool rootless, struct buf *out, struct err *e)
{
	AUTO(spec) struct spec s = { 0 };

	if (read_template(&s, e) < 0)
		return -1;
	if (rootless)
		make_rootless(&s);
	spec_write(&s, true, out);
	buf_text(out, "\n");
	return 0;
}

/* A file is where the caller says: the last name of it, in its directory. */
static int
open_place(const char *bundle, const char **name, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	const char *slash = strrchr(*name, '/');
	const char *option = slash ? "--file" : "--bundle";
	int dir;

	if (slash)
		bundle = arena_bytes(&a, *name, (size_t)(slash - *name) + 1);
	if (slash)
		*name = slash + 1;
	dir = open(bundle ? bundle : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return dir < 0 ? fail_sys(e, "%s: '%s'", option, bundle ? bundle : ".")
	               : dir;
}

int
oci_template(const char *bundle, const char *file, bool rootless,
             struct err *e)
{
	const char *name = file ? file : "config.json";
	AUTO(close) int dir = open_place(bundle, &name, e);
	AUTO(buf) struct buf text = { 0 };

	if (dir < 0)
		return -1;
	if (faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return fail(e, EEXIST, "%s is there already; remove it first",
		            name);
	if (make(rootless, &text, e) < 0 ||
	    store_write(dir, name, &text, false, e) < 0)
		return -1;
	return fchmodat(dir, name, 0644, 0) < 0 ? fail_sys(e, "%s", name) : 0;
}
