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
home=/run/dataplane-lab
export DATAPLANE_SOCKET=$home/dataplane.sock
as_root=()
[[ $(id -u) -eq 0 ]] || as_root=(sudo env ${DOTNET_ROOT:+"DOTNET_ROOT=$DOTNET_ROOT"} "DATAPLANE_SOCKET=$DATAPLANE_SOCKET")
green='' plain=''
[[ -t 2 ]] && green=$'\033[1;32m' plain=$'\033[0m'

pretty() { printf '\n%s[+] %s%s\n' "$green" "$*" "$plain" >&2; }
pp() { pretty "$@"; "$@"; }
root() { "${as_root[@]}" "$@"; }
dp() { pretty "$program $*"; root "$program" "$@"; }

usage() {
  cat <<END
usage: deploy/lab.sh up|verify|exec POD -- COMMAND|down

  up      builds the program, starts a daemon with a node of its own, applies the manifests and shows what there is
  verify  sends every probe between every pair of pods, and compares with what the policies say
  exec    runs a command in a pod: deploy/lab.sh exec shop/cart -- ip addr
  down    stops the daemon and removes the node, its pods and its state

The manifests are those of ${manifests}/ (MANIFESTS=DIR for your own). All of it needs root. While the lab is up, every command
finds it: export DATAPLANE_SOCKET=$DATAPLANE_SOCKET
END
}

is_up() { root "$program" status >/dev/null 2>&1; }

build() { [[ -x $program ]] || pp make build; }

start() {
  is_up && return
  local flags=(--node-name lab --state-dir "$home/state" --runtime process --kubernetes-api 127.0.0.1:0)
  pretty "$program daemon ${flags[*]} &"
  root mkdir -p -m 700 "$home"
  root setsid "$program" daemon "${flags[@]}" >/dev/null 2>&1 </dev/null &
  local i
  for ((i = 0; i < 100; i++)); do
    is_up && return
    sleep 0.1
  done
  echo "the daemon does not come up; to see why: sudo $program daemon ${flags[*]} --socket $DATAPLANE_SOCKET" >&2
  return 1
}

# A request that is answered, and the same of somebody who may not ask.
ask() {
  local address
  address=$(root "$program" get pod shop/cart -o json 2>/dev/null | sed -n 's/.*"IPv4": *"\([0-9.]*\)".*/\1/p' | head -1)
  [[ -n $address ]] && command -v curl >/dev/null || return 0
  dp exec shop/front -- curl -sS -m 2 "http://$address:8080/" || true
  dp exec ops/intruder -- curl -sS -m 1 "http://$address:8080/" || true
}

up() {
  build
  start
  dp apply -f "$manifests" --prune --wait
  dp topology
  dp matrix
  dp get pods -A
  ask
  pretty "and with packets: deploy/lab.sh verify"
  pretty "kubectl and helm work with it, as root; to try:"
  cat >&2 <<END
  export KUBECONFIG=$(root "$program" kubeconfig --path)
  kubectl get pods -A -o wide
  kubectl describe networkpolicy -n shop db-is-a-vault
  kubectl create namespace mine && kubectl run web --image=nginx -n mine && kubectl get pods -n mine -w
  kubectl exec -n shop front -- ip addr ; kubectl get events -A
END
}

down() {
  # Without the program or a name there is nothing that `up` has made.
  if [[ ! -e /run/netns/lab && ! -e $home ]]; then
    echo "the lab is not up: nothing to remove" >&2
    return
  fi
  build
  local pid
  pid=$( (root "$program" status -o json 2>/dev/null || true) | sed -n 's/.*"processId": *\([0-9]*\).*/\1/p')
  if [[ -n $pid ]]; then
    root kill "$pid"
    while root kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
  fi
  dp cleanup --node lab
  root rm -rf "$home"
}

case ${1:-} in
  up | down) "$1" ;;
  verify) build; dp verify ;;
  exec) build; shift; dp exec "$@" ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
