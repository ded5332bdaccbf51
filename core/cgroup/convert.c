/* SPDX-License-Identifier: ISC */
/* What OCI says in the words of v1, said in those of v2. */
#include "cgroup/parts.h"

#include <errno.h>

/* log2(n) in units of 2^-32; 0 < n < 2^31. */
static int64_t
log2_of(uint64_t n)
{
	int whole = 63 - __builtin_clzll(n);
	uint64_t rest = n << (31 - whole);
	int64_t result = (int64_t)whole << 32;

	for (int bit = 31; bit >= 0; bit--) {
		rest = rest * rest >> 31;
		if (rest >> 32) {
			rest >>= 1;
			result |= (int64_t)1 << bit;
		}
	}
	return result;
}

/*
 * cpu.shares to cpu.weight, so that three points of both meet: 2 is 1, 1024 is
 * 100 (the defaults), and 262144 is 10000. With l = log2(shares),
 *
 *	weight = ceil(10 ^ ((l * l + 125 * l) / 612 - 7 / 34))
 *
 * as runc 1.3.2 and crun 1.23 have it; the straight line of older ones made
 * 39 of the default. No libm for it: the answer is the least weight whose
 * logarithm reaches the exponent; at a dozen of the 262144 it is one less than
 * with floating point. log2(10) is 3 + 86416915 / 2^28.
 */
uint64_t
cgroup_weight(uint64_t shares)
{
	const int64_t one = (int64_t)1 << 32;
	uint64_t low = 1, high = 10000;
	int64_t l, wanted;

	if (shares <= 2)
		return 1;
	if (shares >= 262144)
		return 10000;
	l = log2_of(shares);
	wanted = ((l >> 8) * (l >> 8) / 612 >> 16) + 125 * l / 612 -
	         7 * one / 34;
	wanted = 3 * wanted + (wanted * 86416915 >> 28);
	while (low < high) {
		uint64_t middle = (low + high) / 2;

		if (log2_of(middle) >= wanted)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* blkio.weight, 10 to 1000, to io.weight, 1 to 10000. */
uint64_t
cgroup_io_weight(uint64_t weight)
{
	if (weight <= 10)
		return 1;
	return weight >= 1000 ? 10000 : 1 + (weight - 10) * 9999 / 990;
}

/*
 * OCI limits memory and swap together, v2 swap alone.
 *
 * limit  0: not limited by this spec; -1: no limit
 */
int
cgroup_swap(int64_t limit, int64_t both, int64_t *swap, struct err *e)
{
	if (both == -1) {
		*swap = -1;
		return 0;
	}
	if (both < 0)
		return fail(e, EINVAL, "memory.swap: %lld is no size",
		            (long long)both);
	if (limit <= 0)
		return fail(e, EINVAL, "memory.swap: a limit of memory and "
		            "swap needs one of memory; give both");
	if (both < limit)
		return fail(e, EINVAL, "memory.swap: it counts memory and "
		            "swap together, and so must not be less than "
		            "the limit of memory");
	*swap = both - limit;
	return 0;
}
