#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# volume inspect: all that is known of volumes.
load ../lib/harness

@test "volume inspect prints docker's document" {
	mydocker volume create --label a=1 web
	run -0 mydocker volume inspect web
	python3 - "$output" "$STORE" <<-'EOF'
		import json, re, sys
		d, = json.loads(sys.argv[1])
		assert re.match(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$', d.pop('CreatedAt'))
		assert d == {'Driver': 'local', 'Labels': {'a': '1'}, 'Name': 'web',
			'Mountpoint': sys.argv[2] + '/volumes/web/_data',
			'Options': None, 'Scope': 'local'}, d
	EOF
}

@test "volume inspect of one that is not there is an error, and the others are printed" {
	mydocker volume create web
	run -1 --separate-stderr mydocker volume inspect -f '{{.Name}}' nosuch web
	[ "$output" = web ]
	[[ $stderr = *'get nosuch: no such volume' ]]
	run -1 --separate-stderr mydocker volume inspect nosuch
	[ "$output" = '[]' ]
}

@test "inspect finds volumes, too, and --type says which" {
	mydocker volume create web
	run -0 mydocker inspect -f '{{.Name}}' web
	[ "$output" = web ]
	run -0 mydocker inspect --type volume -f '{{.Driver}}' web
	[ "$output" = local ]
	run -1 mydocker inspect --type container web
	[[ $output = *"no such container: 'web'" ]]
}
