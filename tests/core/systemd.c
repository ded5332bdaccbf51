/* SPDX-License-Identifier: ISC */
/* What systemd is told: names of units, messages and their bytes. */
/* links: base sys spec cgroup systemd */
#include "systemd/systemd.h"
#include "systemd/properties.h"
#include "systemd/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void
units_are_named_by_slice_prefix_and_name(void **state)
{
	static const struct {
		const char *path, *cgroup;
	} good[] = {
		{ "system.slice:crun:x", "/system.slice/crun-x.scope" },
		{ ":runc:x", "/system.slice/runc-x.scope" },
		{ "a-b-c.slice:p:n",
		  "/a.slice/a-b.slice/a-b-c.slice/p-n.scope" },
		{ "-.slice::n", "/n.scope" },
		{ NULL, "/system.slice/mydocker-id.scope" },
		{ "", "/system.slice/mydocker-id.scope" },
	};
	static const char *const bad[] = {
		"/a/b", "a:b", "a.slice:b:c:d", "a.slice:b:", "a:b:c",
		"-a.slice:b:c", "a--b.slice:b:c", "a-.slice:b:c",
		"../x.slice:b:c", "a.slice:b/..:c", "a.slice:b:c d",
		"a.slice:b:c.slice", ".slice:b:c",
	};
	AUTO(arena) struct arena a = { 0 };
	struct systemd_unit u;
	struct err e;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(systemd_unit(&u, good[i].path, "id", &a, &e),
		                 0);
		u.user = 0;
		if (good[i].path && *good[i].path != ':' && *good[i].path)
			assert_string_equal(systemd_cgroup(&u, &a),
			                    good[i].cgroup);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (systemd_unit(&u, bad[i], "id", &a, &e) == 0)
			fail_msg("'%s' is taken", bad[i]);
	u = (struct systemd_unit){ "user.slice", "x.scope", 1000 };
	assert_string_equal(systemd_cgroup(&u, &a),
	                    "/user.slice/user-1000.slice/user@1000.service"
	                    "/user.slice/x.scope");
}

/* As dbus-send's own begins, by the specification. */
static void
a_call_has_these_bytes(void **state)
{
	static const char bytes[] =
	        "l\1\0\1" "\6\0\0\0" "\2\0\0\0" "\47\0\0\0"
	        "\1\1o\0" "\2\0\0\0" "/o\0" "\0\0\0\0\0"
	        "\3\1s\0" "\5\0\0\0" "Hello\0" "\0\0"
	        "\10\1g\0" "\1s\0" "\0"
	        "\1\0\0\0" "x\0";
	AUTO(buf) struct buf body = { 0 };
	AUTO(buf) struct buf out = { 0 };
	struct wire_call call = { .path = "/o", .member = "Hello",
		                  .body_type = "s", .body = &body };

	wire_text(&body, "x");
	wire_message(&out, 2, &call);
	assert_int_equal(out.n, sizeof(bytes) - 1);
	/* The length of the fields, which do not count the last gap. */
	assert_int_equal(out.data[12], 39);
	assert_memory_equal(out.data, bytes, out.n);
}

static void
what_is_cut_off_is_refused(void **state)
{
	AUTO(buf) struct buf body = { 0 };
	AUTO(buf) struct buf out = { 0 };
	struct wire_call call = {
		.to = "a.b", .path = "/a", .interface = "a.b", .member = "C",
		.body_type = "us", .body = &body,
	};
	struct wire_head h;
	struct err e;

	wire_u32(&body, 77);
	wire_text(&body, "said");
	wire_message(&out, 9, &call);
	assert_int_equal(wire_read(out.data, out.n, &h, &e), 0);
	assert_int_equal(h.type, WIRE_CALL);
	assert_string_equal(h.member, "C");
	assert_string_equal(h.body_type, "us");
	assert_int_equal(wire_read_u32(&h.body), 77);
	assert_string_equal(wire_read_text(&h.body), "said");
	assert_false(h.body.bad);
	assert_int_equal(wire_read_u32(&h.body), 0);
	assert_true(h.body.bad);
	for (size_t n = 0; n < out.n; n++) {
		char *part = mem_new(n + 1);

		memcpy(part, out.data, n);
		assert_int_equal(wire_read(part, n, &h, &e), -1);
		free(part);
	}
}

/* Whatever a byte becomes, nothing outside of the message is read. */
static void
what_is_garbled_is_refused_or_read(void **state)
{
	AUTO(buf) struct buf body = { 0 };
	AUTO(buf) struct buf out = { 0 };
	struct wire_call call = { .path = "/a", .member = "C",
		                  .body_type = "s", .body = &body };
	struct wire_head h;
	struct err e;

	wire_text(&body, "said");
	wire_message(&out, 9, &call);
	for (size_t i = 0; i < out.n; i++) {
		for (int with = 0; with < 256; with++) {
			char *copy = mem_new(out.n);

			memcpy(copy, out.data, out.n);
			copy[i] = (char)with;
			if (wire_read(copy, out.n, &h, &e) == 0)
				(void)wire_read_text(&h.body);
			free(copy);
		}
	}
}

static bool
has(const struct buf *b, const void *bytes, size_t n)
{
	return memmem(b->data, b->n, bytes, n) != NULL;
}

#define HAS(b, text) has(&(b), text, sizeof(text) - 1)

static void
resources_are_properties(void **state)
{
	AUTO(buf) struct buf b = { 0 };
	AUTO(buf) struct buf old = { 0 };
	struct memory m = { .limit = { true, 1 << 20 },
		            .swap = { true, 3 << 20 } };
	struct cpu c = { .shares = { true, 1024 }, .quota = { true, 33333 },
		         .period = { true, 100000 },
		         .cpus = (char *)(uintptr_t)"0-2,9" };
	struct pids p = { .limit = { true, -1 } };
	struct resources r = { .memory = &m, .cpu = &c, .pids = &p };
	struct err e;

	assert_int_equal(properties_resources(&b, &r, true, &e), 0);
	assert_true(HAS(b, "MemoryMax\0\1t\0"));
	assert_true(HAS(b, "\0\0\20\0\0\0\0\0"));
	assert_true(HAS(b, "MemorySwapMax\0\1t\0"));
	assert_true(HAS(b, "\0\0\40\0\0\0\0\0"));
	assert_true(HAS(b, "CPUWeight\0\1t\0"));
	assert_true(HAS(b, "CPUQuotaPerSecUSec\0\1t\0"));
	assert_true(HAS(b, "\x20\x30\5\0\0\0\0\0")); /* 340000 */
	assert_true(HAS(b, "AllowedCPUs\0\2ay\0"));
	assert_true(HAS(b, "\2\0\0\0\7\2"));
	assert_true(HAS(b, "\xff\xff\xff\xff\xff\xff\xff\xff"));
	assert_int_equal(properties_resources(&old, &r, false, &e), 0);
	assert_true(HAS(old, "MemoryLimit\0\1t\0"));
	assert_true(HAS(old, "CPUShares\0\1t\0"));
	assert_false(HAS(old, "AllowedCPUs"));
	c.cpus = (char *)(uintptr_t)"3-1";
	assert_int_equal(properties_resources(&b, &r, true, &e), -1);
}

static void
annotations_are_values(void **state)
{
	static const char *const good[] = { "true", "'text'", "\"x\"", "5",
		                            "uint64 99", "int32 4" };
	static const char *const bad[] = { "", "text", "'", "'a", "[1, 2]",
		                           "uint64", "uint64 x", "5 6",
		                           "'a\\nb'" };
	AUTO(arena) struct arena a = { 0 };
	struct err e;

	for (size_t i = 0; i < 6 + 9; i++) {
		AUTO(buf) struct buf b = { 0 };
		struct pairs p = { 0 };

		pairs_set(&a, &p, "org.systemd.property.X",
		          i < 6 ? good[i] : bad[i - 6]);
		pairs_set(&a, &p, "other", "[1, 2]");
		if (properties_annotations(&b, &p, &e) != (i < 6 ? 0 : -1))
			fail_msg("%zu", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units_are_named_by_slice_prefix_and_name),
		cmocka_unit_test(a_call_has_these_bytes),
		cmocka_unit_test(what_is_cut_off_is_refused),
		cmocka_unit_test(what_is_garbled_is_refused_or_read),
		cmocka_unit_test(resources_are_properties),
		cmocka_unit_test(annotations_are_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
