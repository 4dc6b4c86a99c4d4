// SPDX-License-Identifier: MIT
//
// podattach [PODS]: how fast can this kernel attach a pod to a bridge, and detach it, when nothing but system calls is paid?
//
// One pod after the other, as a container runtime asks for them:
//   1. a network namespace, kept alive by a bind mount            unshare(CLONE_NEWNET), mount
//   2. a veth pair in one message: one end a port of the bridge and up, the other born in the pod   RTM_NEWLINK
//   3. in the pod, in one send: lo up, eth0 up, address, default route                              RTM_NEWLINK x2, NEWADDR, NEWROUTE
// Detach: every veth of a group in one RTM_DELLINK, then the mounts. (The kernel frees a namespace later, on its own time.)
//
// The node is a namespace of its own and the bind mounts lie on a tmpfs in a mount namespace of their own, so the machine
// sees nothing of this, and whatever ends the program ends all of it. Needs root. Prints milliseconds per pod.

#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include "pods.h"

static const char *const PODS_DIR = "/mnt";

static void pod_path(char path[32], int pod) { snprintf(path, 32, "%s/pod%d", PODS_DIR, pod); }

// Leaves the calling thread inside the new namespace; the result is its descriptor.
static int make_namespace(int pod) {
    char path[32];
    pod_path(path, pod);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
    if (file < 0) die(path);
    close(file);
    if (unshare(CLONE_NEWNET)) die("unshare");
    if (mount("/proc/thread-self/ns/net", path, NULL, MS_BIND, NULL)) die("bind mount");
    int ns = open(path, O_RDONLY | O_CLOEXEC);
    if (ns < 0) die(path);
    return ns;
}

static void delete_veths(int s) {
    static struct batch b;
    struct ifinfomsg i = { .ifi_family = AF_UNSPEC };
    begin(&b, RTM_DELLINK, NLM_F_ACK, &i, sizeof i);
    put_u32(&b, IFLA_GROUP, GROUP);
    end(&b);
    commit(s, &b, b.messages, "delete");
}

int main(int argc, char **argv) {
    int pods = argc > 1 ? atoi(argv[1]) : 200;
    if (argc > 2 || pods < 1 || pods > MAX_PODS) {
        fprintf(stderr, "usage: podattach [PODS]   (1 to %d, 200 unless given)\n", MAX_PODS);
        return 2;
    }
    double *each = calloc(pods, sizeof *each);
    if (!each) die("calloc");

    if (unshare(CLONE_NEWNET | CLONE_NEWNS)) die("unshare (root is needed)");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)) die("private mounts");
    if (mount("podattach", PODS_DIR, "tmpfs", 0, NULL)) die("tmpfs");
    int node = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    if (node < 0) die("node namespace");
    int s = netlink_socket(NETLINK_ROUTE);
    make_bridge(s);

    double start = milliseconds();
    for (int pod = 0; pod < pods; pod++) {
        double begun = milliseconds();
        int ns = make_namespace(pod);
        int inside = netlink_socket(NETLINK_ROUTE); // a socket stays in the namespace it was made in
        make_veth(s, pod, ns);
        configure_pod(inside, pod);
        close(inside);
        close(ns);
        if (setns(node, CLONE_NEWNET)) die("setns");
        each[pod] = milliseconds() - begun;
    }
    double attached = milliseconds();

    delete_veths(s);
    for (int pod = 0; pod < pods; pod++) {
        char path[32];
        pod_path(path, pod);
        if (umount2(path, MNT_DETACH) || unlink(path)) die(path);
    }
    double detached = milliseconds();

    printf("pods %d attach_ms %.3f attach_p50_ms %.3f attach_p99_ms %.3f detach_ms %.3f\n", pods, (attached - start) / pods,
        percentile(each, pods, 50), percentile(each, pods, 99), (detached - attached) / pods);
    return 0;
}
