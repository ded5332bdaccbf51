#!/usr/bin/env bash
# SPDX-License-Identifier: ISC
# The one way to build, run, test and install mydocker: './build.sh help'.
#
# From the bottom of the needs to the top: tables, talking, packages, sources,
# libraries, the ninja file, words. A word of the command line is a function
# called word_NAME; the first line of comment inside it is its help.
#
#   APPLETS="run ps"  only these commands, and only the libraries they call
#   DEPS=/prefix      static libraries that are there already, built for musl
#   CC=compiler       with DEPS: the compiler that makes musl programs
#   OUT=dir           where the products go, instead of build/ in the checkout
#   VM_MACHINE=name   the kind of machine that "vm --alone" boots: aarch64
set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

readonly FROM=$PWD
cd "$(dirname "${BASH_SOURCE[0]}")"

# ---- tables -----------------------------------------------------------------

readonly VERSION=0.1.0

# Suites whose source packages will do, the one we would rather have first.
readonly SUITES='trixie bookworm'

# Static libraries: the oldest version that will do, what must be built first,
# a header and an archive that must be there in the end.
readonly LIBS='
musl        1.2.5   -       stdio.h        libc.a
libmd       1.0.4   musl    sha2.h         libmd.a
libbsd      0.11.7  libmd   bsd/stdlib.h   libbsd.a
yyjson      0.10.0  musl    yyjson.h       libyyjson.a
libseccomp  2.6.0   musl    seccomp.h      libseccomp.a
'
readonly LINK=(-lbsd -lmd -lyyjson -lseccomp)

# Machines: ours and libseccomp's name, gcc's, Debian's, qemu's.
readonly MACHINES='
x86_64   x86_64   x86_64-linux-gnu     amd64    x86_64
aarch64  aarch64  aarch64-linux-gnu    arm64    aarch64
armv7    arm      arm-linux-gnueabihf  armhf    arm
riscv64  riscv64  riscv64-linux-gnu    riscv64  riscv64
'

# Debian packages, each with a command or file that shows it is not needed.
readonly BUILD_NEEDS=(gcc=gcc ninja-build=ninja util-linux=flock)
readonly DEPS_NEEDS=(dpkg-dev=dpkg-source make=make xz-utils=xz bzip2=bzip2
	patch=patch linux-libc-dev=/usr/include/linux/version.h)
readonly TEST_NEEDS=(bats=bats libcmocka-dev=/usr/include/cmocka.h
	libc6-dev=/usr/include/stdio.h
	libbsd-dev=/usr/include/bsd/stdlib.h libmd-dev=/usr/include/sha2.h
	libseccomp-dev=/usr/include/seccomp.h strace=strace
	busybox-static=/bin/busybox python3=python3 iproute2=ip git=git
	util-linux=unshare procps=ps file=file jq=jq zsh=zsh fish=fish
	groff-base=groff
	qemu-user-static=qemu-aarch64-static)
readonly LINT_NEEDS=(clang-format=clang-format shellcheck=shellcheck
	cppcheck=cppcheck python3=python3)

# Engines that drive us in tests/oci. Where CI is not set, what is there will
# do: they are daemons, and larger than everything else together.
readonly ENGINE_NEEDS=(podman=podman catatonit=catatonit containerd=containerd
	docker.io=dockerd)

# A criu for tests/oci, where the machine has none that runs on its kernel.
readonly CRIU_FROM=trixie

# The OCI validation suite: where its source may be had, the newest first, and
# what builds it.
readonly SUITE_FROM='sid trixie bookworm'
readonly SUITE_SOURCE=golang-github-opencontainers-runtime-tools
readonly GO_CODE=/usr/share/gocode
readonly SUITE_NEEDS=(golang-go=go busybox-static=/bin/busybox iproute2=ip
	util-linux=unshare xz-utils=xz)
readonly SUITE_IMPORTS='
golang-golang-x-sys-dev                   golang.org/x/sys
golang-gocapability-dev                   github.com/syndtr/gocapability
golang-github-blang-semver-dev            github.com/blang/semver
golang-github-google-uuid-dev             github.com/google/uuid
golang-github-hashicorp-go-multierror-dev github.com/hashicorp/go-multierror
golang-github-mrunalp-fileutils-dev       github.com/mrunalp/fileutils
golang-github-opencontainers-selinux-dev  github.com/opencontainers/selinux
golang-github-opencontainers-specs-dev    github.com/opencontainers/runtime-spec
golang-github-sirupsen-logrus-dev         github.com/sirupsen/logrus
golang-github-stretchr-testify-dev        github.com/stretchr/testify
golang-github-urfave-cli-dev              github.com/urfave/cli
golang-github-xeipuuv-gojsonschema-dev    github.com/xeipuuv/gojsonschema
'

# Flags of the libraries' code, and of ours.
readonly LIB_FLAGS=(-Os -pipe -fPIE -w -ffunction-sections -fdata-sections
	-fno-asynchronous-unwind-tables -fno-unwind-tables
	-fno-stack-protector)
readonly OUR_FLAGS=(-std=c11 -D_GNU_SOURCE -Os -g -pipe -fPIE
	-ffunction-sections -fdata-sections -fvisibility=hidden
	-fno-asynchronous-unwind-tables -fno-unwind-tables
	-fstack-protector-strong)
readonly WARNINGS=(-Wall -Wextra -Werror -Wshadow -Wstrict-prototypes
	-Wmissing-prototypes -Wold-style-definition -Wvla -Wformat=2 -Wundef
	-Wpointer-arith -Wwrite-strings -Wno-unused-parameter
	-Wno-missing-field-initializers -Wno-missing-braces)
readonly LINK_FLAGS=(-static-pie '-Wl,--gc-sections,--build-id=none'
	'-Wl,-z,relro,-z,now,-z,noexecstack,-z,text,-z,noseparate-code')
readonly PACK_RELOCATIONS=-Wl,-z,pack-relative-relocs # x86 only, in binutils
readonly TEST_FLAGS=(-std=c11 -D_GNU_SOURCE -O1 -g -DLIBBSD_OVERLAY
	-isystem /usr/include/bsd -ffunction-sections -fdata-sections
	-fno-omit-frame-pointer '-fsanitize=address,undefined'
	-fno-sanitize-recover=all)

CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/mydocker

# ---- talking ----------------------------------------------------------------

say() { printf '%s\n' "$*" >&2; }
die() { say "build.sh: $*"; exit 1; }

# The COLUMNth word of the row that starts with NAME: look TABLE NAME COLUMN.
look() {
	local row

	while read -ra row; do
		[ "${row[0]-}" != "$2" ] || echo "${row[$3 - 1]}"
	done <<<"$1"
}

names() {
	local name rest

	while read -r name rest; do
		[ -z "$name" ] || echo "$name"
	done <<<"$1"
	: "$rest"
}

# Standard input becomes FILE, unless FILE says so already: times stay true.
write() {
	cat >"$1.$$"
	if cmp -s "$1.$$" "$1"; then rm "$1.$$"; else mv "$1.$$" "$1"; fi
}

# ---- packages ---------------------------------------------------------------

is_there() {
	case $1 in
	/*) [ -e "$1" ] ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

# Install what is missing of a list of PACKAGE=PROOF, or name it.
need() {
	local row missing=()

	for row in "$@"; do
		is_there "${row#*=}" || missing+=("${row%%=*}")
	done
	[ ${#missing[@]} -gt 0 ] || return 0
	command -v apt-get >/dev/null ||
		die "missing on this machine: ${missing[*]} (Debian's names)"
	[ "$(id -u)" = 0 ] ||
		die "run this as root first: apt-get install ${missing[*]}"
	say "installing ${missing[*]}"
	mkdir -p "$CACHE"
	(
		flock 9
		export DEBIAN_FRONTEND=noninteractive
		apt-get -qq update
		apt-get -qq install -y --no-install-recommends \
			"${missing[@]}" </dev/null >"$CACHE/apt.log" 2>&1 || {
			tail -n 5 "$CACHE/apt.log" >&2
			die "apt-get install ${missing[*]}: see $CACHE/apt.log"
		}
	) 9>"$CACHE/apt.lock"
	for row in "$@"; do
		is_there "${row#*=}" || die "${row#*=}: still not there," \
			"although ${row%%=*} is installed"
	done
}

# ---- sources ----------------------------------------------------------------

# apt-get with a source list and a state of its own, both in the folder apt/.
private_apt() {
	apt-get -q -o Dir::Etc::sourcelist="$PWD/apt/list.sources" \
		-o Dir::Etc::sourceparts=- -o Dir::State::lists="$PWD/apt/lists" \
		-o Dir::Cache="$PWD/apt/cache" -o APT::Sandbox::User=root "$@"
}

# Where this machine's own apt gets Debian from.
debian_uri() {
	# shellcheck disable=SC2016 # the words are apt's
	apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' \
		'Created-By: Packages' 2>/dev/null |
		awk '$1 == "Debian" && $2 == "Debian" { print $3; exit }'
}

# Make apt/ know the packages of all SUITES: source_lists SUITES [TYPE].
source_lists() {
	local uri keys=/usr/share/keyrings/debian-archive-keyring.gpg

	mkdir -p apt/lists/partial apt/cache/archives/partial
	uri=$(debian_uri)
	if [ -z "$uri" ]; then
		apt-get -qq update >apt/log 2>&1 || true
		uri=$(debian_uri)
	fi
	[ -n "$uri" ] || die "apt knows no Debian archive;" \
		"'DEPS=/prefix ./build.sh' uses libraries that are there"
	printf '%s\n' "Types: ${2:-deb-src}" "URIs: $uri" "Suites: $1" \
		'Components: main' >apt/list.sources
	[ ! -e $keys ] || printf 'Signed-By: %s\n' $keys >>apt/list.sources
	private_apt update >apt/log 2>&1 || {
		tail -n 5 apt/log >&2
		die "no lists of packages for $1"
	}
}

# The version in a source file's name, without epoch, revision and repacking.
upstream() { sed -E 's/^[^_]*_//; s/\.(dsc|orig\.tar\..*)$//; s/^[0-9]+://; s/-[^-]*$//; s/\+(ds|dfsg).*$//' <<<"${1##*/}"; }

# Download LIBRARY from SUITE into get/LIBRARY/SUITE; fails unless all came.
# What did come, apt has compared with the signed index, and stays there.
download() {
	local apt_dir=$PWD

	mkdir -p "get/$1/$2"
	(
		cd "get/$1/$2"
		ln -sfn "$apt_dir/apt" apt
		private_apt source --download-only --only-source "$1/$2" >log 2>&1
	)
}

# The newest acceptable file of LIBRARY that matches PATTERN, by suite.
candidate() {
	local suite file

	for suite in $SUITES; do
		for file in "get/$1/$suite"/$2; do
			case $file in *.asc | *'*'*) continue ;; esac
			dpkg --compare-versions "$(upstream "$file")" ge \
				"$(look "$LIBS" "$1" 2)" || continue
			echo "$file"
			return
		done
	done
	return 1
}

# Whether FILE's suite gave us every part of its source package.
is_whole() { [ -e "${1%/*}/whole" ]; }

# Unpack LIBRARY into its folder: the newest suite that has the whole source,
# with Debian's patches; the bare tarball only where no suite has more.
unpack() {
	local suite file how

	for suite in $SUITES; do
		if download "$1" "$suite"; then
			: >"get/$1/$suite/whole"
			! candidate "$1" '*.dsc' >/dev/null || break
		fi
		rm -f "get/$1/$suite"/*.dsc
	done
	if file=$(candidate "$1" '*.dsc'); then
		how="with Debian's patches"
		dpkg-source -x "$file" "$1" >>"get/$1/log" 2>&1
	elif file=$(candidate "$1" '*.orig.tar.*'); then
		how='the bare tarball; the mirror has no more'
		mkdir "$1"
		tar xf "$file" -C "$1" --strip-components=1
	else
		tail -n 2 "get/$1"/*/log >&2
		die "$1: no source of $(look "$LIBS" "$1" 2) or newer;" \
			"'DEPS=/prefix ./build.sh' uses libraries that are there"
	fi
	suite=${file%/*}
	file=${file##*/}
	file=${file%.dsc}
	say "  $1 ${file#*_} from ${suite##*/}, $how"
	echo "$1 $(upstream "$file")" >>versions
}

# Fetch all sources into the cache, once for all machines; print where.
sources() {
	local key dir lib

	key=$({
		declare -p SUITES LIBS
		declare -f unpack candidate upstream
	} | sha256sum | cut -c 1-16)
	dir=$CACHE/sources-$key
	if [ ! -e "$dir" ]; then
		say "fetching the libraries' sources"
		rm -rf "$CACHE/sources.part"
		mkdir -p "$CACHE/sources.part"
		(
			cd "$CACHE/sources.part"
			source_lists "$SUITES"
			for lib in $(names "$LIBS"); do unpack "$lib"; done
			rm -rf apt get
		)
		mv "$CACHE/sources.part" "$dir"
	fi
	echo "$dir"
}

# ---- libraries --------------------------------------------------------------
#
# lib_NAME runs in a fresh copy of the source. P is the prefix, TOOL the
# prefix of binutils' names, TRIPLET gcc's name of the machine, HOST musl's.

configure() {
	./configure -q --host="$HOST" --prefix="$P" --disable-shared \
		--enable-static --disable-dependency-tracking \
		CC="$P/bin/mcc" AR="${TOOL}ar" RANLIB="${TOOL}ranlib" \
		NM="${TOOL}nm" CPPFLAGS="-I$P/include" LDFLAGS="-L$P/lib" "$@"
}

# The kernel's own headers and nothing else of /usr/include: copies, so that
# the set stays as it was built.
kernel_headers() {
	local dir from

	from=/usr/$TRIPLET/include
	[ -d "$from/linux" ] || from=/usr/include
	for dir in linux asm-generic mtd; do
		cp -rL "$from/$dir" "$P/include/"
	done
	if [ -d "$from/asm" ]; then
		cp -rL "$from/asm" "$P/include/"
	else
		cp -rL "$from/$TRIPLET/asm" "$P/include/"
	fi
}

# musl, and mcc, a gcc that knows no other libc. With -z text, code that is not
# position independent fails here and not in front of the user. A program's data
# is there at once (MADV_POPULATE_WRITE) and not page by page as relocation gets
# to it, which is dear where a hypervisor watches page tables.
lib_musl() {
	sed -i -e 's/^#include "libc.h"$/&\n#include "syscall.h"/' \
		-e 's/^\tsize_t \*rel, rel_size, base;$/&\
	extern hidden char __init_array_start[], _end[];\
	size_t data = (size_t)__init_array_start \& -4096;\
	__syscall(SYS_madvise, data, (size_t)_end - data, 23);/' ldso/dlstart.c
	CC="${TOOL}gcc" CFLAGS="$FLAGS" ./configure --target="$HOST" \
		--prefix="$P" --syslibdir="$P/lib" --disable-shared \
		--disable-gcc-wrapper
	make -j2 CROSS_COMPILE="$TOOL"
	make install CROSS_COMPILE="$TOOL"
	kernel_headers
	sh tools/musl-gcc.specs.sh "$P/include" "$P/lib" /no/interpreter |
		sed 's/-static -pie --no-dynamic-linker/& -z text/' \
			>"$P/lib/mcc.specs"
	mkdir -p "$P/bin"
	printf '#!/bin/sh\nexec %sgcc "$@" -specs %s\n' \
		"$TOOL" "$P/lib/mcc.specs" >"$P/bin/mcc"
	chmod +x "$P/bin/mcc"
}

lib_libmd() {
	configure CFLAGS="$FLAGS -fvisibility=hidden"
	make -C src install
	make -C include install
}

# Not with hidden visibility: its symbol versions would fail to assemble. It
# takes for granted off64_t, which musl 1.2.5 only has when asked.
lib_libbsd() {
	configure CFLAGS="$FLAGS -D_LARGEFILE64_SOURCE"
	make -C src install
	make -C include install
}

# The source stays in the set, for the tests that are built against glibc.
# Where the compiler and not its author says what is inlined, it is half as
# large, and still parses a config.json within microseconds.
lib_yyjson() {
	# shellcheck disable=SC2086
	"$P/bin/mcc" $FLAGS -fvisibility=hidden -Dyyjson_inline=inline \
		-DYYJSON_DISABLE_UTILS=1 -DYYJSON_DISABLE_NON_STANDARD=1 \
		-DYYJSON_DISABLE_FAST_FP_CONV=1 -c src/yyjson.c
	"${TOOL}ar" rcs "$P/lib/libyyjson.a" yyjson.o
	cp src/yyjson.h "$P/include/"
	mkdir -p "$P/src/yyjson"
	cp src/yyjson.[ch] "$P/src/yyjson/"
}

# We ask it for the names of machines and the numbers of calls, and make filters
# ourselves. So of its machines ours are enough, of each what answers these
# questions, and of its table of calls their columns: 26 KB instead of 72.
lib_libseccomp() {
	local machine others='loong|m68k|mips|parisc|ppc|s390|sh'

	seccomp_table >src/kept.c
	sed -i -E "/_kver;\$|int index;/d; /^\tint ($others)[a-z0-9]*;/d" \
		src/syscalls.h
	sed -i '/define ARCH_DEF(NAME)/,/^$/c\
#define ARCH_DEF(NAME) int NAME##_syscall_resolve_name(const char *name) \\\
	{ return syscall_resolve_name(name, SYSTBL_OFFSET(NAME)); }\
' src/arch.h
	sed -i -E "/case SCMP_ARCH|strcmp\(arch_name/ {
		N; /arch_def_($others)/d; }" src/arch.c
	sed -i -E '/\.(rule_add|syscall_(rewrite|\w*num\w*|\w*kver)) =/d' \
		src/arch-*.c
	for machine in src/arch-*.c; do
		[[ ! $machine =~ arch-($others) ]] || : >"$machine"
	done
	touch src/syscalls.perf
	cp src/kept.c src/syscalls.perf.c
	configure GPERF=false CFLAGS="$FLAGS -fvisibility=hidden"
	make -C src install
	make -C include install
}

# The table of system calls, by name, as C: a few columns of src/syscalls.csv.
seccomp_table() {
	{
		head -n 1 src/syscalls.csv
		tail -n +2 src/syscalls.csv | sort -t , -k 1,1
	} | awk -F, '
	NR == 1 {
		for (i = 2; i <= NF; i++)
			if ($i ~ /^(x86|x86_64|x32|arm|aarch64|riscv64)$/)
				column[++n] = i
		next
	}
	{
		row = "{ " at + 0
		for (i = 1; i <= n; i++) {
			number = $column[i]
			row = row ", " (number == "PNR" ? "__PNR_" $1 : number)
		}
		names = names "\t\"" $1 "\\0\"\n"
		rows = rows "\t" row " },\n"
		at += length($1) + 1
	}
	END {
		print "#include <stdlib.h>\n#include <string.h>"
		print "#include \"syscalls.h\""
		print "static const char names[] =\n" names ";"
		print "static const struct arch_syscall_table rows[] = {"
		print rows "};"
	}'
	cat <<-'EOF'
	static int compare(const void *name, const void *row)
	{
		const struct arch_syscall_table *r = row;

		return strcmp(name, names + r->name);
	}

	int syscall_resolve_name(const char *name, int offset)
	{
		const char *row = bsearch(name, rows,
			sizeof(rows) / sizeof(*rows), sizeof(*rows), compare);

		return row ? *(const int *)(row + offset) : __NR_SCMP_ERROR;
	}
	EOF
}

# The names by which the recipes know a machine.
machine() {
	TRIPLET=$(look "$MACHINES" "$1" 3)
	HOST=${1/armv7/arm}-linux-musl
	[ "$1" != armv7 ] || HOST=${HOST}eabihf
	TOOL=
	[ "$1" = "$(native)" ] || TOOL=$TRIPLET-
}

native() {
	case $(uname -m) in
	armv7* | armv8l) echo armv7 ;;
	*) uname -m ;;
	esac
}

# './build.sh _lib MACHINE NAME': build one library in the current work folder.
build_lib() {
	machine "$1"
	P=$WORK/prefix
	FLAGS="${LIB_FLAGS[*]} -ffile-prefix-map=$WORK=."
	# libgcc wants raise() there, which only a static link looks for twice:
	# else configure finds that the C library has next to nothing
	[ "$1" != armv7 ] || FLAGS+=' -static-pie'
	cp -a "$SRC/$2" "$WORK/$2"
	cd "$WORK/$2"
	LOG=$WORK/$2.log
	exec 3>&2 >"$LOG" 2>&1 </dev/null
	# not 'lib_NAME || …', which would switch -e off inside
	trap '[ $? = 0 ] || { tail -n 15 "$LOG"; echo "see $LOG"; } >&3' EXIT
	"lib_$2"
}

# A hash of all that shapes a set of libraries for MACHINE.
set_key() {
	local lib

	{
		declare -p SUITES LIBS LIB_FLAGS
		declare -f configure kernel_headers unpack seccomp_table
		for lib in $(names "$LIBS"); do declare -f "lib_$lib"; done
		echo "$1"
		"${TOOL}gcc" -dumpfullversion -dumpmachine
		sha256sum <"/usr/${TOOL:+$TRIPLET/}include/linux/version.h"
	} | sha256sum | cut -c 1-16
}

# The libraries whose header or archive is not in PREFIX.
lacking() {
	local lib

	for lib in $(names "$LIBS"); do
		if [ ! -e "$1/include/$(look "$LIBS" "$lib" 4)" ] ||
			[ ! -e "$1/lib/$(look "$LIBS" "$lib" 5)" ]; then
			echo "$lib"
		fi
	done
}

# Build the set for MACHINE into DIR, by a rename at the very end.
build_set() {
	local lib after

	export SRC WORK=$CACHE/$1.part
	SRC=$(sources)
	rm -rf "$WORK"
	mkdir -p "$WORK/prefix/"{bin,lib,include}
	{
		cat <<-EOF
		rule lib
		 command = '$PWD/build.sh' _lib $1 \$name
		 description = \$name
		EOF
		for lib in $(names "$LIBS"); do
			after=$(look "$LIBS" "$lib" 3)
			echo "build $lib.done: lib | ${after/-/}${after:+.done}"
			echo " name = $lib"
		done | sed 's/| \.done$//'
	} >"$WORK/build.ninja"
	say "building them for $1, once for all checkouts (a few minutes)"
	ninja -C "$WORK" --quiet >&2
	[ -z "$(lacking "$WORK/prefix")" ] ||
		die "built, but not there: $(lacking "$WORK/prefix")"
	cp "$SRC/versions" "$WORK/prefix/"
	rm -f "$WORK/prefix/lib/"*.{la,so}
	sed -i "s#$WORK/prefix#$2#g" "$WORK/prefix/bin/mcc" \
		"$WORK/prefix/lib/mcc.specs"
	mv "$WORK/prefix" "$2"
	rm -rf "$WORK"
}

# Set P to the libraries for MACHINE, building them if nobody has yet.
cached_set() {
	local dir

	[ -z "$TOOL" ] || need "gcc-$(debian_name "$1")=${TOOL}gcc" \
		"linux-libc-dev-$(look "$MACHINES" "$1" 4)-cross=/usr/$TRIPLET/include/linux/version.h"
	need "${DEPS_NEEDS[@]}"
	dir=$CACHE/$1-$(set_key "$1")
	if [ ! -e "$dir" ]; then
		mkdir -p "$CACHE"
		(
			flock -n 9 || {
				say 'waiting for another build of the libraries'
				flock 9
			}
			[ -e "$dir" ] || build_set "$1" "$dir"
		) 9>"$CACHE/lock"
	fi
	P=$dir
}

# Debian names its cross compilers with dashes only.
debian_name() { look "$MACHINES" "$1" 3 | tr _ -; }

# Set P to the libraries in $DEPS, or name what they lack.
given_set() {
	local missing

	P=$(cd "$FROM" && realpath -m "$DEPS")
	missing=$(lacking "$P" | tr '\n' ' ')
	[ -z "$missing" ] || die "DEPS=$DEPS lacks ${missing% }" \
		"(headers in include/, archives in lib/)"
}

# The compiler for P, which must not be one for glibc.
pick_compiler() {
	if [ -x "$P/bin/mcc" ]; then
		MCC=$P/bin/mcc
	else
		MCC=${CC:-${TOOL}gcc}
	fi
	[ "$(printf '#include <features.h>\n__GLIBC__\n' |
		$MCC -E -P -)" = __GLIBC__ ] || die "$MCC compiles for glibc;" \
		"set CC to a compiler for musl, or add bin/mcc to '$P'"
}

# NAME VERSION, NAME VERSION, … of the set in P.
set_versions() {
	local lib text=

	for lib in $(names "$LIBS"); do
		text+=", $lib $(look "$(cat "$P/versions" 2>/dev/null)" "$lib" 2)"
		[ "${text% }" = "$text" ] || text=${text% }$(
			sed -n 's/^Version:/ /p' "$P/lib/pkgconfig/$lib.pc" \
				2>/dev/null | tr -s ' '
		)
	done
	echo "${text#, }"
}

# ---- the ninja file ---------------------------------------------------------

core_sources() { find core -mindepth 2 -maxdepth 2 -name '*.c' ! -name '*_main.c' | sort; }
all_applets() { find applets -mindepth 2 -maxdepth 2 -name '*.c' | sort; }

# The applet files that a word of APPLETS means: 'group/verb', else what the
# user types (an alias), else the verb of the first group that has it.
applet_files() {
	local found group

	case $1 in
	*/*) found=applets/$1.c ;;
	*)
		found=$(grep -lE "\.alias[[:space:]]*=[[:space:]]*\"$1\"" \
			applets/*/*.c | head -n 1) || true
		for group in container image system self oci network volume; do
			[ -z "$found" ] || break
			[ ! -e "applets/$group/$1.c" ] || found=applets/$group/$1.c
		done
		;;
	esac
	[ -e "$found" ] || die "APPLETS: no applet '$1'"
	echo "$found"
}

# The applet files of this build. What mydocker re-executes itself as belongs
# to every selection: 'run' without 'self monitor' could not run.
selected_applets() {
	local word

	if [ -z "${APPLETS-}" ]; then
		all_applets
		return
	fi
	{
		all_applets | grep -E '/self/(init|monitor|reaper)\.c$' || true
		for word in $APPLETS; do applet_files "$word"; done
	} | sort -u
}

applet_entries() {
	sed -E 's#^applets/([^/]*)/([^/]*)\.c$#\1, \2#; s/-/_/g; s/.*/APPLET_ENTRY(&)/'
}

# The ninja lines that compile each source on standard input below FOLDER.
compile() {
	local file out

	while read -r file; do
		out=$1/${file%.c}.o
		printf 'build %s: cc %s' "$out" "$file"
		case $file in
		core/init/seccomp.c) printf ' | %s' "$BAKED" ;;
		esac
		printf '\n'
	done
}

objects() { sed "s#^#$1/#; s#\.c\$#.o#" | tr '\n' ' '; }

readonly BAKER=core/specgen/bake_main.c

# The tool that compiles the seccomp profile: all of core, but seccomp.c sees
# an empty table in place of the one that the tool is there to make.
ninja_baker() {
	local seccomp=core/init/seccomp.c

	cat <<-EOF
	build $OUT/obj/${BAKER%.c}.o: cc $BAKER
	build $OUT/empty/seccomp.o: cc $seccomp
	 first = -I$OUT/empty
	build $OUT/bake_seccomp: link $OUT/obj/${BAKER%.c}.o $OUT/empty/seccomp.o $(
		core_sources | grep -vx "$seccomp" | objects "$OUT/obj")
	EOF
}

# The ninja file of MACHINE. The baker runs here, whatever the target: a cross
# build uses the one of a native build made before it.
ninja_file() {
	local baker=$OUT/bake_seccomp packed='' few=''

	[ "$ARCH" != x86_64 ] || packed=$PACK_RELOCATIONS
	[ -z "$TOOL" ] || baker=$NATIVE/bake_seccomp
	# 9 KB: a small file compiles the filter without capabilities when asked
	[ -z "${APPLETS-}" ] || few=default
	cat <<-EOF
	builddir = $OUT
	cflags = ${OUR_FLAGS[*]} ${APPLETS:+-Oz} ${WARNINGS[*]} -ffile-prefix-map=$PWD=. $
	 -DLIBBSD_OVERLAY -isystem $P/include/bsd
	rule cc
	 command = $MCC \$cflags \$first -Icore -I$OUT -MMD -MF \$out.d -c \$in -o \$out
	 depfile = \$out.d
	 deps = gcc
	 description = compile \$in
	rule link
	 command = $MCC ${LINK_FLAGS[*]} $packed -o \$out \$in -L$P/lib -Wl,--start-group ${LINK[*]} -Wl,--end-group
	 description = link \$out
	rule strip
	 command = ${TOOL}strip -o \$out \$in
	 description = strip \$out
	rule bake
	 command = $baker $(look "$MACHINES" "$ARCH" 2) $few >\$out.new && { cmp -s \$out.new \$out && rm \$out.new || mv \$out.new \$out; }
	 restat = 1
	 description = bake \$out
	build $OUT/mydocker.debug: link $({
		core_sources
		selected_applets
		find applets -maxdepth 1 -name '*.c' | sort
	} | objects "$OUT/obj") | $P/lib/libc.a
	build $OUT/mydocker: strip $OUT/mydocker.debug
	default $OUT/mydocker
	EOF
	{
		core_sources
		find applets -maxdepth 2 -name '*.c' | sort
	} | compile "$OUT/obj"
	[ -n "$TOOL" ] || ninja_baker
	printf 'build %s: bake | %s\n' "$BAKED" "$baker"
}

# Write all that ninja reads, and let it work. One at a time per folder.
make_file() {
	local quiet=--quiet

	[ -z "${VERBOSE-}" ] || quiet=-v
	mkdir -p "$OUT/empty"
	(
		flock 9
		selected_applets | applet_entries | write "$OUT/applets.list"
		printf '%s\n' "#define MYDOCKER_VERSION \"$VERSION\"" \
			"#define DEP_VERSIONS \"$(set_versions)\"" |
			write "$OUT/versions.h"
		echo 'static const struct seccomp_baked seccomp_baked[] = { { 0 } };' |
			write "$OUT/empty/seccomp_baked.h"
		ninja_file | write "$OUT/build.ninja"
		ninja -f "$OUT/build.ninja" -t compdb cc |
			write "$OUT/compile_commands.json"
		ninja -f "$OUT/build.ninja" -k 0 $quiet |
			sed '/: no work to do/d'
	) 9>"$OUT/.lock" >&2
}

# Build for MACHINE into $OUT.
build() {
	ARCH=$1
	machine "$ARCH"
	[ -n "$TRIPLET" ] || die "unknown machine '$1'; one of" \
		"$(names "$MACHINES" | tr '\n' ' ')"
	BAKED=$OUT/seccomp_baked.h
	if [ -n "${DEPS-}" ]; then given_set; else cached_set "$1"; fi
	pick_compiler
	make_file
}

build_here() {
	need "${BUILD_NEEDS[@]}"
	OUT=${OUT:-build}
	build "$(native)"
}

# ---- tests ------------------------------------------------------------------

# The files that a cmocka program asks for in its head: rooms, or single files
# of them, as in 'links: base spec init/mask.c'.
linked_sources() {
	local word

	# shellcheck disable=SC2013 # words it is
	for word in $(sed -n '1,20s#.*links: *\([^*]*\).*#\1#p' "$1"); do
		case $word in
		*.c) echo "core/$word" ;;
		*) core_sources | grep "^core/$word/" |
			grep -vx 'core/base/heap.c' || true ;; # ASan has its own
		esac
	done
}

unit_tests() { find tests/core -name '*.c' 2>/dev/null | sort; }

# cmocka programs against glibc, with sanitizers: one ninja file for them all.
unit_ninja() {
	local file dir=$OUT/unit all

	all=$(for file in $(unit_tests); do linked_sources "$file"; done | sort -u)
	cat <<-EOF
	builddir = $dir
	rule cc
	 command = gcc ${TEST_FLAGS[*]} -Icore -I$OUT -Itests -isystem $P/src/yyjson -MMD -MF \$out.d -c \$in -o \$out
	 depfile = \$out.d
	 deps = gcc
	 description = compile \$in for tests
	rule link
	 command = gcc ${TEST_FLAGS[*]} -Wl,--gc-sections -o \$out \$in -lcmocka -lbsd -lmd -lseccomp
	 description = link \$out
	rule library
	 command = gcc -O1 -w -c \$in -o \$out
	 description = compile \$in, unchecked
	build $dir/yyjson.o: library $P/src/yyjson/yyjson.c
	EOF
	for file in $all $(unit_tests); do
		echo "build $dir/${file%.c}.o: cc $file"
	done
	for file in $(unit_tests); do
		echo "build $dir/${file%.c}: link $dir/${file%.c}.o $(
			linked_sources "$file" | objects "$dir")$dir/yyjson.o"
	done
}

# Print what the cmocka programs that PATTERN picks say, in TAP.
run_units() {
	local file picked status

	picked=$(for file in $(unit_tests); do
		if [[ $file =~ $1 ]] || grep -qE -- "$1" "$file"; then
			echo "$file"
		fi
	done)
	[ -n "$picked" ] || return 0
	mkdir -p "$OUT/unit"
	(
		flock 9
		unit_ninja | write "$OUT/unit/build.ninja"
		ninja -f "$OUT/unit/build.ninja" -k 0 --quiet |
			sed '/: no work to do/d' >&2
	) 9>"$OUT/unit/.lock" || echo 'not ok 0 the programs of tests/core build'
	for file in $picked; do
		echo "# $file"
		[ -x "$OUT/unit/${file%.c}" ] || continue
		status=0
		CMOCKA_MESSAGE_OUTPUT=TAP "$OUT/unit/${file%.c}" 2>&1 ||
			status=$?
		# more than cmocka's count of failures: it died
		[ $status -lt 99 ] && [ $status -ge 0 ] ||
			echo "not ok 0 $file ends with status $status"
	done
}

# bats_files COMMAND… -- FILE…: print what bats, behind COMMAND, says of them.
bats_files() {
	local through=()

	while [ "$1" != -- ]; do through+=("$1"); shift; done
	shift
	[ $# -gt 0 ] || return 0
	# whatever fails is a line of its output, or is missed by the count
	"${through[@]}" bats --formatter tap --print-output-on-failure \
		"${BY_NAME[@]}" "$@" </dev/null || true
}

# Print what the bats files that PATTERN picks say, in TAP. A pattern picks
# files by path, or else tests by name. Those that need the network or another
# checkout run as they are, the others in a world of their own, where a look at
# the host shows nobody else's doings.
run_bats() {
	local file all files=() outside=() enclose=tests/lib/enclose

	BY_NAME=()
	mapfile -t all < <(find tests -name '*.bats' | sort)
	for file in "${all[@]}"; do
		[[ ! $file =~ $1 ]] || files+=("$file")
	done
	if [ ${#files[@]} = 0 ]; then
		BY_NAME=(--filter "$1")
		mapfile -t files < <(grep -lE -- "$1" "${all[@]}")
	fi
	all=("${files[@]}")
	files=()
	for file in "${all[@]}"; do
		case $file in
		tests/build.bats | tests/vm/*) outside+=("$file") ;;
		*) files+=("$file") ;;
		esac
	done
	$enclose true >/dev/null 2>&1 || enclose=
	bats_files $enclose -- "${files[@]}"
	bats_files -- "${outside[@]}"
}

# Pass TAP through and end with the count; a plan that was not kept fails.
tally() {
	awk '
	{ print; fflush() }
	/^1\.\.[0-9]+/ { planned += substr($1, 4) }
	/^not ok / && !/# TODO/ { failed++; bad[failed] = $0; next }
	/^ok .*# *skip/ { skipped++; next }
	/^ok / { passed++ }
	END {
		lost = planned - passed - failed - skipped
		if (lost > 0) {
			print "not ok " lost " tests were announced and not run"
			failed += lost
		}
		for (i = 1; i in bad; i++)
			print "failed: " substr(bad[i], 8)
		printf "%d passed, %d failed, %d skipped\n",
			passed, failed, skipped
		exit failed > 0 || passed + skipped == 0
	}'
}

# ---- the OCI validation suite ------------------------------------------------

# Its tarball in the current folder, of the newest suite that has it whole.
suite_tarball() {
	local suite file

	(source_lists "$SUITE_FROM") || return 75
	for suite in $SUITE_FROM; do
		download "$SUITE_SOURCE" "$suite" || true # a part may be missing
		for file in "get/$SUITE_SOURCE/$suite"/*.orig.tar.*; do
			[ -e "$file" ] || continue
			say "  $(upstream "$file") from $suite"
			echo "$file"
			return
		done
	done
	tail -n 2 "get/$SUITE_SOURCE"/*/log >&2
	say "build.sh: no source of $SUITE_SOURCE in $SUITE_FROM"
	return 75
}

# Build its programs into DIR/bin, and what they want beside them. One package
# that they import is in no Debian: ours stands in for it.
build_suite() {
	local work=$CACHE/conformance.part github code file

	rm -rf "$work"
	github=$work/go/src/github.com
	code=$github/opencontainers/runtime-tools
	mkdir -p "$work"/{bin,root/{bin,dev,etc,proc,sys,tmp}} "$code" \
		"$github/mndrix/tap-go"
	cp tests/conformance/tap.go "$github/mndrix/tap-go/"
	say 'fetching the OCI validation suite'
	file=$(cd "$work" && suite_tarball)
	tar xf "$work/$file" -C "$code" --strip-components=1
	say 'building it, once for all checkouts (a minute)'
	env -u GOFLAGS GO111MODULE=off CGO_ENABLED=0 GOBIN="$work/bin" \
		GOCACHE="$work/cache" GOPATH="$work/go:$GO_CODE" go install \
		-trimpath -ldflags '-s -w' "${code#"$work/go/src/"}/validation/..." \
		"${code#"$work/go/src/"}/cmd/runtimetest" >&2
	mv "$work/bin/runtimetest" "$work/"
	cp /bin/busybox "$work/root/bin/"
	chroot "$work/root" /bin/busybox --install -s /bin
	tar c -C "$work/root" -f "$work/rootfs-$(go env GOARCH).tar.gz" .
	chmod -R u+w "$work"
	rm -rf "$work"/{go,cache,root,get,apt}
	mv "$work" "$1"
}

# Set SUITE to where it is, built if nobody has yet.
cached_suite() {
	local key name imports=()

	for name in $(names "$SUITE_IMPORTS"); do
		imports+=("$name=$GO_CODE/src/$(look "$SUITE_IMPORTS" "$name" 2)")
	done
	need "${DEPS_NEEDS[@]}" "${SUITE_NEEDS[@]}" "${imports[@]}"
	key=$({
		declare -p SUITE_FROM SUITE_SOURCE
		declare -f suite_tarball build_suite
		cat tests/conformance/tap.go
		go version
	} | sha256sum | cut -c 1-16)
	SUITE=$CACHE/conformance-$key
	[ ! -e "$SUITE" ] || return 0
	mkdir -p "$CACHE"
	(
		flock 9
		[ -e "$SUITE" ] || build_suite "$SUITE"
	) 9>"$CACHE/lock"
}

# ---- criu ---------------------------------------------------------------------

# Unpack it and its libraries into DIR, with a command that uses those. Nothing
# of the machine is touched.
fetch_criu() {
	local work=$CACHE/criu.part deb loader

	say "fetching criu from $CRIU_FROM"
	rm -rf "$work"
	mkdir -p "$work/root"
	(
		cd "$work"
		source_lists "$CRIU_FROM" deb
		: >apt/status
		private_apt -o Dir::State::status="$PWD/apt/status" -y \
			--no-install-recommends --download-only install criu \
			>apt/log 2>&1
		for deb in apt/cache/archives/*.deb; do
			dpkg-deb -x "$deb" root
		done
		loader=$(find root -name 'ld-linux*.so.*' | head -n 1)
		printf '#!/bin/sh\nexec %s --library-path %s %s "$@"\n' \
			"$1/$loader" "$1/${loader%/*}" "$1/root/usr/sbin/criu" >criu
		chmod +x criu
		rm -r apt
	)
	mv "$work" "$1"
}

# Export TEST_CRIU, a directory to look for criu in. With CI set it is made.
criu_for_tests() {
	export TEST_CRIU=$CACHE/criu-$CRIU_FROM

	[ -n "${CI-}" ] && [ ! -e "$TEST_CRIU" ] || return 0
	! criu check >/dev/null 2>&1 || return 0
	need dpkg-dev=dpkg-deb
	(
		flock 9
		[ -e "$TEST_CRIU" ] || fetch_criu "$TEST_CRIU" ||
			say 'build.sh: no criu; its tests are skipped'
	) 9>"$CACHE/lock"
}

# ---- words ------------------------------------------------------------------

word_build() {
	# [build]              make build/mydocker
	build_here
	say "$OUT/mydocker: $(($(stat -c %s "$OUT/mydocker") / 1024)) KB"
}

word_run() {
	# run [ARG...]         build, then 'mydocker run ARG...'; else a shell
	local file

	build_here
	file=$(realpath "$OUT/mydocker")
	cd "$FROM"
	if [ $# -gt 0 ]; then
		exec "$file" run "$@"
	elif [ -t 0 ] && [ -t 1 ]; then
		exec "$file" run -it /bin/sh
	else
		exec "$file" run -i /bin/sh
	fi
}

word_test() {
	# test [PATTERN]       run the tests whose path or name match
	[ $# -le 1 ] || die 'test takes one pattern'
	need "${TEST_NEEDS[@]}"
	[ -z "${CI-}" ] || need "${ENGINE_NEEDS[@]}"
	unset APPLETS
	build_here
	criu_for_tests
	export OUT MYDOCKER=$PWD/$OUT/mydocker ROOT=$PWD
	export PATH=$PWD/$OUT:$PATH
	{
		run_units "${1-}"
		run_bats "${1-}"
	} | tally
}

word_lint() {
	# lint [FILE...]       check the rules of core/STYLE.md
	need "${LINT_NEEDS[@]}"
	build_here
	exec python3 tests/lint.py "$OUT" "$@"
}

word_size() {
	# size [COMMIT]        sections and largest symbols, against a commit
	local rev=${1-} old

	[ -n "$rev" ] || if git diff --quiet HEAD; then rev=HEAD~1; else rev=HEAD; fi
	build_here
	old=$(mktemp -d)
	# shellcheck disable=SC2064
	trap "rm -rf '$old'" EXIT
	git archive "$rev" | tar x -C "$old"
	(unset APPLETS OUT && "$old/build.sh" >&2)
	echo "section              now   $(git rev-parse --short "$rev")   change"
	awk 'FNR == 1 { file++ }
	$1 ~ /^\.|^Total/ && $1 !~ /^\.(debug|comment)/ {
		size[file, $1] = $2
		if (!seen[$1]++) order[++n] = $1
	}
	END {
		for (i = 1; i <= n; i++)
			printf "%-16s %8d %9d %+8d\n", order[i],
				size[1, order[i]], size[2, order[i]],
				size[1, order[i]] - size[2, order[i]]
	}' <(size -A "$OUT/mydocker") <(size -A "$old/build/mydocker")
	echo
	echo 'largest symbols      now   before   change'
	awk 'FNR == 1 { file++ }
	NF == 4 { size[file, $4] = $2; if (file == 2) order[++n] = $4 }
	END {
		for (i = n; i > n - 10 && i > 0; i--)
			printf "%-16s %8d %8d %+8d\n", order[i],
				size[2, order[i]], size[1, order[i]],
				size[2, order[i]] - size[1, order[i]]
	}' <(nm -S --size-sort -t d "$old/build/mydocker.debug") \
		<(nm -S --size-sort -t d "$OUT/mydocker.debug")
}

word_bench() {
	# bench [ARG...]       measure against crun, runc, bwrap, podman and a floor
	build_here
	export MYDOCKER="$PWD/$OUT/mydocker" OUT
	exec tests/bench/bench.sh "$@"
}

word_conformance() {
	# conformance [--vm]   run the OCI validation suite, and print the score
	build_here
	cached_suite
	export MYDOCKER="$PWD/$OUT/mydocker" OUT SUITE
	exec tests/conformance/conformance.sh "$@"
}

word_vm() {
	# vm [COMMAND...]      boot a kernel with mydocker as its /init
	if [ -n "${VM_MACHINE-}" ]; then
		word_cross "$VM_MACHINE"
	else
		build_here
	fi
	export MYDOCKER="$PWD/$OUT/mydocker" OUT
	exec tests/vm/vm.sh "$@"
}

word_cross() {
	# cross MACHINE        make build/MACHINE/mydocker (aarch64, armv7, riscv64)
	[ $# = 1 ] || die "cross takes one of $(names "$MACHINES" | tr '\n' ' ')"
	(unset DEPS && build_here)
	NATIVE=${OUT:-build}
	OUT=$NATIVE/$1
	build "$1"
	say "$OUT/mydocker: $(($(stat -c %s "$OUT/mydocker") / 1024)) KB"
}

word_install() {
	# install [DIR]        copy it into DIR, or into /usr/local/bin
	local dir

	build_here
	dir=$(cd "$FROM" && realpath -m "${1:-/usr/local/bin}")
	install -D -m 755 "$OUT/mydocker" "$dir/mydocker"
	say "$dir/mydocker"
}

word_clean() {
	# clean                remove build/; the cached libraries stay
	rm -rf "${OUT:-build}"
}

word_help() {
	# help                 print this
	echo 'usage: ./build.sh [WORD]'
	awk '/^word_/ { getline; sub(/^\t# /, "  "); print }' build.sh
	awk '/^#   [A-Z_]+=/ { sub(/^# /, ""); print }' build.sh
	echo "libraries are cached in $CACHE"
}

case ${1-} in
_lib) build_lib "$2" "$3" ;;
'' | build) word_build ;;
*)
	declare -F "word_$1" >/dev/null ||
		die "unknown word '$1'; see './build.sh help'"
	word=$1
	shift
	"word_$word" "$@"
	;;
esac; exit # of one line, for this file may change while it runs
