/* SPDX-License-Identifier: ISC */
/* Docker's options that wait for something that there is not yet. */
#include "specgen/inside.h"

#include <errno.h>

#undef OPT_STRUCT
#define OPT_STRUCT struct specgen_flags

static int
refuse_images(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)member, (void)value, (void)a;
	return fail(e, ENOTSUP, "not supported yet, as there are no images");
}

static int
refuse_networks(void *member, const char *value, struct arena *a,
                struct err *e)
{
	(void)member, (void)value, (void)a;
	return fail(e, ENOTSUP, "not supported yet, as there are no networks "
	            "but none, host and another container's");
}

static int
refuse(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)member, (void)value, (void)a;
	return fail(e, ENOTSUP, "not supported yet");
}

#define ROW(letter, name, value, setter) \
	{ letter, name, value, setter, 0, NULL }

const struct opt specgen_later_options[] = {
	ROW(0, "add-host", "HOST:IP", refuse_networks),
	ROW(0, "dns", "IP", refuse_networks),
	ROW(0, "dns-option|dns-opt", "OPTION", refuse_networks),
	ROW(0, "dns-search", "DOMAIN", refuse_networks),
	ROW(0, "expose", "PORT", refuse_networks),
	ROW(0, "gpus", "DEVICES", refuse),
	ROW(0, "ip", "IP", refuse_networks),
	ROW(0, "ip6", "IP", refuse_networks),
	ROW(0, "link-local-ip", "IP", refuse_networks),
	ROW(0, "mac-address", "MAC", refuse_networks),
	ROW(0, "network-alias|net-alias", "NAME", refuse_networks),
	ROW(0, "platform", "OS/ARCH", refuse_images),
	ROW('p', "publish", "PORT", refuse_networks),
	ROW('P', "publish-all", NULL, refuse_networks),
	ROW(0, "pull", "WHEN", refuse_images),
	ROW('q', "quiet", NULL, refuse_images),
	ROW(0, "storage-opt", "NAME=VALUE", refuse),
	OPT_END
};
