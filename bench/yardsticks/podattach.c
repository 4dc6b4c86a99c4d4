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
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <sys/mount.h>
#include "netlink.h"

enum { GROUP = 77, MAX_PODS = 60000, GATEWAY = 0x0a0a0001 /* 10.10.0.1/16 */ };
static const char *const PODS_DIR = "/mnt";

static int route_socket(void) { return netlink_socket(NETLINK_ROUTE); }

// ---- the steps -------------------------------------------------------------------------------------------------------------

static void link_up(struct batch *b, int index) {
    struct ifinfomsg i = { .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    begin(b, RTM_NEWLINK, NLM_F_ACK, &i, sizeof i);
    end(b);
}

static int make_bridge(int s) {
    static struct batch b;
    struct ifinfomsg i = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    begin(&b, RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &i, sizeof i);
    put_string(&b, IFLA_IFNAME, "br0");
    size_t info = nest(&b, IFLA_LINKINFO);
    put_string(&b, IFLA_INFO_KIND, "bridge");
    close_nest(&b, info);
    end(&b);
    commit(s, &b, b.messages, "bridge");
    return if_nametoindex("br0");
}

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

static void make_veth(int s, int pod, int ns, int bridge) {
    static struct batch b;
    struct ifinfomsg port = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    struct ifinfomsg peer = { .ifi_index = 2 }; // chosen, so nobody has to ask for it
    char name[IFNAMSIZ];
    snprintf(name, sizeof name, "veth%d", pod);
    begin(&b, RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &port, sizeof port);
    put_string(&b, IFLA_IFNAME, name);
    put_u32(&b, IFLA_GROUP, GROUP);
    put_u32(&b, IFLA_MASTER, bridge);
    size_t info = nest(&b, IFLA_LINKINFO);
    put_string(&b, IFLA_INFO_KIND, "veth");
    size_t data = nest(&b, IFLA_INFO_DATA);
    size_t other = nest(&b, VETH_INFO_PEER);
    append(&b, &peer, sizeof peer);
    put_string(&b, IFLA_IFNAME, "eth0");
    put_u32(&b, IFLA_NET_NS_FD, ns);
    close_nest(&b, other);
    close_nest(&b, data);
    close_nest(&b, info);
    end(&b);
    commit(s, &b, b.messages, "veth");
}

static void configure_pod(int s, int pod) {
    static struct batch b;
    uint32_t address = htonl((GATEWAY & 0xffff0000) + 256 + pod), gateway = htonl(GATEWAY);
    link_up(&b, 1);
    link_up(&b, 2);
    struct ifaddrmsg a = { .ifa_family = AF_INET, .ifa_prefixlen = 16, .ifa_index = 2 };
    begin(&b, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &a, sizeof a);
    put(&b, IFA_LOCAL, &address, sizeof address);
    end(&b);
    struct rtmsg r = { .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC, .rtm_type = RTN_UNICAST };
    begin(&b, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE, &r, sizeof r);
    put(&b, RTA_GATEWAY, &gateway, sizeof gateway);
    put_u32(&b, RTA_OIF, 2);
    end(&b);
    commit(s, &b, b.messages, "pod");
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
    int s = route_socket();
    int bridge = make_bridge(s);

    double start = milliseconds();
    for (int pod = 0; pod < pods; pod++) {
        double begun = milliseconds();
        int ns = make_namespace(pod);
        int inside = route_socket(); // a socket stays in the namespace it was made in
        make_veth(s, pod, ns, bridge);
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
