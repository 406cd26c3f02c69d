#!/bin/sh
# Puts k3s-doctor on this host, from the files beside this script. Nothing is fetched: it works without a network.
#
#   sh install.sh                install, or replace an older one
#   sh install.sh uninstall      take it away again; so does k3s-doctor-uninstall.sh
#
# Beside it must lie SHA256SUMS and the executable for this machine: k3s-doctor-linux-amd64 or k3s-doctor-linux-arm64.
#
#   INSTALL_K3S_DOCTOR_BIN_DIR   where to put it. Default: /usr/local/bin, or /opt/bin where that is read-only
#   INSTALL_K3S_DOCTOR_FROM      where the files lie. Default: beside this script
set -eu

say() {
	printf 'k3s-doctor: %s\n' "$*"
}

die() {
	printf 'k3s-doctor: %s\n' "$*" >&2
	exit 1
}

temporary=
tidy() {
	if [ -n "$temporary" ]; then rm -f "$temporary"; fi
}
trap tidy EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Whether a file can be made there. What a mode says is not all: a file system may be mounted read-only.
is_writable() {
	probe=$1/.k3s-doctor-probe.$$
	if ! (: >"$probe") 2>/dev/null; then return 1; fi
	rm -f "$probe"
}

is_there() {
	[ -e "$1/k3s-doctor" ] || [ -e "$1/k3s-doctor-uninstall.sh" ]
}

choose_bin_dir() {
	bin_dir=${INSTALL_K3S_DOCTOR_BIN_DIR:-}
	if [ -n "$bin_dir" ]; then
		case $bin_dir in
		*[!A-Za-z0-9/._+-]*) die "INSTALL_K3S_DOCTOR_BIN_DIR may hold letters, digits and / . _ + - only, not be \"$bin_dir\"." ;;
		/*) ;;
		*) die "INSTALL_K3S_DOCTOR_BIN_DIR must begin with /, not be \"$bin_dir\"." ;;
		esac
	elif [ "$1" = uninstall ]; then
		bin_dir=/usr/local/bin
		if ! is_there "$bin_dir" && is_there /opt/bin; then bin_dir=/opt/bin; fi
	else
		bin_dir=/usr/local/bin
		if [ "$(id -u)" = 0 ] && [ -d "$bin_dir" ] && ! is_writable "$bin_dir"; then bin_dir=/opt/bin; fi
	fi
}

find_architecture() {
	machine=$(uname -m)
	case $machine in
	x86_64 | amd64) arch=amd64 ;;
	aarch64 | arm64) arch=arm64 ;;
	*) die "There is no executable for this machine ($machine). With Node.js 20 or newer, k3s-doctor.cjs runs on it: node k3s-doctor.cjs" ;;
	esac
}

sum_of() {
	if command -v sha256sum >/dev/null 2>&1; then
		sha256sum "$1" | cut -d ' ' -f 1
	elif command -v openssl >/dev/null 2>&1; then
		openssl dgst -sha256 "$1" | sed 's/^.* //'
	else
		die "There is neither sha256sum nor openssl here to check the file with."
	fi
}

check_sum() {
	wanted=$(sed -n "s/^\([0-9a-f]\{64\}\)  *\**$name\$/\1/p" "$from/SHA256SUMS")
	[ -n "$wanted" ] || die "$from/SHA256SUMS does not name $name."
	[ "$(sum_of "$1")" = "$wanted" ] || die "$2"
}

version_of() {
	"$1" --version 2>/dev/null || true
}

write_uninstaller() {
	temporary=$bin_dir/.k3s-doctor-uninstall.$$
	cat >"$temporary" <<-EOF
		#!/bin/sh
		# Takes k3s-doctor away again. The records of what it ran on this node stay.
		set -eu
		rm -f '$bin_dir/k3s-doctor' '$bin_dir/k3s-doctor-uninstall.sh'
		echo 'k3s-doctor: It is gone from $bin_dir. The records of what it ran on this node stay.'
	EOF
	chmod 755 "$temporary"
	mv -f "$temporary" "$bin_dir/k3s-doctor-uninstall.sh"
	temporary=
}

install() {
	find_architecture
	name=k3s-doctor-linux-$arch
	from=${INSTALL_K3S_DOCTOR_FROM:-$(cd "$(dirname "$0")" && pwd)}
	[ -f "$from/$name" ] || die "$name must lie in $from (this machine is $machine). Copy it there and run this again."
	[ -f "$from/SHA256SUMS" ] || die "SHA256SUMS must lie in $from, to check $name with. Copy it there and run this again."
	check_sum "$from/$name" "$from/$name is damaged: its SHA-256 is not the one in SHA256SUMS. Copy it anew. Nothing was changed."

	mkdir -p "$bin_dir" 2>/dev/null || true
	is_writable "$bin_dir" || die "$bin_dir cannot be written to. Run this as root, or set INSTALL_K3S_DOCTOR_BIN_DIR."
	old=
	if [ -x "$bin_dir/k3s-doctor" ]; then old=$(version_of "$bin_dir/k3s-doctor"); fi

	# Put aside first and checked again: on a full disk the one that is there stays.
	temporary=$bin_dir/.k3s-doctor.$$
	cp "$from/$name" "$temporary" || die "$name could not be copied to $bin_dir. Nothing was changed."
	check_sum "$temporary" "The copy in $bin_dir is not whole. Is the disk full? Nothing was changed."
	chmod 755 "$temporary"
	new=$(version_of "$temporary")
	[ -n "$new" ] || die "$name does not run here: it needs glibc 2.28 or newer and libstdc++, and a file system that may run programs. Nothing was changed."
	mv -f "$temporary" "$bin_dir/k3s-doctor"
	temporary=
	if command -v restorecon >/dev/null 2>&1; then restorecon "$bin_dir/k3s-doctor" 2>/dev/null || true; fi
	write_uninstaller

	say "Version $new is in $bin_dir${old:+ (before: $old)}."
	case :$PATH: in
	*:"$bin_dir":*) say "To examine this node: sudo k3s-doctor" ;;
	*) say "To examine this node: sudo $bin_dir/k3s-doctor" ;;
	esac
}

uninstall() {
	if ! is_there "$bin_dir"; then
		say "It is not in $bin_dir."
		return
	fi
	rm -f "$bin_dir/k3s-doctor" "$bin_dir/k3s-doctor-uninstall.sh" || die "It could not be taken out of $bin_dir. Run this as root."
	say "It is gone from $bin_dir. The records of what it ran on this node stay."
}

[ $# -le 1 ] || die "One argument at most: install or uninstall."
case ${1:-install} in
install | uninstall)
	choose_bin_dir "${1:-install}"
	"${1:-install}"
	;;
-h | --help) sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p;}' "$0" ;;
*) die "There is no \"$1\": sh install.sh [install|uninstall]." ;;
esac
