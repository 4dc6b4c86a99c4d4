# Everything one does with this tree. Root is taken through sudo, and only where the kernel asks for it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test build install uninstall bench soak lint clean sdk tools-build tools-run tools-test tools-bench

# An SDK in a home directory is invisible to programs started by sudo, hence DOTNET_ROOT is handed on.
export DOTNET_ROOT ?= $(patsubst %/,%,$(dir $(realpath $(shell command -v dotnet))))
PREFIX ?= /usr/local
export DOTNET_CLI_TELEMETRY_OPTOUT := 1
export DOTNET_NOLOGO := 1
# No build server stays behind when a target has ended. Who builds all day sets these two otherwise, or calls dotnet.
export MSBUILDDISABLENODEREUSE ?= 1
export UseSharedCompilation ?= false
AS_ROOT := $(if $(filter 0,$(shell id -u)),,sudo env $(if $(DOTNET_ROOT),DOTNET_ROOT="$(DOTNET_ROOT)"))

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: build tools-run ## the whole way once: pods, policies, packets, verdicts; removes what it made
	$(AS_ROOT) out/dataplane demo

test: sdk tools-test ## everything that passes or fails: unit tests as you, integration as root
	@.ci/test

build: sdk tools-build ## leaves the program as out/dataplane, one file with its runtime inside, and beside it what runs programs in pods, and the CNI plugin
	dotnet publish src/Dataplane.Cli -c Release -o out -v quiet
	dotnet publish src/Dataplane.Cni -c Release -o out -v quiet
	dotnet publish src/Dataplane.Supervisor -c Release -o out -v quiet
	out/dataplane --version >/dev/null
	CNI_COMMAND=VERSION out/dataplane-cni </dev/null >/dev/null
	out/dataplane-supervisor --version >/dev/null
	mkdir -p out/licences && cp docs/third-party.md out/ && cp docs/licences/* out/licences/

install: $(if $(wildcard out/dataplane),,build) ## program, unit, manual pages, completions; DESTDIR= PREFIX=/usr/local
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" deploy/install add

uninstall: ## removes what install has put there
	@DESTDIR="$(DESTDIR)" PREFIX="$(PREFIX)" deploy/install remove

bench: sdk tools-bench ## the figures, beside C programs and Debian's own tools
	bench/run

soak: sdk tools-test ## what takes too long for every commit: wrong evaluators, 300 deaths under traffic
	integration/soak

lint: sdk ## formatting, analyzers, shell scripts
	@.ci/lint

clean: ## removes bin, obj, out and the compiled yardsticks
	rm -rf out TestResults {src,tests,integration,bench}/*/{bin,obj}

sdk:
	@.ci/need sdk

# The plugin and the supervisor are compiled ahead of time: gcc links them, with the C library's headers and zlib.
tools-build:
	@.ci/need gcc=gcc header:stdio.h=libc6-dev header:zlib.h=zlib1g-dev

tools-run:
	@.ci/need nft=nftables ip=iproute2

# libpcap serves `read`, `capture --filter` and their tests; its soname is libpcap.so.1, and Debian's libpcap.so.0.8. The C compiler builds the test that holds our structs against the kernel headers, and the yardsticks; tests tamper with sysctl, need a terminal and ask with dig.
# The second line: clients of the textbook, and strace. Their tests are skipped without them, as those of upstreams are
# without unbound, which would be a name server of this machine too. The third: pages are looked at in a browser. The fourth: real containers, skipped alike.
# The last: kubectl and helm, in out/tools.
tools-test: tools-run
	@.ci/need lib:libpcap.so.1,libpcap.so.0.8=libpcap0.8 gcc=gcc header:stdio.h=libc6-dev header:linux/netlink.h=linux-libc-dev sysctl=procps conntrack=conntrack script=bsdutils dig=bind9-dnsutils
	-@.ci/need strace=strace curl=curl wget=wget python3=python3 busybox=busybox-static nc=netcat-openbsd
	-@.ci/need chromium=chromium
	-@.ci/need file:/usr/lib/cni/host-local=containernetworking-plugins podman=podman conmon=conmon runc=runc containerd=containerd
	-@.ci/clients

# Debian's yardsticks. What cannot be installed leaves its lines out, and bench/run says so.
tools-bench: tools-test
	-@.ci/need ipset=ipset iptables-restore=iptables
	-@.ci/need unbound=unbound dnsperf=dnsperf
	-@.ci/need file:/usr/lib/cni/bridge=containernetworking-plugins
