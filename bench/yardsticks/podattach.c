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
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { GROUP = 77, MAX_PODS = 60000, GATEWAY = 0x0a0a0001 /* 10.10.0.1/16 */ };
static const char *const PODS_DIR = "/mnt";

static void die(const char *what) { perror(what); exit(1); }

static double milliseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

// ---- netlink: messages are appended to a batch, sent at once, and each one is acknowledged -------------------------------

struct batch {
    _Alignas(NLMSG_ALIGNTO) char bytes[4096];
    size_t length;
    int messages;
};

static void *append(struct batch *b, const void *data, size_t size) {
    size_t padded = NLMSG_ALIGN(size);
    if (b->length + padded > sizeof b->bytes) { fprintf(stderr, "batch full\n"); exit(1); }
    char *at = b->bytes + b->length;
    memset(at, 0, padded);
    if (data) memcpy(at, data, size);
    b->length += padded;
    return at;
}

static struct nlmsghdr *begin(struct batch *b, int type, int flags, const void *header, size_t size) {
    struct nlmsghdr *m = append(b, NULL, sizeof *m);
    m->nlmsg_type = type;
    m->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
    m->nlmsg_seq = ++b->messages;
    append(b, header, size);
    return m;
}

static void end(struct batch *b, struct nlmsghdr *m) { m->nlmsg_len = b->bytes + b->length - (char *)m; }

static struct rtattr *put(struct batch *b, int type, const void *data, size_t size) {
    struct rtattr *a = append(b, NULL, sizeof *a);
    a->rta_type = type;
    a->rta_len = RTA_LENGTH(size);
    if (size) append(b, data, size);
    return a;
}

static void put_u32(struct batch *b, int type, uint32_t value) { put(b, type, &value, sizeof value); }
static void put_string(struct batch *b, int type, const char *value) { put(b, type, value, strlen(value) + 1); }
static struct rtattr *nest(struct batch *b, int type) { return put(b, type | NLA_F_NESTED, NULL, 0); }
static void close_nest(struct batch *b, struct rtattr *a) { a->rta_len = b->bytes + b->length - (char *)a; }

static int route_socket(void) {
    int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    if (s < 0) die("socket");
    return s;
}

static void commit(int s, struct batch *b, const char *what) {
    if (send(s, b->bytes, b->length, 0) < 0) die(what);
    for (int left = b->messages; left > 0;) {
        _Alignas(NLMSG_ALIGNTO) char answer[8192];
        ssize_t n = recv(s, answer, sizeof answer, 0);
        if (n < 0) die(what);
        for (struct nlmsghdr *m = (void *)answer; NLMSG_OK(m, n); m = NLMSG_NEXT(m, n)) {
            if (m->nlmsg_type != NLMSG_ERROR) continue;
            errno = -((struct nlmsgerr *)NLMSG_DATA(m))->error;
            if (errno) die(what);
            left--;
        }
    }
    b->length = b->messages = 0;
}

// ---- the steps -------------------------------------------------------------------------------------------------------------

static void link_up(struct batch *b, int index) {
    struct ifinfomsg i = { .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    end(b, begin(b, RTM_NEWLINK, 0, &i, sizeof i));
}

static int make_bridge(int s) {
    struct batch b = { .length = 0 };
    struct ifinfomsg i = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    struct nlmsghdr *m = begin(&b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &i, sizeof i);
    put_string(&b, IFLA_IFNAME, "br0");
    struct rtattr *info = nest(&b, IFLA_LINKINFO);
    put_string(&b, IFLA_INFO_KIND, "bridge");
    close_nest(&b, info);
    end(&b, m);
    commit(s, &b, "bridge");
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
    struct batch b = { .length = 0 };
    struct ifinfomsg port = { .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    struct ifinfomsg peer = { .ifi_index = 2 }; // chosen, so nobody has to ask for it
    char name[IFNAMSIZ];
    snprintf(name, sizeof name, "veth%d", pod);
    struct nlmsghdr *m = begin(&b, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &port, sizeof port);
    put_string(&b, IFLA_IFNAME, name);
    put_u32(&b, IFLA_GROUP, GROUP);
    put_u32(&b, IFLA_MASTER, bridge);
    struct rtattr *info = nest(&b, IFLA_LINKINFO);
    put_string(&b, IFLA_INFO_KIND, "veth");
    struct rtattr *data = nest(&b, IFLA_INFO_DATA);
    struct rtattr *other = nest(&b, VETH_INFO_PEER);
    append(&b, &peer, sizeof peer);
    put_string(&b, IFLA_IFNAME, "eth0");
    put_u32(&b, IFLA_NET_NS_FD, ns);
    close_nest(&b, other);
    close_nest(&b, data);
    close_nest(&b, info);
    end(&b, m);
    commit(s, &b, "veth");
}

static void configure_pod(int s, int pod) {
    struct batch b = { .length = 0 };
    uint32_t address = htonl((GATEWAY & 0xffff0000) + 256 + pod), gateway = htonl(GATEWAY);
    link_up(&b, 1);
    link_up(&b, 2);
    struct ifaddrmsg a = { .ifa_family = AF_INET, .ifa_prefixlen = 16, .ifa_index = 2 };
    struct nlmsghdr *m = begin(&b, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &a, sizeof a);
    put(&b, IFA_LOCAL, &address, sizeof address);
    end(&b, m);
    struct rtmsg r = { .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC, .rtm_type = RTN_UNICAST };
    m = begin(&b, RTM_NEWROUTE, NLM_F_CREATE, &r, sizeof r);
    put(&b, RTA_GATEWAY, &gateway, sizeof gateway);
    put_u32(&b, RTA_OIF, 2);
    end(&b, m);
    commit(s, &b, "pod");
}

static void delete_veths(int s) {
    struct batch b = { .length = 0 };
    struct ifinfomsg i = { .ifi_family = AF_UNSPEC };
    struct nlmsghdr *m = begin(&b, RTM_DELLINK, 0, &i, sizeof i);
    put_u32(&b, IFLA_GROUP, GROUP);
    end(&b, m);
    commit(s, &b, "delete");
}

static int ascending(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
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

    qsort(each, pods, sizeof *each, ascending);
    printf("pods %d attach_ms %.3f attach_p50_ms %.3f attach_p99_ms %.3f detach_ms %.3f\n", pods, (attached - start) / pods,
        each[pods / 2], each[(pods * 99) / 100], (detached - attached) / pods);
    return 0;
}
