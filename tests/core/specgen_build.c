/* SPDX-License-Identifier: ISC */
/* links: base cli sys spec specgen */
/* Command lines become specs: compared with golden files, or refused. */
#include "specgen/specgen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A machine that is the same everywhere. */
static int
ns_path(const char *container, enum namespace_kind kind, char **path,
        struct arena *a, struct err *e)
{
	if (strcmp(container, "web") != 0)
		return (fail)(e, ENOENT, "no such container: '%s'", container);
	*path = arena_format(a, "/proc/7/ns/%s", spec_namespaces[kind].file);
	return 0;
}

static int
device(const char *path, struct device *d, struct err *e)
{
	bool disk = strcmp(path, "/dev/sda") == 0;

	if (!disk && strcmp(path, "/dev/fuse") != 0)
		return (fail)(e, ENOENT, "device '%s': no", path);
	d->type = (char *)(disk ? "b" : "c");
	d->major = (struct number){ true, disk ? 8 : 10 };
	d->minor = (struct number){ true, disk ? 0 : 229 };
	return 0;
}

static int
all_devices(struct device **v, size_t *n, struct arena *a, struct err *e)
{
	struct device *d = LIST_ADD(a, *v, *n);

	d->path = arena_text(a, "/dev/sda");
	return device(d->path, d, e);
}

static const struct {
	const char *path, *text;
	size_t n;
} files[] = {
	{ "env", "\xef\xbb\xbf# a comment\n\n  A=1\r\nB=x y\nHOSTVAR\nABSENT\nC=", 0 },
	{ "blank", "A B=1\n", 0 },
	{ "nul", "A=1\0B\n", 6 },
	{ "empty", "", 0 },
	{ "docker.json",
	  "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":1,"
	  "\"archMap\":[{\"architecture\":\"SCMP_ARCH_X86_64\","
	  "\"subArchitectures\":[\"SCMP_ARCH_X86\",\"SCMP_ARCH_X32\"]},"
	  "{\"architecture\":\"SCMP_ARCH_AARCH64\",\"subArchitectures\":null}],"
	  "\"syscalls\":["
	  "{\"names\":[\"read\"],\"action\":\"SCMP_ACT_ALLOW\"},"
	  "{\"names\":[\"ptrace\"],\"action\":\"SCMP_ACT_ALLOW\","
	  "\"includes\":{\"minKernel\":\"4.8\"}},"
	  "{\"names\":[\"new\"],\"action\":\"SCMP_ACT_ALLOW\","
	  "\"includes\":{\"minKernel\":\"6.2\"}},"
	  "{\"names\":[\"arch_prctl\"],\"action\":\"SCMP_ACT_ALLOW\","
	  "\"includes\":{\"arches\":[\"amd64\",\"x32\"]}},"
	  "{\"names\":[\"set_tls\"],\"action\":\"SCMP_ACT_ALLOW\","
	  "\"includes\":{\"arches\":[\"arm64\"]}},"
	  "{\"names\":[\"chroot\"],\"action\":\"SCMP_ACT_ALLOW\","
	  "\"includes\":{\"caps\":[\"CAP_SYS_CHROOT\"]}},"
	  "{\"names\":[\"mount\"],\"action\":\"SCMP_ACT_ALLOW\","
	  "\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}},"
	  "{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38,"
	  "\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}},"
	  "{\"name\":\"old\",\"action\":\"SCMP_ACT_ALLOW\",\"args\":"
	  "[{\"index\":1,\"value\":2,\"op\":\"SCMP_CMP_NE\"}]}]}", 0 },
	{ "oci.json", "{\"defaultAction\":\"SCMP_ACT_ALLOW\","
	  "\"architectures\":[\"SCMP_ARCH_X86\"]}", 0 },
	{ "badaction.json", "{\"defaultAction\":\"X\"}", 0 },
	{ "badop.json", "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":["
	  "{\"names\":[\"a\"],\"action\":\"SCMP_ACT_LOG\",\"args\":[{\"index\":0,"
	  "\"value\":0,\"op\":\"X\"}]}]}", 0 },
	{ "notjson", "hello", 0 },
};

static int
read_file(const char *path, struct buf *out, struct err *e)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].path, path) == 0) {
			buf_add(out, files[i].text, files[i].n
			        ? files[i].n : strlen(files[i].text));
			return 0;
		}
	return (fail)(e, ENOENT, "'%s': no such file", path);
}

static int
user(const char *rootfs, struct user_lookup *l, struct arena *a,
     struct err *e)
{
	const char *text = l->text;
	struct user *u = &l->user;

	if (text && strcmp(text, "nobody") == 0)
		return (fail)(e, EINVAL, "no user 'nobody' in /etc/passwd");
	u->uid = u->gid = text ? (uint32_t)atoi(text) : 0;
	*(int64_t *)LIST_ADD(a, u->groups, u->n_groups) = u->gid;
	for (size_t i = 0; l->groups && i < l->groups->n; i++)
		*(int64_t *)LIST_ADD(a, u->groups, u->n_groups) =
		        atoi(l->groups->v[i]);
	l->home = arena_text(a, u->uid ? "/home/web" : "/root");
	return 0;
}

static const char *
environment(const char *name)
{
	return strcmp(name, "HOSTVAR") == 0 ? "from the host" : NULL;
}

/* The container "web" has a volume and a bind. */
static int
points(const char *container, struct mount_point **v, size_t *n,
       struct arena *a, struct err *e)
{
	char volume[] = "volume", bind[] = "bind", name[] = "other";
	char at[] = "/from/v", at_too[] = "/w", source[] = "/src";
	struct mount_point one = { .type = volume, .name = name,
		                   .destination = at };
	struct mount_point two = { .type = bind, .source = source,
		                   .destination = at_too };

	if (strcmp(container, "web") != 0)
		return (fail)(e, ENOENT, "no such container: '%s'", container);
	spec_point_add(a, v, n, &one);
	spec_point_add(a, v, n, &two);
	return 0;
}

static const struct host root_host = {
	.cwd = "/home/me", .machine = "x86_64", .kernel = "6.1.0-9-amd64",
	.nofile = 20000, .last_cap = 40, .cpus = 4, .ns_path = ns_path, .device = device,
	.all_devices = all_devices, .read_file = read_file, .user = user,
	.points = points, .environment = environment,
};

static struct args {
	struct specgen_flags spec;
} args;

static const struct opt options[] = {
	OPT_MORE(specgen_options, spec),
	OPT_END
};

static const struct applet applet = {
	.group = "container", .verb = "run", .args = "[COMMAND] [ARG...]",
	.options = options, .into = &args, .stops = true,
};

static char *no_words[] = { NULL };

/* Parse one command line, its words separated by blanks, and build. */
static int
build(const char *line, const struct host *host,
      struct specgen_result *out, struct arena *a, struct err *e)
{
	struct words w = { 0 };
	char **operands;
	char *text = arena_text(a, line), *save = NULL;

	args = (struct args){ 0 };
	for (char *word = strtok_r(text, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		/* a tab stands for a blank that is part of a word */
		for (char *c = word; *c; c++)
			if (*c == '\t')
				*c = ' ';
		words_add(a, &w, word);
	}
	if (opt_parse(&applet, w.n ? w.v : no_words, a, &operands, e) != 0)
		return -1;
	return specgen_build(&args.spec, operands, host, out, e);
}

static char *
golden_path(const char *name)
{
	const char *root = getenv("ROOT");

	return mem_format("%s/tests/core/golden/%s.json", root ? root : ".",
	                  name);
}

/* The seccomp profile is long and has tests of its own: only its key. */
static void
describe(struct specgen_result *r, struct buf *out)
{
	struct linux_part *l = r->spec.linux_part;
	struct seccomp *s = l->seccomp;

	l->seccomp = NULL;
	spec_write(&r->spec, true, out);
	l->seccomp = s;
	buf_format(out, "seccomp: %s\n", s ? "yes" : "no");
	for (size_t i = 0; i < r->labels.n; i++)
		buf_format(out, "label: %s=%s\n", r->labels.v[i].key,
		           r->labels.v[i].value);
	buf_format(out, "stop signal: %s\nimage: %s\n",
	           r->stop_signal ? r->stop_signal : "", r->image);
}

/* With UPDATE_GOLDEN in the environment, what is there becomes the truth. */
static void
compare(const char *name, const struct buf *text)
{
	AUTO(free) char *path = golden_path(name);
	AUTO(buf) struct buf wanted = { 0 };
	AUTO(fclose) FILE *f = fopen(path, getenv("UPDATE_GOLDEN") ? "w" : "r");
	char piece[4096];
	size_t n;

	if (!f)
		fail_msg("%s", path);
	if (getenv("UPDATE_GOLDEN")) {
		fwrite(text->data, 1, text->n, f);
		return;
	}
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(&wanted, piece, n);
	if (!wanted.n || strcmp(wanted.data, text->data) != 0)
		fail_msg("%s differs:\n%s", name, text->data);
}

static const struct {
	const char *name, *line;
	uint32_t uid;
} golden[] = {
	{ "default", "/bin/sh -c echo", 0 },
	{ "default", "-m 9m -m 0 --memory-swap 0 --memory-reservation 0 --cpus 0.0 -c 0 "
	  "--cpu-period 0 --cpu-quota 0 --blkio-weight 0 --shm-size 0 --runtime runc "
	  "--isolation default --disable-content-trust /bin/sh -c echo", 0 },
	{ "rootfs", "--rootfs ./root -it --hostname web --domainname example "
	  "--read-only -w /tmp -l a=b -l c --annotation x=y=z "
	  "--stop-signal rtmin+3 --entrypoint /bin/init arg", 0 },
	{ "env", "-e A=2 -e HOSTVAR -e ABSENT -e GONE=1 -e GONE -e PATH=/bin --env-file env -e HOME=/x "
	  "--label-file env sh", 0 },
	{ "user", "-u 1000 --group-add 7 --cap-add net_raw --cap-drop CAP_KILL --umask 077 sh", 0 },
	{ "caps", "--cap-drop all --cap-add CHOWN sh", 0 },
	{ "privileged", "--privileged --device-cgroup-rule c\t1:2\tr sh", 0 },
	{ "host", "--pid host --ipc host --uts host --net host --cgroupns host sh", 0 },
	{ "joined", "--pid container:web --ipc=container:web --network ns:/run/netns/x "
	  "--userns host --uts container:web --time ns:/proc/1/ns/time sh", 0 },
	{ "userns", "--uidmap 0:100000:65536 --time-offset monotonic=-3 --time-offset boottime=9 sh", 0 },
	{ "rootless", "sh", 1000 },
	{ "volumes", "-v web:/w:ro,nocopy -v /nameless --volumes-from web:ro "
	  "--mount type=volume,src=data,dst=/d,volume-subpath=a/b,volume-nocopy,ro "
	  "--mount type=bind,src=/s,dst=/s,bind-propagation=rslave sh", 0 },
	{ "mounts", "--overlay --rootfs /a:b\\c --shm-size 1g -v /src:/b/c:ro,z,shared "
	  "-v ./rel:/b -v /s://c//./d/:noexec,dev --tmpfs /t:size=1m,exec --tmpfs /dev/shm "
	  "--mount type=bind,src=/x,dst=/y,readonly,bind-recursive=readonly,bind-propagation=rprivate "
	  "--mount \"type=tmpfs\",dst=/z,tmpfs-size=2k,tmpfs-mode=700 "
	  "--mount type=bind,\"source=/q,r\",target=/sys/x,bind-nonrecursive,ro=0 sh", 0 },
	{ "limits", "-m 64m --memory-reservation 32m --memory-swappiness 0 --oom-kill-disable "
	  "--cpus 1.25 -c 512 --cpuset-cpus 0-1 --cpuset-mems 0 --pids-limit -1 "
	  "--blkio-weight 300 --blkio-weight-device /dev/sda:200 --device-read-bps /dev/sda:1m "
	  "--device-write-iops /dev/sda:100 --oom-score-adj 500 --ulimit nofile=64:128 "
	  "--ulimit core=-1 --ulimit nproc=5 --cgroup-parent a//b/ sh", 0 },
	{ "tutorial", "-name x -mem 100m -cpu 20 -cpuset 1 sh", 0 },
	{ "swap", "-m 8m --memory-swap -1 --cpu-period 50000 --cpu-quota 25000 sh", 0 },
	{ "devices", "--device /dev/fuse --device /dev/sda:/dev/disk:r --device /dev/fuse:rw "
	  "--cap-add mknod --device-cgroup-rule c\t42:*\trwm sh", 0 },
	{ "security", "--security-opt no-new-privileges --security-opt seccomp=unconfined "
	  "--security-opt apparmor=acme --security-opt mask=/a:/b --security-opt unmask=/proc/keys:/proc/sys "
	  "--security-opt label=disable --sysctl net.core.somaxconn=99 --sysctl kernel.msgmax=1\t2 sh", 0 },
	{ "systempaths", "--security-opt systempaths=unconfined sh", 0 },
};

static void
test_command_lines_become_the_golden_specs(void **state)
{
	for (size_t i = 0; i < sizeof(golden) / sizeof(golden[0]); i++) {
		AUTO(arena) struct arena a = { 0 };
		AUTO(buf) struct buf text = { 0 };
		struct specgen_result r = { 0 };
		struct host host = root_host;
		struct err e;

		host.uid = host.gid = golden[i].uid;
		if (build(golden[i].line, &host, &r, &a, &e) < 0)
			fail_msg("%s: %s", golden[i].line, e.text);
		describe(&r, &text);
		compare(golden[i].name, &text);
		auto_spec(&r.spec);
	}
}

/* What is refused, and the beginning of why. */
static const struct {
	const char *line, *says;
} refused[] = {
	{ "", "no command" },
	{ "--rootfs= sh", "--rootfs" },
	{ "--stop-signal NOPE sh", "--stop-signal" },
	{ "--stop-signal 0 sh", "--stop-signal" },
	{ "-w tmp sh", "--workdir" },
	{ "-u nobody sh", "--user: no user" },
	{ "--umask 8 sh", "--umask" },
	{ "--umask 01777 sh", "--umask" },
	{ "-l =x sh", "--label" },
	{ "--annotation = sh", "--annotation" },
	{ "-e =x sh", "--env" },
	{ "--env-file blank sh", "--env-file" },
	{ "--env-file nul sh", "--env-file" },
	{ "--env-file absent sh", "--env-file: 'absent': no such file" },
	{ "-h a\tb sh", "--hostname" },
	{ "-h a\n6.6.6.6 sh", "--hostname" },
	{ "-h= sh", "--hostname" },
	{ "-h aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa sh", "--hostname" },
	{ "-h x --uts host sh", "--hostname: needs" },
	{ "--pid none sh", "--pid" },
	{ "--pid container: sh", "--pid" },
	{ "--pid container:x sh", "--pid: no such container: 'x'" },
	{ "--ipc ns:rel sh", "--ipc" },
	{ "--network bridge sh", "--network: no network is called 'bridge'" },
	{ "--userns private sh", "--userns private: give" },
	{ "--userns host --uidmap 0:0:1 sh", "--uidmap: needs" },
	{ "--uidmap 0:0:0 sh", "--uidmap" },
	{ "--uidmap 0:x:1 sh", "--uidmap" },
	{ "--uidmap 0 sh", "--uidmap" },
	{ "--uidmap 0:4294967290:9 sh", "--uidmap" },
	{ "--uidmap 0:0:1:1 sh", "--uidmap" },
	{ "--time-offset realtime=1 sh", "--time-offset" },
	{ "--time-offset monotonic=1.5 sh", "--time-offset" },
	{ "--time-offset monotonic=1 --time-offset monotonic=1 sh", "--time-offset: 'monotonic'" },
	{ "--time host --time-offset monotonic=1 sh", "--time-offset: needs" },
	{ "--cap-add BOGUS sh", "--cap-add: no capability" },
	{ "--cap-drop BOGUS sh", "--cap-drop: no capability" },
	{ "-v name:/x:rshared sh", "--volume: 'name:/x:rshared': 'rshared' is for" },
	{ "-v /a:/x:nocopy sh", "--volume: '/a:/x:nocopy': 'nocopy' is for" },
	{ "-v /a:ro sh", "--volume: the target 'ro'" },
	{ "-v /x -v name:/x sh", "--volume: the target '/x' is given twice" },
	{ "--volume-driver nfs sh", "--volume-driver" },
	{ "--volumes-from nobody sh", "--volumes-from: no such" },
	{ "--volumes-from :ro sh", "--volumes-from: ':ro' has no name" },
	{ "--volumes-from web:x sh", "--volumes-from: 'web:x': invalid mode" },
	{ "-v :/x sh", "--volume" },
	{ "-v /a:/x:ro:z sh", "--volume" },
	{ "-v /a:/x:ro,rw sh", "--volume" },
	{ "-v /a:/x:nope sh", "--volume" },
	{ "-v /a:/x: sh", "--volume" },
	{ "-v /a:x sh", "--volume: the target" },
	{ "-v /a:/ sh", "--volume: the target" },
	{ "-v /a://. sh", "--volume: the target" },
	{ "-v /a:/x/../y sh", "--volume: the target" },
	{ "-v /a:/x\ny sh", "--volume: the target" },
	{ "-v /a:/proc sh", "--volume: '/proc'" },
	{ "-v /a:/proc/self/fd sh", "--volume: '/proc/self/fd'" },
	{ "-v /a:/dev sh", "--volume: '/dev'" },
	{ "-v /a:/dev/pts/0 sh", "--volume: '/dev/pts/0'" },
	{ "-v /a:/sys/fs/cgroup/x sh", "--volume: '/sys/fs/cgroup/x'" },
	{ "-v /a:/b -v /c:/b/ sh", "--volume: the target '/b' is given twice" },
	{ "--tmpfs t sh", "--tmpfs" },
	{ "--tmpfs /t:upperdir=/ sh", "--tmpfs: unknown option" },
	{ "--tmpfs /proc sh", "--tmpfs: '/proc'" },
	{ "--mount type=bind,src=/a sh", "--mount" },
	{ "--mount type=bind,dst=/a sh", "--mount" },
	{ "--mount dst=/b,volume-subpath=/x sh", "--mount: volume-subpath" },
	{ "--mount dst=/b,volume-subpath=a/../x sh", "--mount: volume-subpath" },
	{ "--mount dst=/b,volume-driver=nfs sh", "--mount: volume-driver" },
	{ "--mount dst=/b,bind-nonrecursive sh", "--mount: cannot mix 'bind-*'" },
	{ "--link a:b sh", "--link: there are no links" },
	{ "--cpu-count 1 sh", "--cpu-count: is for Windows" },
	{ "--isolation hyperv sh", "--isolation: 'hyperv' is for Windows" },
	{ "--kernel-memory 1g sh", "--kernel-memory" },
	{ "--runtime crun sh", "--runtime: 'crun'" },
	{ "--use-api-socket sh", "--use-api-socket" },
	{ "--disable-content-trust=F sh", "--disable-content-trust" },
	{ "--mount type=npipe,src=/a,dst=/b sh", "--mount: type" },
	{ "--mount type=bind,src=/a,dst=/b,x=y sh", "--mount: unknown key" },
	{ "--mount type=bind,src=/a,dst=/b,tmpfs-size=1 sh", "--mount: cannot mix 'tmpfs-*'" },
	{ "--mount type=tmpfs,src=/a,dst=/b sh", "--mount: type=tmpfs" },
	{ "--mount type=bind,src=/a,dst=/b,ro=maybe sh", "--mount: ro" },
	{ "--mount type=bind,src=/a,dst=/b,bind-recursive=readonly sh", "--mount: bind-rec" },
	{ "--mount type=bind,\"src=/a,dst=/b sh", "--mount" },
	{ "--shm-size 1m --ipc host sh", "--shm-size" },
	{ "-m -1 sh", "--memory" },
	{ "-m 5m sh", "--memory: the least is 6m" },
	{ "-m 99999999999999999999 sh", "-m" },
	{ "--memory-swap 1g sh", "--memory-swap" },
	{ "-m 2g --memory-swap 1g sh", "--memory-swap" },
	{ "-m 1g --memory-reservation 2g sh", "--memory-reservation" },
	{ "--memory-swappiness 101 sh", "--memory-swappiness" },
	{ "--cpus nan sh", "--cpus" },
	{ "--cpus 0.001 sh", "--cpus: range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs" },
	{ "--cpus 4.01 sh", "--cpus: range of CPUs is from 0.01 to 4.00, as there are only 4 CPUs" },
	{ "--cpu 401 sh", "--cpu: range of percents is from 1 to 400, as there are only 4 CPUs" },
	{ "--cpus 1.5.5 sh", "--cpus" },
	{ "--cpus . sh", "--cpus" },
	{ "--cpus 999999 sh", "--cpus" },
	{ "--cpus 1 --cpu-quota 5000 sh", "--cpus" },
	{ "--cpu 0 sh", "--cpu" },
	{ "--cpu-quota 999 sh", "--cpu-quota" },
	{ "--cpu-period 999 sh", "--cpu-period" },
	{ "--cpu-shares 1 sh", "--cpu-shares" },
	{ "--cpuset-cpus 0-4294967295 sh", "--cpuset-cpus" },
	{ "--cpuset-mems x sh", "--cpuset-mems" },
	{ "--pids-limit -2 sh", "--pids-limit" },
	{ "--blkio-weight 9 sh", "--blkio-weight" },
	{ "--blkio-weight-device /dev/sda:9 sh", "--blkio-weight-device" },
	{ "--blkio-weight-device /dev/no:10 sh", "--blkio-weight-device: device" },
	{ "--device-read-bps /dev/sda sh", "--device-read-bps" },
	{ "--device-read-bps /dev/sda:10gg sh", "--device-read-bps" },
	{ "--device-read-bps /dev/sda:0 sh", "--device-read-bps" },
	{ "--device-write-iops /dev/sda:1m sh", "--device-write-iops" },
	{ "--oom-score-adj 1001 sh", "--oom-score-adj" },
	{ "--ulimit nofile sh", "--ulimit" },
	{ "--ulimit nope=1 sh", "--ulimit" },
	{ "--ulimit nofile=2:1 sh", "--ulimit" },
	{ "--ulimit nofile=1:2:3 sh", "--ulimit" },
	{ "--ulimit nofile=-2 sh", "--ulimit" },
	{ "--cgroup-parent a/../b sh", "--cgroup-parent" },
	{ "--cgroup-parent / sh", "--cgroup-parent" },
	{ "--device fuse sh", "--device" },
	{ "--device /dev/no sh", "--device" },
	{ "--device /dev/fuse:/dev/f:x sh", "--device" },
	{ "--device /dev/fuse:f sh", "--device" },
	{ "--device-cgroup-rule c\t1:x\tr sh", "--device-cgroup-rule" },
	{ "--device-cgroup-rule d\t1:1\tr sh", "--device-cgroup-rule" },
	{ "--device-cgroup-rule c\t1:1 sh", "--device-cgroup-rule" },
	{ "--sysctl kernel.core_pattern=x sh", "--sysctl: 'kernel.core_pattern'" },
	{ "--sysctl kernel.shm_rmid_forced=1+kernel.core_pattern=x sh", "--sysctl" },
	{ "--sysctl net.x=1\ny sh", "--sysctl" },
	{ "--sysctl net.x sh", "--sysctl" },
	{ "--sysctl net.x=1 --network host sh", "--sysctl: 'net.x' needs" },
	{ "--sysctl kernel.msgmax=1 --ipc container:web sh", "--sysctl: 'kernel.msgmax' needs" },
	{ "--security-opt nope sh", "--security-opt" },
	{ "--security-opt seccomp sh", "--security-opt" },
	{ "--security-opt seccomp=missing.json sh", "--security-opt: seccomp: 'missing.json'" },
	{ "--security-opt seccomp=notjson sh", "--security-opt: seccomp: 'notjson': not JSON" },
	{ "--security-opt seccomp=badaction.json sh", "linux.seccomp.defaultAction" },
	{ "--security-opt seccomp=badop.json sh", "linux.seccomp.syscalls" },
	{ "--security-opt no-new-privileges=maybe sh", "--security-opt" },
	{ "--security-opt label=type:x sh", "--security-opt: label" },
	{ "--security-opt systempaths=all sh", "--security-opt: systempaths" },
	{ "--nosuch x sh", "unknown option '--nosuch'" },
};

static void
test_what_is_wrong_is_refused_by_its_option(void **state)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		AUTO(arena) struct arena a = { 0 };
		struct specgen_result r = { 0 };
		struct err e = { 0 };

		if (build(refused[i].line, &root_host, &r, &a, &e) == 0)
			fail_msg("%s was accepted", refused[i].line);
		if (strncmp(e.text, refused[i].says,
		            strlen(refused[i].says)) != 0)
			fail_msg("%s: %s", refused[i].line, e.text);
		assert_null(r.spec.arena.last);
	}
}

static void
test_a_target_of_5000_bytes_is_refused(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	char line[5100] = "-v /a:/";
	struct specgen_result r = { 0 };
	struct err e;

	memset(line + 7, 'x', 5000);
	strcpy(line + 5007, " sh");
	assert_int_equal(build(line, &root_host, &r, &a, &e), -1);
	assert_true(strlen(e.text) < 200);
}

static void
test_a_docker_profile_is_resolved(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf names = { 0 };
	struct specgen_result r = { 0 };
	struct seccomp *s;
	struct err e;

	if (build("--security-opt seccomp=docker.json sh", &root_host, &r, &a,
	          &e) < 0)
		fail_msg("%s", e.text);
	s = r.spec.linux_part->seccomp;
	for (size_t i = 0; i < s->architectures.n; i++)
		buf_format(&names, "%s ", s->architectures.v[i]);
	for (size_t i = 0; i < s->n_rules; i++)
		buf_format(&names, "%s ", s->rules[i].names.v[0]);
	assert_string_equal(names.data, "SCMP_ARCH_X86_64 SCMP_ARCH_X86 "
	                    "SCMP_ARCH_X32 read ptrace arch_prctl chroot "
	                    "clone3 old ");
	assert_int_equal(s->rules[4].errno_ret.value, 38);
	assert_int_equal(s->rules[5].n_args, 1);
	auto_spec(&r.spec);
}

static void
test_a_plain_profile_gets_our_own_architecture(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct specgen_result r = { 0 };
	struct seccomp *s;
	struct err e;

	if (build("--privileged --security-opt seccomp=oci.json sh",
	          &root_host, &r, &a, &e) < 0)
		fail_msg("%s", e.text);
	s = r.spec.linux_part->seccomp;
	assert_int_equal(s->architectures.n, 2);
	assert_string_equal(s->architectures.v[0], "SCMP_ARCH_X86_64");
	auto_spec(&r.spec);
}

static void
test_a_strange_machine_has_no_profile(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct host host = root_host;
	struct specgen_result r = { 0 };
	struct err e;

	host.machine = "vax";
	assert_int_equal(build("sh", &host, &r, &a, &e), -1);
	assert_int_equal(e.code, ENOTSUP);
	assert_int_equal(build("--security-opt seccomp=unconfined sh", &host,
	                       &r, &a, &e), 0);
	auto_spec(&r.spec);
}

static char *top[] = { "top", "-b", NULL };

static void
test_exec_keeps_all_but_what_it_is_told(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct specgen_result r = { 0 };
	struct specgen_exec flags = { .rootfs = "/", .tty = true,
	                              .workdir = "/tmp" };
	struct process *p;
	struct err e;

	assert_int_equal(build("-e A=1 sh", &root_host, &r, &a, &e), 0);
	p = r.spec.process;
	words_add(&a, &flags.env, "A=2");
	assert_int_equal(specgen_exec(&r.spec, &flags, top, &root_host, &e), 0);
	assert_true(p->terminal);
	assert_string_equal(p->cwd, "/tmp");
	assert_int_equal(p->args.n, 2);
	assert_int_equal(p->capabilities->effective.n, 11);
	assert_string_equal(p->env.v[1], "A=2");
	assert_string_equal(p->env.v[3], "TERM=xterm");
	assert_non_null(r.spec.linux_part->seccomp);
	assert_int_equal(p->n_rlimits, 2);
	auto_spec(&r.spec);
}

static void
test_exec_as_another_user_loses_capabilities(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct specgen_result r = { 0 };
	struct specgen_exec flags = { .rootfs = "/", .user = "1000" };
	struct process *p;
	struct err e;

	assert_int_equal(build("--cap-add net_raw sh", &root_host, &r, &a, &e),
	                 0);
	p = r.spec.process;
	assert_int_equal(specgen_exec(&r.spec, &flags, top, &root_host, &e), 0);
	assert_int_equal(p->user.uid, 1000);
	assert_int_equal(p->user.umask.value, 022);
	assert_int_equal(p->capabilities->bounding.n, 12);
	assert_int_equal(p->capabilities->effective.n, 1);
	assert_string_equal(p->capabilities->ambient.v[0], "CAP_NET_RAW");
	assert_string_equal(p->env.v[1], "HOME=/home/web");
	auto_spec(&r.spec);
}

static void
test_exec_can_be_privileged(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct specgen_result r = { 0 };
	struct specgen_exec flags = { .privileged = true };
	struct err e;

	assert_int_equal(build("sh", &root_host, &r, &a, &e), 0);
	assert_int_equal(specgen_exec(&r.spec, &flags, top, &root_host, &e), 0);
	assert_int_equal(r.spec.process->capabilities->effective.n, 41);
	assert_int_equal(r.spec.process->capabilities->ambient.n, 0);
	auto_spec(&r.spec);
}

static void
test_exec_refuses_what_it_cannot_run(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct specgen_result r = { 0 };
	struct specgen_exec flags = { .workdir = "rel" }, none = { 0 };
	struct err e;

	assert_int_equal(build("sh", &root_host, &r, &a, &e), 0);
	assert_int_equal(specgen_exec(&r.spec, &flags, top, &root_host, &e), -1);
	assert_int_equal(specgen_exec(&r.spec, &none, no_words, &root_host,
	                              &e), -1);
	auto_spec(&r.spec);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command_lines_become_the_golden_specs),
		cmocka_unit_test(test_what_is_wrong_is_refused_by_its_option),
		cmocka_unit_test(test_a_target_of_5000_bytes_is_refused),
		cmocka_unit_test(test_a_docker_profile_is_resolved),
		cmocka_unit_test(test_a_plain_profile_gets_our_own_architecture),
		cmocka_unit_test(test_a_strange_machine_has_no_profile),
		cmocka_unit_test(test_exec_keeps_all_but_what_it_is_told),
		cmocka_unit_test(test_exec_as_another_user_loses_capabilities),
		cmocka_unit_test(test_exec_can_be_privileged),
		cmocka_unit_test(test_exec_refuses_what_it_cannot_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
