#!/bin/bash
#
# A shop and the people who run it, on one machine (examples/demo/*.yaml):
#
#   namespace shop                                      namespace ops
#  ┌──────────────┐ ┌──────────────┐ ┌──────────────┐  ┌──────────────┐ ┌──────────────┐ ┌──────────────┐
#  │ front        │ │ cart         │ │ db           │  │ monitor      │ │ backup       │ │ intruder     │
#  │ http tcp/8080│ │ api tcp/8080 │ │ sql tcp/5432 │  │ udp/8125     │ │ (no port)    │ │ (no port)    │
#  │              │ │              │ │ sctp/7000    │  │              │ │              │ │              │
#  └──── eth0 ────┘ └──── eth0 ────┘ └──── eth0 ────┘  └──── eth0 ────┘ └──── eth0 ────┘ └──── eth0 ────┘
#         │                │                │                 │                │                │
#  ┌──────┴────────────────┴────────────────┴─────────────────┴────────────────┴────────────────┴───────┐
#  │ dp0, a bridge with isolated ports: no frame goes from pod to pod, packets are routed and judged    │
#  │ node network namespace: nf_tables, conntrack, 10.244.0.0/16 and fd00:10:244::/64                   │
#  └────────────────────────────────────────────────────────────────────────────────────────────────────┘
#
#  front-is-public        everyone ──tcp/8080──> front
#  cart-from-front        front, monitor ──tcp/8080──> cart
#  db-is-a-vault          cart ──tcp/5432──> db,  backup ──sctp/7000──> db,  db ──udp/8125──> monitor and no further
#  strangers-only-report  whoever else is in ops ──udp/8125──> monitor and no further

set -euo pipefail
cd "$(dirname "$0")/.."

manifests=${MANIFESTS:-examples/demo}
program=out/dataplane
as_root=()
[[ $(id -u) -eq 0 ]] || as_root=(sudo env ${DOTNET_ROOT:+"DOTNET_ROOT=$DOTNET_ROOT"})
green='' plain=''
[[ -t 2 ]] && green=$'\033[1;32m' plain=$'\033[0m'

pretty() { printf '\n%s[+] %s%s\n' "$green" "$*" "$plain" >&2; }
pp() { pretty "$@"; "$@"; }
dp() { pp "$program" "$@"; }
dp_root() { pretty "$program $*"; "${as_root[@]}" "$program" "$@"; }

usage() {
  cat <<END
usage: deploy/lab.sh up|verify|down

  up      builds the program, reads the manifests and prints what they say: offline, as you, nothing is made
  verify  makes the pods in a node namespace of its own, sends the packets, compares, and removes it all again (root)
  down    removes what a killed run left behind (root)

The manifests are those of ${manifests}/ (MANIFESTS=DIR for your own). The lab lives as long as one command does: no daemon
keeps it up between them, so up only says what verify is going to find.
END
}

build() { [[ -x $program ]] || pp make build; }

up() {
  build
  dp matrix -f "$manifests"
  pretty "and with packets: deploy/lab.sh verify"
}

# The program removes its node itself, also when it is interrupted; cleanup is for the case that it was killed.
verify() {
  build
  trap down EXIT
  dp_root verify -f "$manifests"
}

down() {
  build
  dp_root cleanup
}

case ${1:-} in
  up | verify | down) "$1" ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
