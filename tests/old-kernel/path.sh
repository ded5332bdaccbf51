#!/bin/bash
# SPDX-License-Identifier: ISC
# path.sh: print the path of the program old-kernel, after building it if need be.
set -euo pipefail

here=$(cd "${0%/*}" && pwd)
out=${OUT:-build}
[[ $out = /* ]] || out=$here/../../$out
to=$out/tests/old-kernel
from=$here/old-kernel.c

if [ ! "$to" -nt "$from" ]; then
	mkdir -p "${to%/*}"
	# static, for roots and machines that have no libraries
	cc -O2 -Wall -Wextra -static -o "$to.$$" "$from" >&2
	mv "$to.$$" "$to"
fi
realpath "$to"
