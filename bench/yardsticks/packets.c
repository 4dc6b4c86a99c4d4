// SPDX-License-Identifier: MIT
//
// packets TEST ROUNDS FROM TO CONFIGURATION...: what does a packet cost from one pod to another, in one configuration beside the others?
//
// A configuration is NODE,POD,POD[,ADDRESS,PORT]: three files that are network namespaces, and where packets are sent to: a
// Service that leads to the second pod; otherwise the pod itself. FROM and TO are the addresses of the two pods, the same in all
// configurations. Each round measures each configuration for a few milliseconds, beginning with another one each time, so that
// whatever else the machine does meets all of them alike. Prints a line for each configuration: its rounds.
//
//   established   ns for a packet of a flow that is known: sent, delivered, received on one core        (UDP)
//   first         ns for a packet that opens a flow: a frame put on the pod's eth0, delivered           (UDP)
//   bulk-udp      ns for a packet of 1,400 bytes, sixteen at a time
//   rr            us for a round trip between two cores                                                (UDP)
//   crr           us for connect, request, answer, reset                                               (TCP)
//   bulk-tcp      ns for a KiB of a stream
//
// Frames go to 02:00:00:00:00:01. Needs root, and two cores for the last three.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST = 48, PORT = 8080, CLIENT_PORT = 40000, STREAM = 8 << 20 };

struct configuration {
    int node, from, to;     // namespaces
    int out, in, flush;     // sockets: of the sender, of the receiver, to the node's conntrack
    struct sockaddr_storage via;    // where packets are sent to
    double *rounds;
};

static struct configuration all[MOST];
static int configurations, rounds;
static struct sockaddr_storage from, to;
static socklen_t length;

static void die(const char *what) { perror(what); exit(1); }

static void check(int failed, const char *what) { if (failed) die(what); }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void run_on(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    check(sched_setaffinity(0, sizeof set, &set), "pin to a core");
    // Others' work is not measured with ours. Refused in some containers: then it is.
    sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 });
}

static void set_port(struct sockaddr_storage *address, int port) {
    if (address->ss_family == AF_INET) ((struct sockaddr_in *)address)->sin_port = htons(port);
    else ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
}

static void parse(const char *text, struct sockaddr_storage *address) {
    struct sockaddr_in *four = (void *)address;
    struct sockaddr_in6 *six = (void *)address;
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) { address->ss_family = AF_INET; length = sizeof *four; return; }
    if (inet_pton(AF_INET6, text, &six->sin6_addr) != 1) { fprintf(stderr, "no address: %s\n", text); exit(2); }
    address->ss_family = AF_INET6;
    length = sizeof *six;
}

static void enter(int namespace) { check(setns(namespace, CLONE_NEWNET), "setns"); }

static int open_socket(int namespace, int type) {
    enter(namespace);
    int s = socket(from.ss_family, type | SOCK_CLOEXEC, 0), one = 1;
    check(s < 0, "socket");
    // A packet that does not come ends the program, and the figure with it.
    struct timeval patience = { .tv_sec = 5 };
    setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(s, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    return s;
}

static int listener(int namespace) {
    int s = open_socket(namespace, SOCK_STREAM);
    check(bind(s, (void *)&to, length) || listen(s, 1024), "listen");
    return s;
}

static void bind_pair(struct configuration *c) {
    c->in = open_socket(c->to, SOCK_DGRAM);
    c->out = open_socket(c->from, SOCK_DGRAM);
    check(bind(c->in, (void *)&to, length) || bind(c->out, (void *)&from, length), "bind");
    check(connect(c->out, (void *)&c->via, length) || connect(c->in, (void *)&from, length), "connect");
}

static void start(void *(*body)(void *), void *argument) {
    pthread_t thread;
    check(pthread_create(&thread, NULL, body, argument), "thread");
}

// Entries that stay would count against a limit, and cost whoever searches among them or needs fresh memory.
static void flush_connections(struct configuration *c) {
    if (!c->flush) {
        enter(c->node);
        c->flush = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
        check(c->flush < 0, "netlink");
    }
    struct { struct nlmsghdr header; struct nfgenmsg body; } request = {
        { .nlmsg_len = sizeof request, .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
        { .nfgen_family = AF_UNSPEC },
    };
    char answer[256];
    check(send(c->flush, &request, sizeof request, 0) < 0 || recv(c->flush, answer, sizeof answer, 0) < 0, "flush conntrack");
}

// ---- established, bulk-udp: one thread at both ends --------------------------------------------------------------------------

static void pass(struct configuration *c, int size, int burst) {
    static char bytes[2048];
    for (int i = 0; i < burst; i++) check(send(c->out, bytes, size, 0) < 0, "send");
    for (int i = 0; i < burst; i++) check(recv(c->in, bytes, sizeof bytes, 0) < 0, "receive");
}

static double udp(struct configuration *c, int size, int burst, int packets) {
    if (!c->out) {
        bind_pair(c);
        pass(c, size, 1);
        char byte = 0;
        check(send(c->in, &byte, 1, 0) < 0 || recv(c->out, &byte, 1, 0) < 0, "answer");
    }
    for (int i = 0; i < 64; i += burst) pass(c, size, burst);
    double begun = now();
    for (int i = 0; i < packets; i += burst) pass(c, size, burst);
    return (now() - begun) / packets * 1e9;
}

static double established(struct configuration *c) { return udp(c, 18, 1, 1000); }
static double bulk_udp(struct configuration *c) { return udp(c, 1400, 16, 1024); }

// ---- first: frames of flows that nobody has seen ------------------------------------------------------------------------------

static unsigned char frame[128];
static size_t frame_length, udp_at;

static uint32_t sum(const void *data, size_t size, uint32_t so_far) {
    const uint16_t *words = data;
    for (size_t i = 0; i < size / 2; i++) so_far += words[i];
    return so_far;
}

static uint16_t folded(uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

static void prepare_frame(const struct sockaddr_storage *to) {
    static const unsigned char gateway[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };
    struct ether_header *ether = (void *)frame;
    memcpy(ether->ether_dhost, gateway, ETH_ALEN);
    int data = 18, udp_length = sizeof(struct udphdr) + data;
    if (from.ss_family == AF_INET) {
        ether->ether_type = htons(ETH_P_IP);
        struct iphdr *ip = (void *)(ether + 1);
        *ip = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .frag_off = htons(0x4000), .tot_len = htons(sizeof *ip + udp_length),
            .saddr = ((struct sockaddr_in *)&from)->sin_addr.s_addr, .daddr = ((struct sockaddr_in *)to)->sin_addr.s_addr };
        ip->check = folded(sum(ip, sizeof *ip, 0));
        udp_at = sizeof *ether + sizeof *ip;
    } else {
        ether->ether_type = htons(ETH_P_IPV6);
        struct ip6_hdr *ip = (void *)(ether + 1);
        *ip = (struct ip6_hdr){ .ip6_flow = htonl(6 << 28), .ip6_plen = htons(udp_length), .ip6_nxt = IPPROTO_UDP, .ip6_hlim = 64,
            .ip6_src = ((struct sockaddr_in6 *)&from)->sin6_addr, .ip6_dst = ((struct sockaddr_in6 *)to)->sin6_addr };
        udp_at = sizeof *ether + sizeof *ip;
    }
    struct udphdr *u = (void *)(frame + udp_at);
    *u = (struct udphdr){ .dest = to->ss_family == AF_INET ? ((struct sockaddr_in *)to)->sin_port : ((struct sockaddr_in6 *)to)->sin6_port, .len = htons(udp_length) };
    frame_length = udp_at + udp_length;
}

static void set_source(int port) {
    struct udphdr *u = (void *)(frame + udp_at);
    u->source = htons(port);
    if (from.ss_family == AF_INET) return; // no checksum is a checksum
    u->check = 0;
    struct ip6_hdr *ip = (void *)(frame + sizeof(struct ether_header));
    u->check = folded(sum(&ip->ip6_src, 32, sum(u, ntohs(u->len), u->len + htons(IPPROTO_UDP))));
}

static double first(struct configuration *c) {
    enum { FLOWS = 600, WARM = 40 };
    static struct sockaddr_ll ports[MOST];
    struct sockaddr_ll *port = &ports[c - all];
    if (!c->out) {
        c->in = open_socket(c->to, SOCK_DGRAM);
        int room = 4 << 20, one = 1;
        check(setsockopt(c->in, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room), "buffer");
        check(bind(c->in, (void *)&to, length), "bind");
        enter(c->from);
        c->out = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
        check(c->out < 0, "packet socket");
        setsockopt(c->out, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one);
        *port = (struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_halen = ETH_ALEN, .sll_ifindex = if_nametoindex("eth0") };
        struct ifreq request = { .ifr_name = "eth0" };
        check(ioctl(c->out, SIOCGIFHWADDR, &request), "eth0");
        memcpy(port->sll_addr, request.ifr_hwaddr.sa_data, ETH_ALEN);
    }
    prepare_frame(&c->via);
    memcpy(frame + ETH_ALEN, port->sll_addr, ETH_ALEN);
    double begun = 0;
    for (int i = -WARM; i < FLOWS; i++) {
        if (i == 0) begun = now();
        set_source(2000 + i);
        check(sendto(c->out, frame, frame_length, 0, (void *)port, sizeof *port) < 0, "inject");
    }
    double took = now() - begun;
    char bytes[64];
    for (int i = -WARM; i < FLOWS; i++) check(recv(c->in, bytes, sizeof bytes, 0) < 0, "a first packet did not arrive");
    flush_connections(c);
    return took / FLOWS * 1e9;
}

// ---- rr, crr, bulk-tcp: somebody answers on the other core --------------------------------------------------------------------

static _Noreturn void *echo(void *argument) {
    struct configuration *c = argument;
    char byte;
    run_on(1);
    for (;;) if (recv(c->in, &byte, 1, 0) > 0) check(send(c->in, &byte, 1, 0) < 0, "echo");
}

static double rr(struct configuration *c) {
    enum { TRIPS = 100 };
    if (!c->out) {
        bind_pair(c);
        start(echo, c);
    }
    char byte = 0;
    double begun = now();
    for (int i = 0; i < TRIPS; i++) check(send(c->out, &byte, 1, 0) < 0 || recv(c->out, &byte, 1, 0) < 0, "round trip");
    return (now() - begun) / TRIPS * 1e6;
}

static _Noreturn void *serve(void *argument) {
    struct configuration *c = argument;
    char byte;
    run_on(1);
    for (;;) {
        int s = accept(c->in, NULL, NULL);
        if (s < 0) continue;
        if (recv(s, &byte, 1, 0) == 1) send(s, &byte, 1, 0);
        recv(s, &byte, 1, 0);
        close(s);
    }
}

static double crr(struct configuration *c) {
    enum { CONNECTIONS = 40 };
    if (!c->in) {
        c->in = listener(c->to);
        start(serve, c);
    }
    enter(c->from);
    double begun = now();
    for (int i = 0; i < CONNECTIONS; i++) {
        int s = socket(from.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        char byte = 0;
        check(connect(s, (void *)&c->via, length) || send(s, &byte, 1, 0) < 0 || recv(s, &byte, 1, 0) != 1, "connection");
        setsockopt(s, SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
        close(s);
    }
    double took = now() - begun;
    flush_connections(c);
    return took / CONNECTIONS * 1e6;
}

static _Noreturn void *swallow(void *argument) {
    struct configuration *c = argument;
    char *buffer = malloc(1 << 18), byte = 0;
    run_on(1);
    for (ssize_t left = STREAM;;) {
        ssize_t got = recv(c->in, buffer, 1 << 18, MSG_TRUNC);
        if (got <= 0) continue;
        if ((left -= got) > 0) continue;
        check(send(c->in, &byte, 1, 0) < 0, "acknowledge");
        left = STREAM;
    }
}

static double bulk_tcp(struct configuration *c) {
    static char buffer[1 << 16];
    if (!c->out) {
        int l = listener(c->to);
        c->out = open_socket(c->from, SOCK_STREAM);
        check(connect(c->out, (void *)&c->via, length), "connect");
        c->in = accept(l, NULL, NULL);
        close(l);
        start(swallow, c);
    }
    double begun = now();
    for (int sent = 0; sent < STREAM;) {
        ssize_t n = send(c->out, buffer, sizeof buffer, 0);
        check(n < 0, "stream");
        sent += n;
    }
    check(recv(c->out, buffer, 1, 0) != 1, "stream");
    return (now() - begun) / (STREAM >> 10) * 1e9;
}

// ---------------------------------------------------------------------------------------------------------------------------------

static const struct { const char *name; double (*measure)(struct configuration *); } tests[] = {
    { "established", established }, { "first", first }, { "bulk-udp", bulk_udp }, { "rr", rr }, { "crr", crr }, { "bulk-tcp", bulk_tcp },
};

static int open_namespace(const char *path) {
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    if (file < 0) die(path ? path : "a configuration is NODE,POD,POD");
    return file;
}

int main(int argc, char **argv) {
    size_t test = 0;
    while (argc > 5 && test < sizeof tests / sizeof *tests && strcmp(argv[1], tests[test].name)) test++;
    if (argc < 6 || argc > 5 + MOST || test == sizeof tests / sizeof *tests || (rounds = atoi(argv[2])) < 1) {
        fprintf(stderr, "usage: packets TEST ROUNDS FROM TO NODE,POD,POD[,ADDRESS,PORT]...   (up to %d of them)\n", MOST);
        return 2;
    }
    parse(argv[3], &from);
    parse(argv[4], &to);
    set_port(&from, CLIENT_PORT);
    set_port(&to, PORT);
    for (int i = 5; i < argc; i++) {
        struct configuration *c = &all[configurations++];
        c->node = open_namespace(strtok(argv[i], ","));
        c->from = open_namespace(strtok(NULL, ","));
        c->to = open_namespace(strtok(NULL, ","));
        c->via = to;
        char *address = strtok(NULL, ","), *port = address ? strtok(NULL, ",") : NULL;
        if (address) parse(address, &c->via);
        if (port) set_port(&c->via, atoi(port));
        check(!(c->rounds = calloc(rounds, sizeof *c->rounds)), "memory");
    }
    run_on(0);
    for (int round = -2; round < rounds; round++)
        for (int i = 0; i < configurations; i++) {
            struct configuration *c = &all[(i + round + 2) % configurations];
            double figure = tests[test].measure(c);
            if (round >= 0) c->rounds[round] = figure;
        }
    for (int i = 0; i < configurations; i++)
        for (int round = 0; round < rounds; round++) printf("%.1f%c", all[i].rounds[round], round + 1 < rounds ? ' ' : '\n');
    return 0;
}
