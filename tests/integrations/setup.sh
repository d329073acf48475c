#!/bin/bash
# tests/integrations/setup.sh FOLDER: gets a real Home Assistant, a real Node-RED and Prometheus into FOLDER. Needs the network: some 700 MB,
# ten minutes. What is there already stays; nothing is installed outside FOLDER.
set -euo pipefail
readonly folder=$(mkdir -p "$1" && cd "$1" && pwd) home_assistant=2026.2.3 node_red=5.0.7 dashboard=1.31.0
say() { printf '%s\n' "$*" >&2; }
die() { say "$@"; exit 1; }
needs() { command -v "$1" >/dev/null || die "$1 is missing: apt-get install $2"; }

# Home Assistant wants Python 3.13.2 or later; Debian 12 has 3.11. Where the machine has none, one in a Debian 13 of its own (as root).
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 13, 2))' 2>/dev/null; }
if [ ! -e "$folder/hass" ]; then
  say "Home Assistant $home_assistant"
  python=
  for candidate in python3.14 python3.13 python3; do
    if path=$(command -v "$candidate") && new_enough "$path"; then python=$path; break; fi
  done
  if [ -n "$python" ]; then
    mkdir -p "$folder/ha-config"
    "$python" -m venv "$folder/ha-venv"
    "$folder/ha-venv/bin/pip" install -q --prefer-binary "homeassistant==$home_assistant" paho-mqtt
    printf '#!/bin/sh\nexec "%s" -c "%s"\n' "$folder/ha-venv/bin/hass" "$folder/ha-config" >"$folder/hass.new"
  else
    [ "$(id -u)" = 0 ] || die "Home Assistant $home_assistant needs Python 3.13.2 or later. Install one, or run this as root: it then makes a Debian 13 in $folder/root"
    needs debootstrap debootstrap
    if [ ! -e "$folder/root/ha/venv/bin/hass" ]; then
      [ -e "$folder/root/etc/debian_version" ] || debootstrap --variant=minbase \
        --include=python3,python3-venv,python3-dev,gcc,g++,libc6-dev,ca-certificates trixie "$folder/root" http://deb.debian.org/debian
      cp /etc/resolv.conf "$folder/root/etc/"
      cp /etc/ssl/certs/ca-certificates.crt "$folder/root/etc/ssl/certs/"
      chroot "$folder/root" python3 -m venv /ha/venv
      env -u PIP_FIND_LINKS -u PIP_CERT chroot "$folder/root" /ha/venv/bin/pip install -q --prefer-binary "homeassistant==$home_assistant" paho-mqtt
    fi
    mkdir -p "$folder/root/ha/config"
    ln -sfn root/ha/config "$folder/ha-config"
    # a /proc of its own, which goes with the process
    printf '#!/bin/sh\nexec unshare --mount --kill-child --fork sh -c '"'"'mount -t proc proc "$0/proc" && exec chroot "$0" /ha/venv/bin/hass -c /ha/config'"'"' "%s"\n' \
      "$folder/root" >"$folder/hass.new"
  fi
  chmod +x "$folder/hass.new"
  mv "$folder/hass.new" "$folder/hass"
fi

if [ ! -e "$folder/node-red.sh" ]; then
  say "Node-RED $node_red, its dashboard $dashboard"
  needs npm npm
  needs chromium chromium
  mkdir -p "$folder/node-red"
  [ -e "$folder/node-red/package.json" ] || printf '{ "private": true }\n' >"$folder/node-red/package.json"
  # its own Node: Debian's may be too old for it
  (cd "$folder/node-red" && npm install --silent --no-audit --no-fund "node-red@$node_red" "@flowfuse/node-red-dashboard@$dashboard" node@24 playwright-core)
  (cd "$folder/node-red/node_modules/node" && [ -e bin/node ] || node installArchSpecificPackage)
  printf '#!/bin/sh\nexec "%s" "%s" -u "$1" -s "$1/settings.js"\n' "$folder/node-red/node_modules/node/bin/node" \
    "$folder/node-red/node_modules/node-red/red.js" >"$folder/node-red.sh"
  chmod +x "$folder/node-red.sh"
fi

if [ ! -e "$folder/prometheus/usr/bin/prometheus" ]; then
  say "Prometheus, as Debian has it"
  mkdir -p "$folder/prometheus"
  (cd "$folder/prometheus" && apt-get download -q prometheus && dpkg-deb -x prometheus_*.deb . && rm prometheus_*.deb)
fi
