# make demo    build, then collector, agents and the sample schools on this machine; ends with Ctrl-C
# make test    build and run all tests
# The rest below. On a fresh machine, each first installs the Debian packages that it needs.

SHELL := /bin/bash
.DEFAULT_GOAL := build
.PHONY: setup build release packages test-packages test-systemd bottle test demo lint captures bench fuzz check-api check-pages

PROGRAMS := .build/release/rollcall-agent .build/release/rollcall-collector
INPUTS := Package.swift $(shell find Sources agent collector -type f)

setup:
	@scripts/setup

build: setup
	swift build

# With the Swift runtime inside, so that a gateway needs no Swift.
release: setup $(PROGRAMS)

# Not asked of SwiftPM each time, so that a second `make demo` starts at once; it leaves an unchanged program's date alone,
# hence the touch.
$(PROGRAMS) &: $(INPUTS)
	swift build -c release --static-swift-stdlib -Xlinker -s --product rollcall-agent
	swift build -c release --static-swift-stdlib -Xlinker -s --product rollcall-collector
	@touch $(PROGRAMS)

# Debian packages and tarballs of both programs, in .build/packages.
packages: release
	@packaging/build

# Installs, uses, upgrades, removes and purges the packages on a bare Debian of their own. As root; about a minute.
test-packages: packages
	@packaging/test

# Boots a Debian with systemd in a virtual machine and runs the packages' units there. As root; some five minutes.
test-systemd: packages
	@packaging/test-systemd

# A school in a bottle: real clients, gateway, agent and collector in network namespaces. As root; see scripts/bottle.
bottle: packages
	@scripts/bottle

test: setup
	swift test

# CAPTURES=DIR, K=N, KEEP=DIR, ONCE=1: see scripts/demo.
demo: release
	@scripts/demo

# Walks every page as each role in a browser, with axe-core; screenshots in .build/screenshots. See scripts/check-pages.
check-pages: release
	@scripts/check-pages

# Measures against a bare libpcap loop, nDPI and tshark; what the numbers mean is in Benchmarks/README.md.
bench: setup
	@Benchmarks/run
	swift build -c release --product rollcall-district
	.build/release/rollcall-district --results .build/bench.json

# make fuzz SECONDS=60: every fuzz target for so long; builds apart, with the fuzzer's instrumentation.
fuzz: setup
	@scripts/fuzz $(or $(SECONDS),60)

# Checks the release build's answers against /openapi.json; installs schemathesis into .build.
check-api: release
	@scripts/check-api

lint:
	@scripts/lint
	@scripts/check-catalogue

# Takes the captures of Tests/Fixtures and config/demo again and checks them with tshark. Needs root; see scripts/make-captures.
captures:
	scripts/make-captures
	scripts/check-captures
