# make demo    Voisins by itself: broker, database in a temp folder, members, a reader that taps. Ctrl-C ends it and leaves nothing.
# make test    everything that can be checked without a person: unit, property and end-to-end tests, shortened fault runs
# make soak    the fault runs at full length (hours); seeds are printed
# make integrations  Voisins with a real Home Assistant, Node-RED and Prometheus: gets them over the network (some 700 MB)
# make bench   how fast, how big: a table
# make lint    format, clippy, documentation, licences, advisories
# make install binaries, units and a first config, after a release build (DESTDIR=… for another root)
#
# Each installs the Debian packages this machine lacks (.ci/packages.sh: the list, and why) and needs Rust from rustup.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help demo test soak integrations bench lint install build packages-demo packages-test packages-lint

# rustup's Rust, also before the next login put it on the PATH, and before Debian's older one
export PATH := $(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
TARGET := $(or $(CARGO_TARGET_DIR),target)
CARGO_DENY_VERSION := 0.20.2
CARGO_DENY := $(TARGET)/tools/$(CARGO_DENY_VERSION)/bin/cargo-deny
ADVISORIES := $(wildcard $(or $(CARGO_HOME),$(HOME)/.cargo)/advisory-dbs/advisory-db-*)

# $(call step,what,command): a line before it, its time after it
define step
@printf '\n== %s\n' '$(1)'; start=$$SECONDS; $(2) && printf '== %s: %s s\n' '$(1)' $$((SECONDS - start))
endef

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

packages-demo packages-test packages-lint: packages-%:
	@.ci/packages.sh $*

# Always the whole workspace: cargo unites features over what is selected, and another selection would build Slint again.
# There are no examples; naming them unites dev-dependencies as well, so that demo and test share what they build.
demo: packages-demo
	$(call step,build,cargo build --workspace --bins --examples --locked)
	@exec $(TARGET)/debug/presence-daemon demo --png $(TARGET)/voisins-demo.png $(ARGS)

build: packages-test
	$(call step,build,cargo build --workspace --all-targets --locked)

test: build
	$(call step,test,cargo test --workspace --locked)

soak: build
	$(call step,soak,VOISINS_SOAK=full cargo test --workspace --locked --test e2e -- soak --nocapture)

integrations: build
	$(call step,real programs,tests/integrations/setup.sh $(TARGET)/integrations)
	$(call step,integrations,VOISINS_INTEGRATIONS=$(abspath $(TARGET))/integrations cargo test --workspace --locked --test integrations -- --ignored --nocapture --test-threads 1)

bench: packages-test
	$(call step,build for release,cargo build --release --workspace --locked)
	@exec $(TARGET)/release/bench $(ARGS)

lint: packages-lint $(CARGO_DENY)
	$(call step,format,cargo fmt --all --check)
	$(call step,clippy,cargo clippy --workspace --all-targets --locked -- -D warnings)
	$(call step,documentation,RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked)
	$(call step,licences and sources,$(CARGO_DENY) --locked --config .deny.toml check licenses bans sources)
ifeq ($(ADVISORIES),)
	@echo '== advisories: no advisory database on this machine, skipped ("cargo deny fetch db" gets one)'
else
	$(call step,advisories,$(CARGO_DENY) --locked --offline --config .deny.toml check advisories)
endif

# Unoptimised: it runs for seconds and would take many minutes to optimise.
$(CARGO_DENY): | packages-lint
	$(call step,build of cargo-deny,CARGO_PROFILE_DEV_DEBUG=0 cargo install cargo-deny --version $(CARGO_DENY_VERSION) --locked --debug --root $(TARGET)/tools/$(CARGO_DENY_VERSION))

# What a package would install, for a machine that builds by itself; DESTDIR=/some/root for another root. Configs that are there stay.
install:
	@test -x $(TARGET)/release/presence-daemon || { echo 'Build first: cargo build --release --workspace --bins --examples --locked'; exit 1; }
	install -D -t $(DESTDIR)/usr/bin $(TARGET)/release/presence-daemon $(TARGET)/release/kiosk
	install -D -m 644 -t $(DESTDIR)/usr/lib/systemd/system systemd/*.service systemd/*.path
	install -D -m 644 systemd/voisins.sysusers $(DESTDIR)/usr/lib/sysusers.d/voisins.conf
	install -D -m 644 systemd/voisins.tmpfiles $(DESTDIR)/usr/lib/tmpfiles.d/voisins.conf
	install -D -m 644 systemd/voisins.modprobe $(DESTDIR)/usr/lib/modprobe.d/voisins.conf
	install -D -m 644 -t $(DESTDIR)/usr/share/polkit-1/rules.d systemd/60-voisins-pcsc.rules
	install -D -m 644 -t $(DESTDIR)/usr/share/doc/voisins presence-daemon/daemon.example.toml kiosk/kiosk.example.toml systemd/asyncapi.json
	install -D -m 644 systemd/node-red/voisins.json $(DESTDIR)/usr/share/doc/voisins/node-red.json
	test -e $(DESTDIR)/etc/voisins/daemon.toml || install -D -m 644 systemd/daemon.toml $(DESTDIR)/etc/voisins/daemon.toml
