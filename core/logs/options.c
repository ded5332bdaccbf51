/* SPDX-License-Identifier: ISC */
/* The drivers and their options: which there are, and what they may say. */
#include "base/pattern.h"
#include "logs/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
options_any(const char *value, struct err *e)
{
	return 0;
}

int
options_flag(const char *value, struct err *e)
{
	static const char *const words[] = { "false", "true", "0", "1" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(value, words[i]) == 0)
			return 0;
	return fail(e, EINVAL, "'%s' is neither true nor false", value);
}

/* Rotated files stay as they are: there is nothing here that compresses. */
static int
check_compress(const char *value, struct err *e)
{
	if (options_flag(value, e) < 0)
		return -1;
	if (*value == 't' || *value == '1')
		return fail(e, EINVAL, "old files are not compressed");
	return 0;
}

int
options_mode(const char *value, struct err *e)
{
	if (strcmp(value, "blocking") == 0 ||
	    strcmp(value, "non-blocking") == 0)
		return 0;
	return fail(e, EINVAL, "'%s' is neither blocking nor non-blocking",
	            value);
}

int
options_pattern(const char *value, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct pattern p;

	return pattern_compile(&p, value, &a, e);
}

/* docker/go-units, FromHumanSize: powers of 1000, and "i" changes nothing. */
int
options_bytes(const char *text, uint64_t *bytes, struct err *e)
{
	static const char units[] = "kmgtp";
	double number = 0, unit = 1;
	char *rest = (char *)text;

	if (*text >= '0' && *text <= '9' && strspn(text, "0123456789.") < 20)
		number = strtod(text, &rest);
	if (rest != text && *rest == ' ')
		rest++;
	for (size_t i = 0; rest != text && i < sizeof(units) - 1; i++)
		if ((*rest | ' ') == units[i]) {
			for (; i + 1; i--)
				unit *= 1000;
			rest++;
			break;
		}
	rest += rest != text && (*rest | ' ') == 'i';
	rest += rest != text && (*rest | ' ') == 'b';
	if (rest == text || *rest || number * unit < 1 || number * unit > 1e18)
		return fail(e, EINVAL, "'%s' is not a size, such as 10m",
		            text);
	*bytes = (uint64_t)(number * unit);
	return 0;
}

int
options_size(const char *value, struct err *e)
{
	uint64_t ignored;

	return options_bytes(value, &ignored, e);
}

/* -1 is docker's word for no limit. */
static int
check_max_size(const char *value, struct err *e)
{
	return strcmp(value, "-1") == 0 ? 0 : options_size(value, e);
}

static int
check_max_file(const char *value, struct err *e)
{
	size_t digits = strspn(value, "0123456789");

	if (!digits || value[digits] || digits > 3 || atoi(value) < 1)
		return fail(e, EINVAL, "'%s' is not a number from 1 to 999",
		            value);
	return 0;
}

const struct logs_option options_of_file[] = {
	{ "max-size", check_max_size }, { "max-file", check_max_file },
	{ "compress", check_compress }, OPTIONS_OF_ALL, { NULL, NULL }
};

static const struct logs_option no_options[] = { { NULL, NULL } };

static const struct logs_driver no_driver = { "none", no_options };
static const struct logs_driver passed = { "passthrough", no_options };

static const struct logs_driver *const drivers[] = {
	&file_driver, &journald_driver, &syslog_driver, &no_driver, &passed,
};

/* Docker's others, so that the answer can be another than "a typing error". */
static const char *const lacking[] = {
	"local", "gelf", "fluentd", "awslogs", "splunk", "etwlogs", "gcplogs",
};

#define CHOICE "json-file, journald, syslog, none or passthrough"

const struct logs_driver *
options_driver(const char *name)
{
	if (!name || !*name)
		return &file_driver;
	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		if (strcmp(drivers[i]->name, name) == 0)
			return drivers[i];
	return NULL;
}

const char *
options_get(const struct logs_how *how, const char *name)
{
	return how->options ? pairs_get(how->options, name) : NULL;
}

static int
no_such_driver(const char *name, struct err *e)
{
	for (size_t i = 0; i < sizeof(lacking) / sizeof(*lacking); i++)
		if (strcmp(lacking[i], name) == 0)
			return fail(e, EINVAL, "log driver '%s' is not"
			            " supported; choose " CHOICE, name);
	return fail(e, EINVAL, "no log driver is called '%s'; choose " CHOICE,
	            name);
}

static int
check_option(const struct logs_driver *driver, const struct pair *option,
             struct err *e)
{
	const struct logs_option *row = driver->options;

	while (row->name && strcmp(row->name, option->key) != 0)
		row++;
	if (!row->name)
		return fail(e, EINVAL, "log driver %s has no option '%s'",
		            driver->name, option->key);
	if (row->check(option->value, e) < 0)
		return fail_in(e, "log option %s", option->key);
	return 0;
}

int
logs_check(const char *name, const struct pairs *options, struct err *e)
{
	const struct logs_driver *driver = options_driver(name);

	if (!driver)
		return no_such_driver(name, e);
	for (size_t i = 0; options && i < options->n; i++)
		if (check_option(driver, &options->v[i], e) < 0)
			return -1;
	return 0;
}

bool
logs_is_readable(const char *name)
{
	const struct logs_driver *driver = options_driver(name);

	return driver && driver->readable;
}
