# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# Loaded by tests of what others in a pid namespace may see of a start.

# A program for a container: it tells of processes that have more than its first
# one has, and of those that run another file than BusyBox, so that one knows
# that it was fast enough to see any.
watch_processes() {
	cat <<-'EOF'
		look() {
			caps= filter=
			while read -r name value; do
				case $name in
				CapPrm:) caps=$value ;;
				Seccomp:) filter=$value ;;
				esac
			done 2>/dev/null <"$1/status"
			echo "${caps:-0} ${filter:-2}"
		}
		first=$(look /proc/1)
		echo watching
		while :; do
			for dir in /proc/[0-9]*; do
				exe=$(readlink "$dir/exe") || continue
				now=$(look "$dir")
				word=$(tr '\0' '\n' 2>/dev/null <"$dir/environ" | grep ^WORD=)
				[ -e "$dir/exe" ] || continue
				more=$((0x${now% *} & ~0x${first% *}))
				[ "$more ${now#* }" = "0 ${first#* }" ] ||
					echo "hit: $exe has $now, not $first"
				[ -z "$word" ] || echo "hit: $exe has $word"
				[ "$exe" != /bin/busybox ] || continue
				had=$(ls -l "$dir/fd" | sed -n "s/.*\([3-9] -> [^s].*\)/hit: \1/p")
				# it may be the command by now, and have files of its own
				[ "$(readlink "$dir/exe")" = "$exe" ] || continue
				[ -z "$had" ] || echo "$had"
				echo "seen: $exe"
			done
		done
	EOF
}

# Each of a few calls on the way to the command takes a while.
slowly() {
	WORD=host strace -f -qq -o /dev/null -e signal=none \
		-e inject=execveat,setns,setresuid,seccomp,capset:delay_enter=60000 \
		-e inject=setsid,execve:delay_enter=300000 "$@"
}
