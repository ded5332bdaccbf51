/* SPDX-License-Identifier: ISC */
/* A tool of the build: the default seccomp profiles, compiled, as a header. */
#include "specgen/specgen.h"
#include "init/seccomp.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* podman's and our eleven capabilities: see capabilities.c. Further ones that
 * change no rule, such as docker's other three, give the same profile. */
#define DEFAULT_CAPS UINT64_C(0x800405fb)

static const uint64_t baked[] = { DEFAULT_CAPS, 0 };

#define COUNT (sizeof(baked) / sizeof(baked[0]))

static int
print_program(size_t number, uint64_t caps, const char *machine,
              uint64_t *key, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf program = { 0 };
	struct seccomp s = { 0 };
	const struct sock_filter *f;
	size_t n;

	if (specgen_seccomp(&s, caps, machine, &a, e) < 0 ||
	    init_seccomp_compile(&s, &program, e) < 0)
		return -1;
	*key = spec_seccomp_key(&s);
	f = (const void *)program.data;
	n = program.n / sizeof(*f);
	printf("static const struct sock_filter baked_%zu[%zu] = {\n", number,
	       n);
	for (size_t i = 0; i < n; i++)
		printf("\t{ 0x%x, %u, %u, 0x%x },\n", f[i].code, f[i].jt,
		       f[i].jf, f[i].k);
	printf("};\n");
	return 0;
}

int
main(int argc, char **argv)
{
	uint64_t keys[COUNT];
	size_t count = COUNT;
	struct err e;

	if (argc == 3 && strcmp(argv[2], "default") == 0) {
		count = 1;
	} else if (argc != 2) {
		fputs("usage: bake_seccomp MACHINE [default]\n", stderr);
		return STATUS_OURS;
	}
	printf("/* Made by bake_seccomp for %s. */\n", argv[1]);
	for (size_t i = 0; i < count; i++)
		if (print_program(i, baked[i], argv[1], &keys[i], &e) < 0) {
			fprintf(stderr, "bake_seccomp: %s\n", e.text);
			return e.status;
		}
	printf("static const struct seccomp_baked seccomp_baked[] = {\n");
	for (size_t i = 0; i < count; i++)
		printf("\t{ 0x%" PRIx64 ", sizeof(baked_%zu) / "
		       "sizeof(baked_%zu[0]), 0, baked_%zu },\n", keys[i], i, i,
		       i);
	printf("\t{ 0, 0, 0, NULL },\n};\n");
	return fflush(stdout) == 0 ? 0 : STATUS_OURS;
}
