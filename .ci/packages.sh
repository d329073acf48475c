#!/bin/bash
# .ci/packages.sh demo|test|lint: checks Rust, then installs the Debian packages this machine lacks for it.
# Does nothing where all is there; asks for sudo only when something is missing. The one list of what Voisins needs.
set -euo pipefail
readonly wanted_rust=1.92 purpose=${1:-}

# for whom | package | why
packages() {
  cat <<'END'
build gcc                   compiles SQLite, links every program
build libc6-dev             the C library to link against
build pkgconf               finds the libraries below
build ca-certificates       crates come over HTTPS
build libpcsclite-dev       card readers, through pcscd
build libfontconfig-dev     the kiosk finds its font
build libudev-dev           the kiosk finds screen and touch (no desktop)
build libinput-dev          touch and keyboard (no desktop)
build libxkbcommon-dev      keyboard layouts (no desktop)
build fonts-inter           the kiosk's font, built into it
run   mosquitto             the private broker
run   pcscd                 the service that real readers are read through
run   xkb-data              keyboard layouts
run   libinput-bin          quirks of touch screens
test  vsmartcard-vpcd       Debian's virtual reader, for a smoke test
test  umockdev              plugs and unplugs readers that do not exist
test  xvfb                  a display for the kiosk's window
test  xdotool               presses it
test  libxkbcommon-x11-0    the kiosk's window on it
test  libx11-xcb1           the kiosk's window on it
test  libxcursor1           the kiosk's window on it
test  libxi6                the kiosk's window on it
test  libxrandr2            the kiosk's window on it
test  libfaketime           another day for the daemon
test  chromium              looks at the manager's pages
test  chromium-driver       presses what is on them
test  systemd               judges our units (systemd-analyze); nothing is started
test  util-linux            setpriv: children end with their test
END
}

say() { printf '%s\n' "$*" >&2; }
die() { say "$@"; exit 1; }

check_rust() {
  local found
  found=$(cargo --version 2>/dev/null | sed -nE 's/^cargo ([0-9]+\.[0-9]+).*/\1/p') || true
  [ -n "$found" ] || die "Rust is missing (no cargo on the PATH or in ~/.cargo/bin). Install it from https://rustup.rs, then run this again."
  [ "$(printf '%s\n' "$wanted_rust" "$found" | sort -V | head -n 1)" = "$wanted_rust" ] ||
    die "Rust $found ($(command -v cargo)) is too old, Voisins needs $wanted_rust. With rustup: rustup update stable. Debian's own Rust is older: install rustup from https://rustup.rs."
  if [ "$purpose" = lint ]; then
    cargo fmt --version >/dev/null 2>&1 && cargo clippy --version >/dev/null 2>&1 ||
      die "rustfmt or clippy is missing. With rustup: rustup component add rustfmt clippy"
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    env DEBIAN_FRONTEND=noninteractive "$@"
  elif command -v sudo >/dev/null; then
    sudo env DEBIAN_FRONTEND=noninteractive "$@"
  else
    die "Only root may install packages and there is no sudo. As root: apt-get install --no-install-recommends $missing"
  fi
}

install() {
  as_root apt-get install -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 $missing </dev/null
}

case $purpose in
  demo) kinds='build run' ;;
  test) kinds='build run test' ;;
  lint) kinds='build' ;;
  *) die "usage: .ci/packages.sh demo|test|lint" ;;
esac
check_rust
missing='' reasons=''
while read -r kind package why; do
  case " $kinds " in *" $kind "*) ;; *) continue ;; esac
  if [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
    missing+=" $package"
    reasons+=$(printf '  %-20s %s' "$package" "$why")$'\n'
  fi
done < <(packages)
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
  say "This is no Debian: these packages, or what they are called here, are needed. Going on as if they were there." "$reasons"
  exit 0
fi
say "== packages: installing what this machine lacks (apt-get, as root)"
printf '%s' "$reasons" >&2
case $missing in *mosquitto*)
  say "  (Debian starts a Mosquitto of its own on port 1883; Voisins leaves it alone: demo and tests start others on free ports.)" ;;
esac
start=$(date +%s)
apt-get install --simulate -qq --no-install-recommends $missing >/dev/null 2>&1 || as_root apt-get update -q
install || { as_root apt-get update -q && install; }
say "== packages: $(($(date +%s) - start)) s"
