/* SPDX-License-Identifier: ISC */
/* What `checkpoint` and `restore` have in common: directories and options. */
#include "oci/images.h"
#include "cgroup/cgroup.h"
#include "sys/fd.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#undef OPT_STRUCT
#define OPT_STRUCT struct oci_criu

const struct opt oci_criu_options[] = {
	{ 0, "auto-dedup", NULL, FLAG(auto_dedup), "drop pages that a later image has" },
	{ 0, "empty-ns", "network", LIST(empty_ns), "leave out what is in it; always done" },
	{ 0, "ext-unix-sk", NULL, FLAG(ext_unix_sk), "allow unix sockets to the outside" },
	{ 0, "file-locks", NULL, FLAG(file_locks), "allow file locks, and keep them" },
	{ 0, "image-path", "DIR", TEXT(images), "where the images are; ./checkpoint" },
	{ 0, "lazy-pages", NULL, FLAG(lazy_pages), "fetch memory when it is used" },
	{ 0, "manage-cgroups-mode", "ignore|soft|full|strict", TEXT(cgroups_mode),
	  "what is kept of cgroups" },
	{ 0, "shell-job", NULL, FLAG(shell_job), "allow a terminal of the outside" },
	{ 0, "tcp-established", NULL, FLAG(tcp_established), "keep open TCP connections" },
	{ 0, "work-path", "DIR", TEXT(work), "where criu's log goes, instead of the images" },
	OPT_END
};

/* criu_cg_mode of criu's images/rpc.proto; DEFAULT where nothing is said. */
static const struct {
	const char *name;
	int number;
} modes[] = {
	{ "", 6 }, { "ignore", 0 }, { "soft", 3 }, { "full", 4 },
	{ "strict", 5 },
};

static int
mode_of(const struct oci_criu *how)
{
	const char *name = how->cgroups_mode ? how->cgroups_mode : "";

	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++)
		if (strcmp(modes[i].name, name) == 0)
			return modes[i].number;
	return -1;
}

void
auto_images(struct images *m)
{
	auto_criu(&m->criu);
	auto_criu_options(&m->options);
	if (m->work != m->images)
		auto_close(&m->work);
	auto_close(&m->images);
}

static int
check_words(const struct oci_criu *how, struct err *e)
{
	if (mode_of(how) < 0)
		return fail(e, EINVAL, "--manage-cgroups-mode: '%s' is not a "
		            "choice", how->cgroups_mode);
	for (size_t i = 0; i < how->empty_ns.n; i++)
		if (strcmp(how->empty_ns.v[i], "network") != 0)
			return fail(e, EINVAL, "--empty-ns: namespace '%s' is "
			            "not supported", how->empty_ns.v[i]);
	return 0;
}

int
images_check(struct oci_criu *how, struct arena *a, struct err *e)
{
	if (check_words(how, e) < 0)
		return -1;
	if (geteuid() != 0)
		return fail(e, EPERM, "criu needs root");
	if (!criu_is_installed())
		return fail(e, ENOENT, "criu: executable file not found in "
		            "$PATH; it comes with Debian's package criu");
	if (!how->images || !*how->images)
		how->images = arena_text(a, "checkpoint");
	if (how->work && !*how->work)
		how->work = NULL;
	return box_absolute(&how->images, a, e) < 0 ||
	       box_absolute(&how->work, a, e) < 0 ? -1 : 0;
}

static int
open_dir(const char *option, const char *path, bool make, struct err *e)
{
	int fd;

	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		return fail_sys(e, "%s: '%s'", option, path);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? fail_sys(e, "%s: '%s'", option, path) : fd;
}

/* As with runc: a file of the administrator's, or one that the container
 * names, comes last. criu passes over one that is not there. */
static void
add_config(struct images *m)
{
	const struct pairs *notes = &m->c->spec.annotations;
	const char *file = pairs_get(notes, "org.criu.config");

	criu_text(&m->options, CRIU_CONFIG, file ? file
	                                         : "/etc/criu/runc.conf");
}

static void
add_common(struct images *m)
{
	struct criu_options *o = &m->options;
	const struct oci_criu *how = m->how;

	criu_number(o, CRIU_IMAGES_FD, m->images);
	if (m->work != m->images)
		criu_number(o, CRIU_WORK_FD, m->work);
	criu_number(o, CRIU_LOG_LEVEL, 4);
	criu_text(o, CRIU_LOG_FILE, m->log);
	criu_flag(o, CRIU_NOTIFY, true);
	criu_flag(o, CRIU_ORPHAN_TERMINAL, true);
	criu_number(o, CRIU_CGROUPS_MODE, mode_of(how));
	/* the network is somebody else's to set up, again, too */
	criu_number(o, CRIU_EMPTY_NS, CLONE_NEWNET);
	criu_flag(o, CRIU_AUTO_DEDUP, how->auto_dedup);
	criu_flag(o, CRIU_EXT_UNIX_SK, how->ext_unix_sk);
	criu_flag(o, CRIU_FILE_LOCKS, how->file_locks);
	criu_flag(o, CRIU_LAZY_PAGES, how->lazy_pages);
	criu_flag(o, CRIU_SHELL_JOB, how->shell_job);
	criu_flag(o, CRIU_TCP_ESTABLISHED, how->tcp_established);
	add_config(m);
}

int
images_begin(struct images *m, const char *log, bool make, struct err *e)
{
	const struct oci_criu *how = m->how;

	m->images = m->work = open_dir("--image-path", how->images, make, e);
	if (m->images < 0)
		return -1;
	if (how->work)
		m->work = open_dir("--work-path", how->work, true, e);
	if (m->work < 0)
		return -1;
	m->log = log;
	m->log_path = arena_format(&m->c->arena, "%s/%s", how->work
	                           ? how->work : how->images, log);
	/* what an earlier one had to say is not why this one fails */
	if (unlinkat(m->work, log, 0) < 0 && errno != ENOENT)
		return fail_sys(e, "'%s'", m->log_path);
	add_common(m);
	return 0;
}

void
images_explain(const struct images *m, struct err *e)
{
	char *reason = criu_reason(m->work, m->log, &m->c->arena);

	if (reason)
		fail(e, ECHILD, "criu: %s; see %s", reason, m->log_path);
}

bool
images_is_bind(const struct mount *m)
{
	return (m->type && strcmp(m->type, "bind") == 0) ||
	       words_has(&m->options, "bind") ||
	       words_has(&m->options, "rbind");
}

void
images_devices(struct images *m)
{
	const struct linux_part *l = m->c->spec.linux_part;

	for (size_t i = 0; i < l->n_devices; i++)
		criu_pair(&m->options, CRIU_MOUNT, l->devices[i].path,
		          l->devices[i].path);
}

const char *
images_place(const struct images *m, int root, const char *path)
{
	char base[PATH_MAX], real[PATH_MAX];
	AUTO(close) int fd = path_open_in(root, path, O_PATH);
	ssize_t n, m_n;

	if (fd < 0)
		return path;
	n = readlink(fd_path(root).text, base, sizeof(base) - 1);
	m_n = readlink(fd_path(fd).text, real, sizeof(real) - 1);
	if (n <= 0 || m_n <= n || memcmp(base, real, (size_t)n) != 0)
		return path;
	real[m_n] = '\0';
	return arena_text(&m->c->arena, real + n);
}

const char *
images_foreign(const struct namespace_row *row)
{
	if (!row || !row->path)
		return NULL;
	return strcmp(row->type, "network") == 0 ? "extRootNetNS"
	       : strcmp(row->type, "pid") == 0   ? "extRootPidNS" : NULL;
}

static void
add_tree(struct images *m, const struct mount *at,
         const struct cgroup_tree *t, const char *path)
{
	const char *name = strrchr(t->mount, '/');
	struct arena *a = &m->c->arena;
	char *key = arena_format(a, "%s%s", at->destination, name ? name : "");

	criu_pair(&m->options, CRIU_MOUNT, key, path
	          ? arena_format(a, "%s%s", t->mount, path) : key);
}

/* With a namespace of its own, or under v2 alone, they are file systems like
 * others, which criu makes again. */
void
images_cgroups(struct images *m, bool restore)
{
	struct oci *c = m->c;
	AUTO(cgroup) struct cgroup g = { 0 };
	struct err ignored;

	if (!c->record.cgroup || cgroup_layout() == CGROUP_V2 ||
	    spec_namespace(&c->spec, NAMESPACE_CGROUP) ||
	    cgroup_open(&g, c->record.cgroup, &ignored) < 0)
		return;
	for (size_t i = 0; i < c->spec.n_mounts; i++) {
		const struct mount *at = &c->spec.mounts[i];

		if (!at->type || strcmp(at->type, "cgroup") != 0)
			continue;
		for (size_t j = 0; j < g.n_trees; j++)
			add_tree(m, at, &g.trees[j], restore ? g.path : NULL);
	}
}
