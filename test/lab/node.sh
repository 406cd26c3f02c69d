#!/bin/bash
# Scratch nodes for tests: Debian 12 with a real systemd and journald, each in a network namespace of its own.
#   node.sh may               can this machine do it? Prints why not.
#   node.sh base              make the base root file system (once; debootstrap, about a minute)
#   node.sh new NAME [IP]     a fresh node from the base (10.98.0.0/24; the gateway 10.98.0.1 leads nowhere)
#   node.sh boot NAME         start it, wait for systemd, print the PID to enter it by
#   node.sh in NAME CMD…      run a command inside
#   node.sh root NAME         its root file system on this machine
#   node.sh stop NAME | rm NAME
# LAB (a folder, not on overlayfs) holds the base; LAB_WORK (a folder) and LAB_NET (a name) keep several users apart.
set -u
LAB=${LAB:-/var/tmp/k3s-doctor-lab} NET=${LAB_NET:-doctor}; WORK=${LAB_WORK:-$LAB}
# One node's systemd must not meet another's in the same control group.
groups() { for c in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do [ -e "$c/cgroup.procs" ] && echo "$c/$NET-$1"; done; }
die() { echo "node.sh: $*" >&2; exit 1; }
leader() { local pid; pid=$(cat "$WORK/run/$1.pid" 2>/dev/null) && pgrep -P "$pid" | head -1; }

case ${1:-} in
may)
  [ "$(id -u)" = 0 ] || die "needs root"
  for program in systemd-nspawn debootstrap nsenter ip; do
    command -v "$program" >/dev/null || die "needs $program (apt-get install systemd-container debootstrap util-linux iproute2)"
  done
  ip netns add "$NET-may" 2>/dev/null && ip netns del "$NET-may" || die "may not make network namespaces"
  [ -e "$LAB/base.done" ] || [ "${LAB_MAKE:-}" = 1 ] || die "has no base system in $LAB (node.sh base makes it, about a minute)";;
base)
  mkdir -p "$WORK/nodes" "$WORK/run"
  [ -e "$LAB/base.done" ] && exit 0
  rm -rf "$LAB/base"
  debootstrap --variant=minbase --include=systemd,systemd-sysv,dbus,iproute2,iptables,nftables,procps,kmod,ca-certificates,openssl,curl,netcat-openbsd,less \
    bookworm "$LAB/base" >"$LAB/base.log" 2>&1 || die "debootstrap failed, see $LAB/base.log"
  rm -rf "$LAB/base/etc/resolv.conf" "$LAB/base/var/cache/apt" "$LAB/base/usr/share/doc" "$LAB/base/usr/share/locale"
  touch "$LAB/base.done";;
new)
  name=$2 ip=${3:-10.98.0.11} root=$WORK/nodes/$2
  mkdir -p "$WORK/nodes" "$WORK/run"; rm -rf "$root"; cp -a "$LAB/base" "$root"
  echo "$ip" >"$WORK/run/$name.ip"; echo "$name" >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n%s %s\n' "$ip" "$name" >"$root/etc/hosts"; echo 'nameserver 10.98.0.1' >"$root/etc/resolv.conf"
  mkdir -p "$root/var/log/journal"; rm -f "$root/etc/machine-id"; systemd-machine-id-setup --root="$root" >/dev/null 2>&1
  # systemd in a container gets its cgroups read-only where the host's are of version 1.
  cat >"$root/etc/systemd/system/scratch-cgroups.service" <<'UNIT'
[Unit]
DefaultDependencies=no
Before=sysinit.target
[Service]
Type=oneshot
ExecStart=/bin/sh -c 'for c in /sys/fs/cgroup/*/; do mount -o remount,bind,rw $c 2>/dev/null; done; mount --make-rshared /; exit 0'
UNIT
  mkdir -p "$root/etc/systemd/system/sysinit.target.wants"
  ln -sf ../scratch-cgroups.service "$root/etc/systemd/system/sysinit.target.wants/";;
boot)
  name=$2 ip=$(cat "$WORK/run/$2.ip") || die "no node $2"
  if ip netns add "$NET" 2>/dev/null; then
    ip -n "$NET" link add br0 type bridge; ip -n "$NET" addr add 10.98.0.1/24 dev br0
    ip -n "$NET" link set br0 up; ip -n "$NET" link set lo up
  fi
  ip netns del "$NET-$name" 2>/dev/null; ip netns add "$NET-$name"; veth=$(echo -n "$NET$name" | cksum | cut -c1-8)
  ip link add "va$veth" type veth peer name "vb$veth"
  ip link set "va$veth" netns "$NET"; ip -n "$NET" link set "va$veth" master br0 up
  ip link set "vb$veth" netns "$NET-$name"; ip -n "$NET-$name" link set "vb$veth" name eth0
  ip -n "$NET-$name" addr add "$ip/24" dev eth0; ip -n "$NET-$name" link set eth0 up; ip -n "$NET-$name" link set lo up
  ip -n "$NET-$name" route add default via 10.98.0.1
  (for c in $(groups "$name"); do mkdir -p "$c" && echo "$BASHPID" >"$c/cgroup.procs"; done
  SYSTEMD_NSPAWN_API_VFS_WRITABLE=1 SYSTEMD_SECCOMP=0 exec setsid systemd-nspawn --quiet -D "$WORK/nodes/$name" --boot --register=no --keep-unit \
    --capability=all --private-users=no --machine="$NET-$name" --hostname="$name" --network-namespace-path="/run/netns/$NET-$name" \
    --system-call-filter='@keyring @mount bpf perf_event_open' --resolv-conf=off --timezone=off --link-journal=no --console=passive \
    </dev/null >"$WORK/run/$name.log" 2>&1) &
  echo $! >"$WORK/run/$name.pid"
  for _ in $(seq 120); do
    pid=$(leader "$name")
    [ -n "$pid" ] && nsenter -t "$pid" -a systemctl is-system-running 2>/dev/null | grep -qE 'running|degraded' && { echo "$pid"; exit 0; }
    sleep .25
  done
  die "$name did not boot, see $WORK/run/$name.log";;
in)
  pid=$(leader "$2"); [ -n "$pid" ] || die "$2 is not running"; shift 2
  exec nsenter -t "$pid" -a env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LC_ALL=C.UTF-8 "$@";;
root) echo "$WORK/nodes/$2";;
stop)
  pid=$(leader "$2"); outer=$(cat "$WORK/run/$2.pid" 2>/dev/null)
  [ -n "$pid" ] && kill -s SIGRTMIN+4 "$pid"
  for _ in $(seq 60); do [ -d "/proc/$outer" ] || break; sleep .25; done
  [ -n "$pid" ] && [ -d "/proc/$pid" ] && kill -9 "$pid"
  for c in $(groups "$2"); do find "$c" -depth -type d -exec rmdir {} + 2>/dev/null; done
  ip netns del "$NET-$2" 2>/dev/null; rm -f "$WORK/run/$2.pid"
  ip netns list | grep -q "^$NET-" || ip netns del "$NET" 2>/dev/null
  true;;
rm) rm -rf "${WORK:?}/nodes/$2" "$WORK/run/$2".*;;
*) sed -n '2,10p' "$0"; exit 2;;
esac
