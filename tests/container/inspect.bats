#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# shellcheck disable=SC2154 # stderr and the like are set by bats' run
# inspect: docker's document.
load ../lib/harness
load common

@test "inspect prints a list of documents with docker's keys" {
	mydocker run --name x -l k=v -m 64m --cpu-shares 512 -e A=B -w /tmp \
		-v "$TMP:/data:ro" -h box --stop-signal INT --rootfs "$ROOTFS" \
		sh -c 'exit 3' || :
	mydocker inspect x >out
	[ "$(jq length out)" -eq 1 ]
	[ "$(jq -r '.[0] | .Name, .Path, (.Args | join(" ")), .Image' out)" = \
		$'/x\nsh\n-c exit 3\n'"$ROOTFS" ]
	[ "$(jq -c '.[0].State | [.Status, .Running, .Paused, .Restarting,
		.OOMKilled, .Dead, .Pid, .ExitCode, .Error]' out)" = \
		'["exited",false,false,false,false,false,0,3,""]' ]
	[ "$(jq -c '.[0].Config | [.Hostname, .WorkingDir, .Labels, .Cmd,
		.StopSignal, .Tty]' out)" = \
		'["box","/tmp",{"k":"v"},["sh","-c","exit 3"],"SIGINT",false]' ]
	jq -e '.[0].Config.Env | index("A=B")' out
	[ "$(jq -c '.[0].HostConfig | [.Memory, .MemorySwap, .CpuShares,
		.PidsLimit, .NetworkMode, .AutoRemove, .RestartPolicy.Name]' out)" = \
		'[67108864,134217728,512,2048,"none",false,"no"]' ]
	[ "$(jq -c '.[0].Mounts[] | [.Type, .Source, .Destination, .RW]' out)" = \
		"[\"bind\",\"$TMP\",\"/data\",false]" ]
	[ "$(jq -c '.[0].NetworkSettings.Networks | keys' out)" = '["none"]' ]
	mydocker rm x
}

@test "inspect of a running one has the pid, and only docker's zero times" {
	start x sleep 100
	mydocker inspect x >out
	[ "$(tr '\0' ' ' <"/proc/$(jq '.[0].State.Pid' out)/cmdline")" = 'sleep 100 ' ]
	[ "$(jq -r '.[0].State.FinishedAt' out)" = 0001-01-01T00:00:00Z ]
	mydocker kill x
}

@test "inspect -f renders a template for each" {
	mydocker run --name x -l a.b=c --rootfs "$ROOTFS" true
	mydocker run --name y --rootfs "$ROOTFS" true
	[ "$(mydocker inspect -f '{{.Name}} {{.State.ExitCode}}' x y)" = $'/x 0\n/y 0' ]
	[ "$(mydocker inspect -f '{{index .Config.Labels "a.b"}}' x)" = c ]
	[ "$(mydocker inspect -f '{{index .Config.Labels "none"}}' x)" = '' ]
	[ "$(mydocker inspect -f '{{json .State.Status}}' x)" = '"exited"' ]
	[ "$(mydocker inspect -f '{{range $k, $v := .Config.Labels}}{{$k}}={{$v}}{{end}}' x)" = a.b=c ]
	[ "$(mydocker inspect -f json x | jq -r .Name)" = /x ]
	run -1 mydocker inspect -f '{{.Foo}}' x
	[[ $output = *'template: :1:2: executing "" at <.Foo>: map has no entry for key "Foo"' ]]
	run -64 mydocker inspect -f '{{.Name' x
	[[ $output = *'template: :1: unclosed action' ]]
	mydocker rm x y
}

@test "inspect of what is not there prints the others and fails" {
	mydocker run --name x --rootfs "$ROOTFS" true
	run -1 --separate-stderr mydocker inspect x nosuch
	[ "$(jq -r '.[].Name' <<<"$output")" = /x ]
	[[ $stderr = *"no such object: 'nosuch'" ]]
	mydocker rm x
}

@test "inspect -s tells sizes, --type takes container" {
	mydocker run --name x --rootfs "$ROOTFS" true
	[ "$(mydocker inspect -s --type container -f '{{gt .SizeRootFs 1000}} {{.SizeRw}}' x)" = 'true 0' ]
	[ "$(mydocker container inspect x | jq '.[0] | has("SizeRw")')" = false ]
	run -1 mydocker inspect --type image x
	mydocker rm x
}

@test "a dead container has a document" {
	mydocker run --name x --rootfs "$ROOTFS" true
	echo garbage >"$(echo "$STORE"/containers/*)/record.json"
	[ "$(mydocker inspect -f '{{.State.Status}} {{.State.Dead}}' x)" = 'dead true' ]
	mydocker rm -f x
}

# asked NAME KEY: what HostConfig says, as JSON.
asked() { mydocker inspect -f "{{json .HostConfig.$2}}" "$1"; }

@test "inspect repeats what was asked for, as docker does" {
	mkdir dir
	mydocker run --name x --rootfs "$ROOTFS" --cap-add net_admin --cap-add CAP_SYS_TIME \
		--cap-add NET_ADMIN --cap-drop all --security-opt no-new-privileges \
		--group-add audio --tmpfs /mnt:size=1m --cpus 1.5 -u web -v web:/home:ro \
		-v "$TMP/dir:/var" -v /srv --annotation a=b --cidfile id \
		--mount type=volume,src=data,dst=/opt,ro,volume-nocopy --ipc none true
	[ "$(asked x CapAdd)" = '["CAP_NET_ADMIN","CAP_SYS_TIME"]' ]
	[ "$(asked x CapDrop)" = '["ALL"]' ]
	[ "$(asked x SecurityOpt)" = '["no-new-privileges"]' ]
	[ "$(asked x GroupAdd)" = '["audio"]' ]
	[ "$(asked x Tmpfs)" = '{"/mnt":"size=1m"}' ]
	[ "$(asked x NanoCpus)" = 1500000000 ]
	[ "$(asked x CpuQuota)" = 0 ]
	[ "$(asked x Binds)" = '["web:/home:ro","'"$TMP"'/dir:/var"]' ]
	[ "$(asked x Mounts)" = '[{"Type":"volume","Source":"data","Target":"/opt","ReadOnly":true,"VolumeOptions":{"NoCopy":true}}]' ]
	[ "$(asked x Annotations)" = '{"a":"b"}' ]
	[ "$(asked x ContainerIDFile)" = '"id"' ]
	[ "$(asked x IpcMode)" = '"none"' ]
	[ "$(asked x Privileged)" = false ]
	[ "$(mydocker inspect -f '{{json .Config.User}} {{json .Config.Volumes}}' x)" = '"web" {"/srv":{}}' ]
	mydocker rm -v x
}

@test "inspect of a container of which nothing was asked" {
	mydocker run --name x --rootfs "$ROOTFS" true
	for key in CapAdd CapDrop SecurityOpt GroupAdd Binds VolumesFrom; do
		[ "$(asked x $key)" = null ]
	done
	[ "$(mydocker inspect -f '{{json .Config.Volumes}} {{json .Config.Entrypoint}} {{json .Config.Cmd}}' x)" = 'null null ["true"]' ]
	[ "$(mydocker inspect -f '{{json .Config.User}}' x)" = '""' ]
	mydocker rm x
}

@test "inspect tells --entrypoint and --volumes-from" {
	mydocker run --name y --rootfs "$ROOTFS" -v web:/mnt true
	mydocker run --name x --rootfs "$ROOTFS" --entrypoint echo --volumes-from y:ro a b
	[ "$(mydocker inspect -f '{{json .Config.Entrypoint}} {{json .Config.Cmd}} {{.Path}} {{json .Args}}' x)" = '["echo"] ["a","b"] echo ["a","b"]' ]
	[ "$(asked x VolumesFrom)" = '["y:ro"]' ]
	[ "$(mydocker inspect -f '{{(index .Mounts 0).RW}}' x)" = false ]
	mydocker rm x y
}

@test "inspect --size and ps -s count what was written above the root" {
	mydocker run --name x --overlay --rootfs "$ROOTFS" sh -c 'head -c 5000 /dev/zero >/new'
	[ "$(mydocker inspect -s -f '{{.SizeRw}}' x)" = 5000 ]
	local all below
	all=$(mydocker inspect -s -f '{{.SizeRootFs}}' x)
	mydocker run --name y --rootfs "$ROOTFS" true
	below=$(mydocker inspect -s -f '{{.SizeRootFs}}' y)
	[ "$all" = $((below + 5000)) ]
	[ "$(mydocker inspect -s -f '{{.SizeRw}}' y)" = 0 ]
	run -0 mydocker ps -a -s --filter name=x --format '{{.Size}}'
	[[ $output = '5kB (virtual '* ]]
	[ "$(mydocker inspect -f '{{.GraphDriver.Name}} {{.GraphDriver.Data.LowerDir}}' x)" = "overlay $ROOTFS" ]
	mydocker rm x y
}
