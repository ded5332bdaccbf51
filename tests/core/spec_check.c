/* SPDX-License-Identifier: ISC */
/* links: base spec */
/* A rich config.json survives, and what the specification refuses is refused. */
#include "spec/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
load(const char *name, struct buf *out)
{
	const char *root = getenv("ROOT");
	AUTO(free) char *path = mem_format("%s/tests/core/golden/%s",
	                                   root ? root : ".", name);
	FILE *f = fopen(path, "re");
	char piece[4096];
	size_t n;

	if (!f)
		fail_msg("%s", path);
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_add(out, piece, n);
	fclose(f);
}

static void
test_a_rich_config_survives(void **state)
{
	AUTO(buf) struct buf text = { 0 };
	AUTO(buf) struct buf out = { 0 };
	AUTO(spec) struct spec s = { 0 };
	struct err e;

	load("spec_rich.json", &text);
	if (spec_read(&s, text.data, text.n, &e) < 0)
		fail_msg("%s", e.text);
	if (spec_check(&s, &e) < 0)
		fail_msg("%s", e.text);
	spec_write(&s, true, &out);
	assert_string_equal(out.data, text.data);
}

static void
test_unknown_capabilities_are_dropped(void **state)
{
	static const char text[] =
	        "{\"cwd\":\"/\",\"args\":[\"x\"],\"capabilities\":{"
	        "\"bounding\":[\"CAP_NEW\",\"CAP_KILL\",\"CAP_NEWER\"]}}";
	AUTO(arena) struct arena a = { 0 };
	struct process p = { 0 };
	struct err e;

	assert_int_equal(spec_read_process(&p, text, strlen(text), &a, &e), 0);
	assert_int_equal(p.capabilities->bounding.n, 1);
	assert_string_equal(p.capabilities->bounding.v[0], "CAP_KILL");
}

/* A spec with nothing wrong, %s one more part of each of its objects. */
#define FRAME \
	"{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"}," \
	"\"process\":{\"args\":[\"x\"],\"cwd\":\"/\"%s}%s," \
	"\"linux\":{\"namespaces\":[{\"type\":\"mount\"}%s]%s}}"

enum part { PROCESS, TOP, NAMESPACE, LINUX, PARTS };

static int
check_part(enum part part, const char *text, struct err *e)
{
	const char *in[PARTS] = { "", "", "", "" };
	AUTO(spec) struct spec s = { 0 };
	AUTO(free) char *whole = NULL;

	in[part] = text;
	whole = mem_format(FRAME, in[0], in[1], in[2], in[3]);
	if (spec_read(&s, whole, strlen(whole), e) < 0)
		fail_msg("%s: %s", whole, e->text);
	return spec_check(&s, e);
}

static const struct {
	enum part part;
	const char *text, *says; /* NULL: nothing is wrong */
} rows[] = {
	{ TOP, "", NULL },
	{ PROCESS, ",\"oomScoreAdj\":1001", "process.oomScoreAdj" },
	{ PROCESS, ",\"oomScoreAdj\":-1000", NULL },
	{ PROCESS, ",\"user\":{\"uid\":4294967295,\"gid\":0}", "process.user" },
	{ PROCESS, ",\"user\":{\"additionalGids\":[-1]}", "process.user.additionalGids" },
	{ PROCESS, ",\"user\":{\"umask\":512}", "process.user.umask" },
	{ PROCESS, ",\"rlimits\":[{\"type\":\"RLIMIT_X\",\"soft\":0,\"hard\":0}]",
	  "process.rlimits: no limit" },
	{ PROCESS, ",\"rlimits\":[{\"type\":\"RLIMIT_AS\",\"soft\":1,\"hard\":0}]",
	  "process.rlimits: the soft" },
	{ PROCESS, ",\"rlimits\":[{\"type\":\"RLIMIT_AS\",\"soft\":0,\"hard\":0},"
	  "{\"type\":\"RLIMIT_AS\",\"soft\":0,\"hard\":0}]", "process.rlimits: RLIMIT_AS is given" },
	{ PROCESS, ",\"ioPriority\":{\"class\":\"X\",\"priority\":0}",
	  "process.ioPriority.class" },
	{ PROCESS, ",\"execCPUAffinity\":{\"initial\":\"x\"}",
	  "process.execCPUAffinity.initial" },
	{ PROCESS, ",\"execCPUAffinity\":{\"final\":\"0-\"}", "process.execCPUAffinity.final" },
	{ PROCESS, ",\"execCPUAffinity\":{\"initial\":\"0-1,3\",\"final\":\"\"}", NULL },
	{ PROCESS, ",\"ioPriority\":{\"class\":\"IOPRIO_CLASS_BE\",\"priority\":8}",
	  "process.ioPriority.priority" },
	{ PROCESS, ",\"scheduler\":{\"policy\":\"X\"}", "process.scheduler.policy" },
	{ PROCESS, ",\"scheduler\":{\"policy\":\"SCHED_RR\",\"flags\":[\"X\"]}",
	  "process.scheduler.flags" },
	{ PROCESS, ",\"scheduler\":{\"policy\":\"SCHED_OTHER\",\"nice\":20}",
	  "process.scheduler.nice" },
	{ TOP, ",\"hostname\":\"h\"", "hostname: needs" },
	{ TOP, ",\"domainname\":\"h\"", "domainname: needs" },
	{ TOP, ",\"annotations\":{\"\":\"\"}", "annotations" },
	{ TOP, ",\"mounts\":[{\"destination\":\"rel\"}]", NULL },
	{ TOP, ",\"mounts\":[{\"destination\":\"\"}]", "mounts[0].destination" },
	{ TOP, ",\"mounts\":[{\"destination\":\"/\",\"uidMappings\":"
	  "[{\"containerID\":0,\"hostID\":0,\"size\":1}]}]", "mounts[0]: uidMappings" },
	{ TOP, ",\"hooks\":{\"poststop\":[{\"path\":\"x\"}]}", "hooks.poststop[0].path" },
	{ TOP, ",\"hooks\":{\"prestart\":[{\"path\":\"/x\",\"timeout\":0}]}",
	  "hooks.prestart[0].timeout" },
	{ NAMESPACE, ",{\"type\":\"x\"}", "linux.namespaces: no namespace" },
	{ NAMESPACE, ",{\"type\":\"mount\"}", "linux.namespaces: 'mount' is given" },
	{ NAMESPACE, ",{\"type\":\"pid\",\"path\":\"x\"}", "linux.namespaces: the path" },
	{ NAMESPACE, ",{\"type\":\"user\"}", "linux.namespaces: a new user" },
	{ LINUX, ",\"uidMappings\":[{\"containerID\":0,\"hostID\":0,\"size\":1}]",
	  "linux.uidMappings: need" },
	{ LINUX, ",\"timeOffsets\":{\"monotonic\":{\"secs\":1}}", "linux.timeOffsets: need" },
	{ LINUX, ",\"netDevices\":{\"eth0\":{}}", "linux.netDevices: need" },
	{ LINUX, ",\"devices\":[{\"path\":\"x\",\"type\":\"p\"}]", "linux.devices: 'x'" },
	{ LINUX, ",\"devices\":[{\"path\":\"/a/../b\",\"type\":\"p\"}]", "linux.devices: '/a/../b'" },
	{ LINUX, ",\"devices\":[{\"path\":\"/x\",\"type\":\"q\"}]", "linux.devices: '/x' has" },
	{ LINUX, ",\"devices\":[{\"path\":\"/x\",\"type\":\"c\"}]", "linux.devices: '/x' needs" },
	{ LINUX, ",\"devices\":[{\"path\":\"/x\",\"type\":\"c\",\"major\":4096,\"minor\":0}]",
	  "linux.devices: the number" },
	{ LINUX, ",\"devices\":[{\"path\":\"/x\",\"type\":\"p\"}]", NULL },
	{ LINUX, ",\"rootfsPropagation\":\"x\"", "linux.rootfsPropagation" },
	{ LINUX, ",\"rootfsPropagation\":\"\"", NULL },
	{ LINUX, ",\"cgroupsPath\":\"/a/../b\"", "linux.cgroupsPath" },
	{ LINUX, ",\"maskedPaths\":[\"x\"]", "linux.maskedPaths" },
	{ LINUX, ",\"readonlyPaths\":[\"\"]", "linux.readonlyPaths" },
	{ LINUX, ",\"personality\":{\"domain\":\"X\"}", "linux.personality.domain" },
	{ LINUX, ",\"personality\":{\"domain\":\"LINUX\",\"flags\":[\"X\"]}",
	  "linux.personality.flags" },
	{ LINUX, ",\"intelRdt\":{\"closID\":\"..\"}", "linux.intelRdt.closID" },
	{ LINUX, ",\"memoryPolicy\":{\"mode\":\"MPOL_X\"}", "linux.memoryPolicy.mode" },
	{ LINUX, ",\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"flags\":[\"X\"]}",
	  "linux.memoryPolicy.flags" },
	{ LINUX, ",\"memoryPolicy\":{\"mode\":\"MPOL_BIND\",\"nodes\":\"x\"}",
	  "linux.memoryPolicy.nodes" },
	{ LINUX, ",\"memoryPolicy\":{\"mode\":\"MPOL_DEFAULT\",\"nodes\":\"\"}", NULL },
	{ LINUX, ",\"intelRdt\":{\"closID\":\"/\"}", NULL },
	{ LINUX, ",\"intelRdt\":{\"memBwSchema\":\"L3:0\"}", "linux.intelRdt.memBwSchema" },
	{ LINUX, ",\"intelRdt\":{\"schemata\":[\"a\\nb\"]}", "linux.intelRdt.schemata" },
	{ LINUX, ",\"sysctl\":{\"kernel.core_pattern\":\"x\"}", "linux.sysctl: 'kernel.core" },
	{ LINUX, ",\"sysctl\":{\"kernel.msgmax\":\"1\"}", "linux.sysctl: 'kernel.msgmax' needs" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"X\"}", "linux.seccomp.defaultAction" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}",
	  "linux.seccomp.defaultAction" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"defaultErrnoRet\":1}",
	  "linux.seccomp.defaultAction" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\",\"flags\":[\"X\"]}",
	  "linux.seccomp.flags" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\",\"architectures\":[\"X\"]}",
	  "linux.seccomp.architectures" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\",\"listenerMetadata\":\"X\"}",
	  "linux.seccomp.listenerMetadata" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[],"
	  "\"action\":\"SCMP_ACT_ALLOW\"}]}", "linux.seccomp.syscalls: a rule" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"a\"],"
	  "\"action\":\"SCMP_ACT_NOTIFY\"}]}", "linux.seccomp.syscalls: SCMP" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"a\"],"
	  "\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":6,\"value\":0,"
	  "\"op\":\"SCMP_CMP_EQ\"}]}]}", "linux.seccomp.syscalls: 'a' has" },
	{ LINUX, ",\"seccomp\":{\"defaultAction\":\"SCMP_ACT_LOG\",\"syscalls\":[{\"names\":[\"a\"],"
	  "\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0,\"value\":0,\"op\":\"X\"}]}]}",
	  "linux.seccomp.syscalls: no operator" },
	{ LINUX, ",\"resources\":{\"devices\":[{\"allow\":true,\"type\":\"x\"}]}",
	  "linux.resources.devices" },
	{ LINUX, ",\"resources\":{\"devices\":[{\"allow\":true,\"access\":\"rx\"}]}",
	  "linux.resources.devices" },
	{ LINUX, ",\"resources\":{\"memory\":{\"limit\":-2}}", "linux.resources.memory" },
	{ LINUX, ",\"resources\":{\"memory\":{\"limit\":2,\"swap\":1}}", "linux.resources.memory.swap" },
	{ LINUX, ",\"resources\":{\"memory\":{\"limit\":2,\"swap\":-1}}", NULL },
	{ LINUX, ",\"resources\":{\"memory\":{\"swappiness\":101}}",
	  "linux.resources.memory.swappiness" },
	{ LINUX, ",\"resources\":{\"cpu\":{\"cpus\":\"3-1\"}}", "linux.resources.cpu.cpus" },
	{ LINUX, ",\"resources\":{\"cpu\":{\"idle\":2}}", "linux.resources.cpu.idle" },
	{ LINUX, ",\"resources\":{\"blockIO\":{\"weight\":65536}}", "linux.resources.blockIO" },
	{ LINUX, ",\"resources\":{\"blockIO\":{\"weightDevice\":[{\"major\":1,\"minor\":1}]}}",
	  "linux.resources.blockIO.weightDevice" },
	{ LINUX, ",\"resources\":{\"hugepageLimits\":[{\"pageSize\":\"../2MB\",\"limit\":0}]}",
	  "linux.resources.hugepageLimits" },
	{ LINUX, ",\"resources\":{\"rdma\":{\"x\":{}}}", "linux.resources.rdma" },
	{ LINUX, ",\"resources\":{\"unified\":{\"../x.max\":\"\"}}", "linux.resources.unified" },
};

static void
test_each_rule_is_kept_and_names_its_property(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct err e = { 0 };
		int done = check_part(rows[i].part, rows[i].text, &e);

		if (!rows[i].says && done < 0)
			fail_msg("%s: %s", rows[i].text, e.text);
		if (rows[i].says && done == 0)
			fail_msg("%s was accepted", rows[i].text);
		if (rows[i].says && strncmp(e.text, rows[i].says,
		                            strlen(rows[i].says)) != 0)
			fail_msg("%s: %s", rows[i].text, e.text);
	}
}

static void
test_names_longer_than_the_kernels_are_refused(void **state)
{
	static const char *const kinds[] = { "hostname", "domainname" };

	for (int i = 0; i < 2; i++)
		for (int n = 64; n <= 65; n++) {
			AUTO(spec) struct spec s = { 0 };
			AUTO(free) char *text = mem_format("{\"ociVersion\":"
			        "\"1.2.0\",\"root\":{\"path\":\"r\"},\"%s\":"
			        "\"%0*d\",\"process\":{\"args\":[\"x\"],"
			        "\"cwd\":\"/\"},\"linux\":{\"namespaces\":["
			        "{\"type\":\"uts\"}]}}", kinds[i], n, 0);
			struct err e;

			assert_int_equal(spec_read(&s, text, strlen(text), &e),
			                 0);
			assert_int_equal(spec_check(&s, &e), n == 64 ? 0 : -1);
		}
}

static const struct {
	const char *version;
	int done;
} versions[] = {
	{ "1.0.0", 0 },       { "1.2.1", 0 },   { "1.0.2-dev", 0 },
	{ "1.1.0-rc.2+x", 0 }, { "1.2.0+a", 0 }, { "1.2", -1 },
	{ "2.0.0", -1 },      { "0.9.0", -1 },  { "1.02.0", -1 },
	{ "1.0.0-", -1 },     { "1.0.0+", -1 }, { "v1.0.0", -1 },
	{ "11.0.0", -1 },     { "1.0.0 ", -1 }, { "", -1 },
};

static void
test_versions_of_the_first_series_are_taken(void **state)
{
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		struct process p = { .cwd = "/" };
		struct root r = { .path = "/" };
		struct spec s = { .process = &p, .root = &r,
			          .oci_version = (char *)versions[i].version };
		struct err e;

		words_add(&s.arena, &p.args, "x");
		if (spec_check(&s, &e) != versions[i].done)
			fail_msg("'%s'", versions[i].version);
		auto_spec(&s);
	}
}

static void
test_a_process_needs_a_command_and_a_directory(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct process p = { .cwd = "/" };
	struct err e;

	assert_int_equal(spec_check_process(&p, &e), -1);
	words_add(&a, &p.args, "");
	assert_int_equal(spec_check_process(&p, &e), -1);
	p.args.v[0] = "x";
	assert_int_equal(spec_check_process(&p, &e), 0);
	p.cwd = "tmp";
	assert_int_equal(spec_check_process(&p, &e), -1);
	p.cwd = NULL;
	assert_int_equal(spec_check_process(&p, &e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_rich_config_survives),
		cmocka_unit_test(test_unknown_capabilities_are_dropped),
		cmocka_unit_test(test_each_rule_is_kept_and_names_its_property),
		cmocka_unit_test(test_names_longer_than_the_kernels_are_refused),
		cmocka_unit_test(test_versions_of_the_first_series_are_taken),
		cmocka_unit_test(test_a_process_needs_a_command_and_a_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
