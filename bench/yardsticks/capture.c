// SPDX-License-Identifier: MIT
//
// capture RATE SECONDS POD [NODE INTERFACE]: frames sent from a pod's eth0 at a rate, and the cheapest way to capture them.
//
// POD and NODE are files that are network namespaces. With NODE, a ring of blocks (TPACKET_V3, 32 MiB, 96 bytes of each frame) is
// read at the interface there, on the other core; what one frame costs the reader is its thread's processor time. Without, only
// sends: somebody else reads. Frames are UDP from 198.18.0.1 to 198.18.0.2, port 8080. Needs root. Prints how many were sent a
// second, and what was captured, dropped by the kernel, and nanoseconds for a frame.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 1 << 18, BLOCKS = 128, SNAP = 96, BATCH = 32, FRAME = 60, PORT_AT = 36 };

static volatile int stop;
static unsigned long captured, dropped;
static double reading;

static void die(const char *what) { perror(what); exit(1); }

static double seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec + t.tv_nsec * 1e-9;
}

static void run_on(int core) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    if (sched_setaffinity(0, sizeof set, &set)) die("pin to a core");
}

static void enter(const char *namespace) {
    int file = open(namespace, O_RDONLY | O_CLOEXEC);
    if (file < 0 || setns(file, CLONE_NEWNET)) die(namespace);
    close(file);
}

static int packet_socket(void) {
    int s = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    if (s < 0) die("packet socket");
    return s;
}

struct ring { int socket; char *memory; };

static struct ring open_ring(const char *interface) {
    struct ring r = { .socket = packet_socket() };
    int version = TPACKET_V3;
    struct sock_filter cut = { BPF_RET | BPF_K, 0, 0, SNAP };
    struct sock_fprog filter = { 1, &cut };
    struct tpacket_req3 request = { .tp_block_size = BLOCK, .tp_block_nr = BLOCKS, .tp_frame_size = 2048, .tp_frame_nr = BLOCK / 2048 * BLOCKS, .tp_retire_blk_tov = 10 };
    struct sockaddr_ll address = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = if_nametoindex(interface) };
    if (setsockopt(r.socket, SOL_PACKET, PACKET_VERSION, &version, sizeof version) || setsockopt(r.socket, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter)
        || setsockopt(r.socket, SOL_PACKET, PACKET_RX_RING, &request, sizeof request)) die("ring");
    r.memory = mmap(NULL, (size_t)BLOCK * BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r.socket, 0);
    if (r.memory == MAP_FAILED || bind(r.socket, (void *)&address, sizeof address)) die(interface);
    return r;
}

static void *reader(void *argument) {
    struct ring *r = argument;
    run_on(1);
    double begun = seconds(CLOCK_THREAD_CPUTIME_ID);
    struct pollfd ready = { .fd = r->socket, .events = POLLIN };
    for (unsigned next = 0, idle = 0;;) {
        struct tpacket_block_desc *block = (void *)(r->memory + (size_t)next * BLOCK);
        if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) {
            if (stop && idle++ > 10) break;
            poll(&ready, 1, 10);
            continue;
        }
        char *at = (char *)block + block->hdr.bh1.offset_to_first_pkt;
        for (unsigned i = 0; i < block->hdr.bh1.num_pkts; i++) {
            struct tpacket3_hdr *header = (void *)at;
            const unsigned char *frame = (void *)(at + header->tp_mac);
            captured += header->tp_snaplen >= FRAME && frame[PORT_AT] == 8080 >> 8 && frame[PORT_AT + 1] == (8080 & 255);
            at += header->tp_next_offset;
        }
        __atomic_store_n(&block->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        next = (next + 1) % BLOCKS;
    }
    reading = seconds(CLOCK_THREAD_CPUTIME_ID) - begun;
    struct tpacket_stats_v3 counted;
    socklen_t size = sizeof counted;
    if (getsockopt(r->socket, SOL_PACKET, PACKET_STATISTICS, &counted, &size)) die("statistics");
    dropped = counted.tp_drops;
    return NULL;
}

static unsigned long send_frames(int s, double rate, double length) {
    static unsigned char frame[FRAME];
    struct ether_header *ether = (void *)frame;
    memcpy(ether->ether_dhost, (unsigned char[]){ 2, 0, 0, 0, 0, 0x77 }, ETH_ALEN); // nobody: a bridge ends it early
    ether->ether_shost[0] = 2;
    ether->ether_type = htons(ETH_P_IP);
    *(struct iphdr *)(ether + 1) = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP, .tot_len = htons(FRAME - sizeof *ether),
        .saddr = inet_addr("198.18.0.1"), .daddr = inet_addr("198.18.0.2") };
    *(struct udphdr *)(frame + sizeof *ether + sizeof(struct iphdr)) = (struct udphdr){ .source = htons(12345), .dest = htons(8080), .len = htons(FRAME - sizeof *ether - sizeof(struct iphdr)) };
    struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = if_nametoindex("eth0"), .sll_halen = ETH_ALEN };
    struct iovec bytes = { frame, sizeof frame };
    struct mmsghdr messages[BATCH] = { 0 };
    for (int i = 0; i < BATCH; i++) messages[i].msg_hdr = (struct msghdr){ .msg_name = &to, .msg_namelen = sizeof to, .msg_iov = &bytes, .msg_iovlen = 1 };
    unsigned long sent = 0;
    for (double begun = seconds(CLOCK_MONOTONIC), t; (t = seconds(CLOCK_MONOTONIC) - begun) < length;) {
        if (sent >= t * rate) continue;
        int n = sendmmsg(s, messages, BATCH, 0);
        if (n < 0 && errno != ENOBUFS) die("send");
        if (n > 0) sent += n;
    }
    return sent;
}

int main(int argc, char **argv) {
    double rate = argc > 3 ? atof(argv[1]) : 0, length = argc > 3 ? atof(argv[2]) : 0;
    if ((argc != 4 && argc != 6) || rate <= 0 || length <= 0) {
        fprintf(stderr, "usage: capture RATE SECONDS POD [NODE INTERFACE]\n");
        return 2;
    }
    struct ring ring;
    pthread_t thread;
    if (argc == 6) {
        enter(argv[4]);
        ring = open_ring(argv[5]);
        if (pthread_create(&thread, NULL, reader, &ring)) die("thread");
    }
    enter(argv[3]);
    run_on(0);
    // Others' work must not keep the rate down. Refused in some containers: then it may.
    setpriority(PRIO_PROCESS, 0, -20);
    int s = packet_socket(), one = 1;
    setsockopt(s, SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one);
    unsigned long sent = send_frames(s, rate, length);
    printf("sent %lu rate %.0f", sent, sent / length);
    if (argc == 6) {
        stop = 1;
        pthread_join(thread, NULL);
        printf(" captured %lu dropped %lu ns %.1f", captured, dropped, captured ? reading / captured * 1e9 : 0);
    }
    printf("\n");
    return 0;
}
