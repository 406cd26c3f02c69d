#!/usr/bin/env bash
# Debian packages without which some tests are skipped: real service managers, journals, shells, packagers. Installs
# what is missing where that is possible (root, apt-get); elsewhere says what is missing, and the tests say why they skip.
set -uo pipefail
# package:program that tells that it is there
wanted=(
	systemd-container:systemd-nspawn
	systemd-journal-remote:/usr/lib/systemd/systemd-journal-remote
	debootstrap:debootstrap
	containerd:/usr/bin/containerd
	runc:/usr/sbin/runc
	qemu-user-static:qemu-aarch64-static
	rpm:rpm
	busybox:busybox
	dash:dash
	shellcheck:shellcheck
	zsh:zsh
	fish:fish
	man-db:man
	mandoc:mandoc
	chromium:chromium
)
missing=()
for entry in "${wanted[@]}"; do
	command -v "${entry#*:}" >/dev/null 2>&1 || [ -e "${entry#*:}" ] || missing+=("${entry%%:*}")
done
[ "${#missing[@]}" -gt 0 ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
	echo "Not installed, so some tests are skipped: ${missing[*]}" >&2
	exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
	echo "Could not be installed, so some tests are skipped: ${missing[*]}" >&2
exit 0
