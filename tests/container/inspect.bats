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
	[ "$(asked x Mounts)" = '[{"Type":"volume","Source":"data","Target":"/opt","ReadOnly":true,"VolumeOptions":{"NoCopy":true,"DriverConfig":{}}}]' ]
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

# docker's structs have fields that are not in its JSON when they are empty,
# and names of Go's; scripts ask for both.
@test "inspect -f knows of what JSON leaves out" {
	mydocker create --name x -v "$TMP:/data" --rootfs "$ROOTFS" true
	run -0 mydocker inspect -f '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}' x
	[ "$output" = none ]
	run -0 mydocker inspect -f '{{.State.Health}}|{{.Config.StopTimeout}}|{{.Config.StopSignal}}|{{.Config.ExposedPorts}}|{{.SizeRw}}' x
	[ "$output" = '<nil>|<nil>||map[]|<nil>' ]
	run -0 mydocker inspect -f '{{range .Mounts}}{{.Name}}{{.Driver}}:{{.Destination}}{{end}}' x
	[ "$output" = :/data ]
	[ "$(mydocker inspect -f '{{.ID}} {{.HostConfig.CPUShares}} {{.HostConfig.NanoCPUs}}' x)" = \
		"$(mydocker inspect -f '{{.Id}}' x) 0 0" ]
	[ "$(mydocker inspect -f '{{.HostConfig.Links}} {{.HostConfig.MemorySwappiness}}' x)" = '[] <nil>' ]
	run -1 mydocker inspect -f '{{.State.Health.Status}}' x
	[[ $output = *'map has no entry for key "Health"' ]]
	mydocker inspect x >out
	run -1 jq -e '.[0] | has("ID") or has("SizeRw") or (.State | has("Health"))
		or (.Mounts[0] | has("Name"))' out
	mydocker rm x
	mydocker create --name x --health-cmd true --health-interval 90s --health-timeout 1500ms --rootfs "$ROOTFS" true
	[ "$(mydocker inspect -f '{{with .Config.Healthcheck}}{{.Interval}} {{.Timeout}} {{.StartPeriod}} {{.Retries}}{{end}}' x)" = \
		'1m30s 1.5s 0s 0' ]
	mydocker rm x
}

@test "inspect tells limits and devices as they were asked for" {
	local disk

	mydocker create --name x -e A=1 --env B=2 --ulimit nofile=100:200 --ulimit nproc=50 \
		--device /dev/null:/dev/nn:rw --device /dev/zero --device-cgroup-rule 'c 1:3 rwm' \
		--sysctl net.ipv4.ip_forward=1 --cgroup-parent p \
		--mount type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1777 \
		--mount "type=bind,src=$TMP,dst=/b,bind-recursive=disabled" \
		--mount type=volume,dst=/v,volume-nocopy --rootfs "$ROOTFS" true
	[ "$(mydocker inspect -f '{{json .Config.Env}}' x)" = \
		'["A=1","B=2","PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]' ]
	[ "$(asked x Ulimits)" = '[{"Name":"nofile","Hard":200,"Soft":100},{"Name":"nproc","Hard":50,"Soft":50}]' ]
	[ "$(asked x Devices)" = '[{"PathOnHost":"/dev/null","PathInContainer":"/dev/nn","CgroupPermissions":"rw"},{"PathOnHost":"/dev/zero","PathInContainer":"/dev/zero","CgroupPermissions":"rwm"}]' ]
	[ "$(asked x DeviceCgroupRules)" = '["c 1:3 rwm"]' ]
	[ "$(asked x Sysctls)" = '{"net.ipv4.ip_forward":"1"}' ]
	[ "$(asked x CgroupParent)" = '"p"' ]
	[ "$(asked x Mounts)" = '[{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1048576,"Mode":1023}},{"Type":"bind","Source":"'"$TMP"'","Target":"/b","BindOptions":{"NonRecursive":true}},{"Type":"volume","Target":"/v","VolumeOptions":{"NoCopy":true,"DriverConfig":{}}}]' ]
	mydocker rm -v x
	disk=$(lsblk -dpno NAME 2>/dev/null | head -n 1)
	[ -n "$disk" ] || skip 'there is no disk here'
	mydocker create --name x --device-read-bps "$disk:1mb" --device-write-iops "$disk:7" \
		--blkio-weight-device "$disk:300" --rootfs "$ROOTFS" true
	[ "$(asked x BlkioDeviceReadBps)" = '[{"Path":"'"$disk"'","Rate":1048576}]' ]
	[ "$(asked x BlkioDeviceWriteIOps)" = '[{"Path":"'"$disk"'","Rate":7}]' ]
	[ "$(asked x BlkioWeightDevice)" = '[{"Path":"'"$disk"'","Weight":300}]' ]
	mydocker rm x
}

@test "inspect tells which streams were attached" {
	mydocker create --name x --rootfs "$ROOTFS" true
	mydocker create --name y -i -a stdin -a stderr --rootfs "$ROOTFS" true
	mydocker run -d --name z -i --rootfs "$ROOTFS" sleep 100
	run -0 mydocker inspect -f '{{with .Config}}{{.AttachStdin}} {{.AttachStdout}} {{.AttachStderr}} {{.OpenStdin}} {{.StdinOnce}}{{end}}' x y z
	[ "$output" = $'false true true false false\ntrue false true true true\nfalse false false true false' ]
	mydocker rm -f x y z
}
