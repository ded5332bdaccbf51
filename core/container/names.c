/* SPDX-License-Identifier: ISC */
/* Names for containers: which are allowed, and made-up ones. */
#include "container/record.h"
#include "sys/entropy.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NAME_MOST 255

static const char adjectives[][12] = {
	"able", "amber", "ample", "balmy", "blithe", "bold", "brisk", "calm",
	"candid", "civil", "clear", "crisp", "curious", "daring", "deft",
	"direct", "eager", "even", "fair", "fleet", "fond", "frank", "fresh",
	"gentle", "glad", "golden", "hale", "handy", "hardy", "honest",
	"humble", "jolly", "keen", "kind", "light", "lively", "loyal", "lucid",
	"mellow", "merry", "mild", "modest", "neat", "nimble", "noble",
	"patient", "placid", "plain", "plucky", "polite", "prime", "proud",
	"quick", "quiet", "ready", "robust", "serene", "sharp", "smart",
	"steady", "sunny", "tidy", "warm", "witty",
};

static const char surnames[][12] = {
	"abel", "agnesi", "ampere", "banach", "bell", "bernoulli", "bohr",
	"boole", "borel", "bose", "brahe", "cantor", "carnot", "cauchy",
	"celsius", "clarke", "coulomb", "curie", "dirac", "doppler", "euler",
	"faraday", "fermat", "fermi", "fourier", "galilei", "galois", "gauss",
	"germain", "godel", "halley", "hamilton", "herschel", "hertz",
	"hilbert", "hooke", "hopper", "hubble", "huygens", "joule", "kepler",
	"kovalevsky", "lagrange", "laplace", "leibniz", "lovelace", "mach",
	"maxwell", "meitner", "mendel", "napier", "newton", "noether", "ohm",
	"pascal", "pauli", "planck", "riemann", "shannon", "tesla", "turing",
	"volta", "watt", "weyl",
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

char *
container_invent(struct arena *a)
{
	return arena_format(a, "%s_%s",
	                    adjectives[entropy_below(COUNT(adjectives))],
	                    surnames[entropy_below(COUNT(surnames))]);
}

int
container_check_name(const char *name, struct err *e)
{
	size_t n = strlen(name);
	bool good = n > 0 && n <= NAME_MOST && name[0] != '_' &&
	            name[0] != '.' && name[0] != '-';

	for (const char *at = name; good && *at; at++)
		good = isascii((unsigned char)*at) &&
		       (isalnum((unsigned char)*at) || strchr("_.-", *at));
	if (good)
		return 0;
	return fail(e, EINVAL, "'%.64s' is not a name; letters, digits and"
	            " _ . - make one, at most %d, the first a letter or digit",
	            name, NAME_MOST);
}
