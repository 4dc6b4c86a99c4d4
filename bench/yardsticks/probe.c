// SPDX-License-Identifier: MIT
//
// probe PODS [ROUNDS]: how fast can this kernel be asked what a policy ruleset lets through, when nothing but frames is paid?
//
// Every pod to every other, three protocols, two ports each; half of it, by chance, is in a set that nf_tables looks up in the
// forward hook, behind "established, accept". For each source:
//   1. a crafted frame for each probe, sent from the pod's eth0: packet socket, no queueing discipline      sendmmsg
//   2. one more behind them that every ruleset lets through, the sentinel. Backlogs are per CPU and keep their order, so once it
//      has come out, every probe before it has come out or never will
//   3. one ring in the node sees the frames leave by the pods' ports: there at the right port as it was sent means allowed
// The pods' kernels answer (reset, unreachable), and the answers travel back: that is part of the price. Connection tracking is
// emptied between rounds, unmeasured.
//
// The node is a namespace of its own, the pods are namespaces without a name; whatever ends the program ends all of it. Needs root
// and nft. Prints probes in a round, how many were allowed, how many verdicts were wrong in all rounds, and microseconds for one.

#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <sched.h>
#include <sys/mman.h>
#include "pods.h"

enum { PORT_COUNT = 2, FIRST_PORT = 8080, SENTINEL_PORT = 9, SLOT = 256, SLOTS = 1 << 16, SNAP = 96, MOST = 2000 };
static const uint8_t protocols[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP };
enum { PROTOCOLS = sizeof protocols, KINDS = PROTOCOLS * PORT_COUNT, IP_AT = ETH_HLEN, TRANSPORT_AT = IP_AT + sizeof(struct iphdr), FRAME = 66 };

static int pods, node;
static char *allowed, *seen;    // one for each probe: source, destination, kind
static int senders[MOST];       // packet sockets, one in each pod

static void check(int failed, const char *what) { if (failed) die(what); }

static void set_sysctl(const char *name, const char *value) {
    int file = open(name, O_WRONLY | O_CLOEXEC);
    check(file < 0 || write(file, value, strlen(value)) < 0, name);
    close(file);
}

static int new_namespace(void) {
    check(unshare(CLONE_NEWNET), "unshare (root is needed)");
    int ns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    check(ns < 0, "namespace");
    set_sysctl("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"); // nothing speaks unasked
    return ns;
}

// ---- the node and its pods ---------------------------------------------------------------------------------------------------

// NULL for the address: where the bridge finds the hardware address.
static void neighbour(struct batch *b, int index, const uint32_t *address, const unsigned char *hardware) {
    struct ndmsg n = { .ndm_family = address ? AF_INET : AF_BRIDGE, .ndm_ifindex = index, .ndm_state = NUD_PERMANENT, .ndm_flags = address ? 0 : NTF_MASTER };
    begin(b, RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE, &n, sizeof n);
    if (address) put(b, NDA_DST, address, sizeof *address);
    put(b, NDA_LLADDR, hardware, ETH_ALEN);
    end(b);
}

static const unsigned char gateway_hardware[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 };

static void make_node(int s) {
    struct batch b = { 0 };
    set_sysctl("/proc/sys/net/ipv4/ip_forward", "1");
    // A bridge looks like one link: the node would tell every pod to go straight to the other.
    set_sysctl("/proc/sys/net/ipv4/conf/all/send_redirects", "0");
    set_sysctl("/proc/sys/net/ipv4/conf/default/send_redirects", "0");
    make_bridge(s);
    struct ifinfomsg i = { .ifi_index = BRIDGE };
    begin(&b, RTM_NEWLINK, NLM_F_ACK, &i, sizeof i);
    put(&b, IFLA_ADDRESS, gateway_hardware, ETH_ALEN);
    end(&b);
    add_address(&b, BRIDGE, htonl(GATEWAY), 16);
    commit(s, &b, b.messages, "node");
    free(b.bytes);
}

static void make_pod(int s, int pod) {
    struct batch b = { 0 };
    uint32_t address = address_of(pod), gateway = htonl(GATEWAY);
    unsigned char hardware[ETH_ALEN];
    hardware_address_of(pod, hardware);
    int ns = new_namespace(), inside = netlink_socket(NETLINK_ROUTE), one = 1;
    make_veth(s, pod, ns);
    configure_pod(inside, pod);
    neighbour(&b, ETH0, &gateway, gateway_hardware);
    commit(inside, &b, b.messages, "gateway");
    senders[pod] = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
    struct sockaddr_ll eth0 = { .sll_family = AF_PACKET, .sll_ifindex = ETH0 };
    check(senders[pod] < 0 || bind(senders[pod], (void *)&eth0, sizeof eth0), "packet socket");
    check(setsockopt(senders[pod], SOL_PACKET, PACKET_QDISC_BYPASS, &one, sizeof one), "no queueing discipline");
    close(inside);
    check(setns(node, CLONE_NEWNET), "setns");
    neighbour(&b, BRIDGE, &address, hardware);
    neighbour(&b, PORTS + pod, NULL, hardware);
    commit(s, &b, b.messages, "neighbours");
    free(b.bytes);
    close(ns); // the socket keeps the namespace
}

static size_t probe_of(int source, int destination, int kind) { return ((size_t)source * pods + destination) * KINDS + kind; }
static uint8_t protocol_of(int kind) { return protocols[kind / PORT_COUNT]; }
static int port_of(int kind) { return FIRST_PORT + kind % PORT_COUNT; }

static void load_rules(void) {
    FILE *nft = popen("nft -f -", "w");
    check(!nft, "nft");
    fprintf(nft, "table ip yardstick {\n set allowed {\n  type ipv4_addr . ipv4_addr . inet_proto . inet_service\n  elements = { 0.0.0.0 . 0.0.0.0 . 0 . 0");
    char from[INET_ADDRSTRLEN], to[INET_ADDRSTRLEN];
    for (int s = 0; s < pods; s++)
        for (int d = 0; d < pods; d++)
            for (int k = 0; k < KINDS; k++)
                if (s != d && (allowed[probe_of(s, d, k)] = rand() / 8 % 2)) {
                    inet_ntop(AF_INET, &(uint32_t){ address_of(s) }, from, sizeof from);
                    inet_ntop(AF_INET, &(uint32_t){ address_of(d) }, to, sizeof to);
                    fprintf(nft, ", %s . %s . %d . %d", from, to, protocol_of(k), port_of(k));
                }
    fprintf(nft, " }\n }\n chain forward {\n  type filter hook forward priority 0; policy drop;\n  ct state established,related accept\n"
        "  ip saddr . ip daddr . ip protocol . th dport @allowed accept\n  udp dport %d accept\n }\n}\n", SENTINEL_PORT);
    if (pclose(nft)) { fprintf(stderr, "nft refused the rules\n"); exit(1); }
}

static void flush_connections(int s) {
    static struct batch b;
    struct nfgenmsg all = { .nfgen_family = AF_UNSPEC };
    begin(&b, NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE, NLM_F_ACK, &all, sizeof all);
    end(&b);
    commit(s, &b, 1, "flush conntrack");
}

// ---- frames ------------------------------------------------------------------------------------------------------------------

static uint32_t sum(const void *data, size_t size) {
    const uint16_t *words = data;
    uint32_t sum = 0;
    for (size_t i = 0; i < size / 2; i++) sum += words[i];
    return sum;
}

static uint16_t folded(uint32_t sum) {
    while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
    return ~sum;
}

static uint32_t crc32c(const unsigned char *bytes, int count) {
    static uint32_t table[256];
    if (!table[1])
        for (uint32_t i = 0; i < 256; i++) {
            table[i] = i;
            for (int bit = 0; bit < 8; bit++) table[i] = table[i] >> 1 ^ (0x82f63b78 & -(table[i] & 1));
        }
    uint32_t crc = ~0u;
    for (int i = 0; i < count; i++) crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 255];
    return ~crc;
}

// The number finds the probe again: it is unique among the frames of one source.
static size_t write_frame(unsigned char *frame, int source, int destination, uint8_t protocol, int port, uint16_t source_port, uint16_t number) {
    memset(frame, 0, FRAME);
    struct ether_header *ether = (void *)frame;
    memcpy(ether->ether_dhost, gateway_hardware, ETH_ALEN);
    hardware_address_of(source, ether->ether_shost);
    ether->ether_type = htons(ETH_P_IP);
    size_t length = protocol == IPPROTO_TCP ? sizeof(struct tcphdr) : protocol == IPPROTO_UDP ? sizeof(struct udphdr) : 32;
    struct iphdr *ip = (void *)(frame + IP_AT);
    *ip = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = protocol, .id = htons(number), .tot_len = htons(sizeof *ip + length),
        .saddr = address_of(source), .daddr = address_of(destination) };
    ip->check = folded(sum(ip, sizeof *ip));
    unsigned char *at = frame + TRANSPORT_AT;
    if (protocol == IPPROTO_TCP) {
        struct tcphdr *tcp = (void *)at;
        *tcp = (struct tcphdr){ .source = htons(source_port), .dest = htons(port), .doff = 5, .syn = 1, .window = htons(4096) };
        tcp->check = folded(sum(&ip->saddr, 8) + htons(IPPROTO_TCP) + htons(length) + sum(tcp, length));
    } else if (protocol == IPPROTO_UDP) {
        *(struct udphdr *)at = (struct udphdr){ .source = htons(source_port), .dest = htons(port), .len = htons(length) }; // no checksum is a checksum
    } else {
        struct { uint16_t source, dest; uint32_t tag, check; uint8_t type, flags; uint16_t length; uint32_t init_tag, window; uint16_t out, in; uint32_t first; } *init = (void *)at;
        init->source = htons(source_port), init->dest = htons(port), init->type = 1, init->length = htons(20);
        init->init_tag = init->window = init->first = htonl(1 << 16), init->out = init->in = htons(1);
        init->check = crc32c(at, length);
    }
    return TRANSPORT_AT + length;
}

// ---- the ring ----------------------------------------------------------------------------------------------------------------

static char *ring;

static void open_ring(void) {
    int s = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), version = TPACKET_V2;
    check(s < 0, "packet socket");
    // IPv4 that leaves by anything but the bridge itself.
    struct sock_filter code[] = {
        { BPF_LD | BPF_B | BPF_ABS, 0, 0, SKF_AD_OFF + SKF_AD_PKTTYPE }, { BPF_JMP | BPF_JEQ | BPF_K, 0, 5, PACKET_OUTGOING },
        { BPF_LD | BPF_W | BPF_ABS, 0, 0, SKF_AD_OFF + SKF_AD_IFINDEX }, { BPF_JMP | BPF_JEQ | BPF_K, 3, 0, BRIDGE },
        { BPF_LD | BPF_H | BPF_ABS, 0, 0, 12 }, { BPF_JMP | BPF_JEQ | BPF_K, 0, 1, ETH_P_IP },
        { BPF_RET | BPF_K, 0, 0, SNAP }, { BPF_RET | BPF_K, 0, 0, 0 },
    };
    struct sock_fprog filter = { sizeof code / sizeof *code, code };
    struct tpacket_req request = { .tp_block_size = 1 << 20, .tp_frame_size = SLOT, .tp_block_nr = SLOT * SLOTS >> 20, .tp_frame_nr = SLOTS };
    struct sockaddr_ll anywhere = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
    check(setsockopt(s, SOL_PACKET, PACKET_VERSION, &version, sizeof version) || setsockopt(s, SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter)
        || setsockopt(s, SOL_PACKET, PACKET_RX_RING, &request, sizeof request), "ring");
    ring = mmap(NULL, SLOT * SLOTS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, s, 0);
    check(ring == MAP_FAILED || bind(s, (void *)&anywhere, sizeof anywhere), "ring");
}

// The next frame in the ring, and the pod whose port it left by; NULL: there is none yet. It is given back by the next call.
static const unsigned char *next_frame(int *pod) {
    static unsigned slot;
    static struct tpacket2_hdr *last;
    if (last) {
        __atomic_store_n(&last->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
        last = NULL;
        slot = (slot + 1) % SLOTS;
    }
    struct tpacket2_hdr *header = (void *)(ring + (size_t)slot * SLOT);
    if (!(__atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER)) return NULL;
    last = header;
    *pod = ((struct sockaddr_ll *)((char *)header + TPACKET_ALIGN(sizeof *header)))->sll_ifindex - PORTS;
    return (unsigned char *)header + header->tp_mac;
}

// ---- asking ------------------------------------------------------------------------------------------------------------------

static struct { unsigned char bytes[80]; int destination, kind; } *frames;
static struct mmsghdr *messages;

// As it was sent: number, protocol, both addresses and ports. An answer has its addresses exchanged.
static int is_as_sent(const unsigned char *frame, const unsigned char *sent) {
    const struct iphdr *is = (const void *)(frame + IP_AT), *was = (const void *)(sent + IP_AT);
    return is->protocol == was->protocol && is->id == was->id && !memcmp(&is->saddr, &was->saddr, 12);
}

static void ask(int source, uint16_t source_port) {
    int count = 0;
    for (int d = 0; d < pods; d++)
        for (int k = 0; d != source && k < KINDS; k++, count++) {
            frames[count].destination = d;
            frames[count].kind = k;
            messages[count].msg_hdr.msg_iov->iov_len = write_frame(frames[count].bytes, source, d, protocol_of(k), port_of(k), source_port, count);
        }
    int sentinel = count++, beside = (source + 1) % pods;
    messages[sentinel].msg_hdr.msg_iov->iov_len = write_frame(frames[sentinel].bytes, source, beside, IPPROTO_UDP, SENTINEL_PORT, source_port, sentinel);
    for (int sent = 0; sent < count;) {
        int n = sendmmsg(senders[source], messages + sent, count - sent < 64 ? count - sent : 64, 0);
        check(n < 0 && errno != ENOBUFS, "send");
        if (n > 0) sent += n;
    }
    for (double begun = milliseconds();;) {
        int pod;
        const unsigned char *frame = next_frame(&pod);
        if (!frame) {
            if (milliseconds() - begun > 2000) { fprintf(stderr, "the sentinel of pod %d is lost\n", source); exit(1); }
            continue;
        }
        int number = ntohs(((struct iphdr *)(frame + IP_AT))->id);
        if (number >= count || !is_as_sent(frame, frames[number].bytes)) continue;
        if (number == sentinel) break;
        if (pod == frames[number].destination) seen[probe_of(source, pod, frames[number].kind)] = 1;
    }
}

int main(int argc, char **argv) {
    int rounds = argc > 2 ? atoi(argv[2]) : 5;
    pods = argc > 1 ? atoi(argv[1]) : 0;
    if (argc < 2 || argc > 3 || pods < 2 || pods > MOST || rounds < 1) {
        fprintf(stderr, "usage: probe PODS [ROUNDS]   (2 to %d; 5 unless given)\n", MOST);
        return 2;
    }
    size_t all = (size_t)pods * pods * KINDS, most = (size_t)pods * KINDS;
    struct iovec *vectors = calloc(most, sizeof *vectors);
    double *took = calloc(rounds, sizeof *took);
    allowed = calloc(all, 1), seen = calloc(all, 1), frames = calloc(most, sizeof *frames), messages = calloc(most, sizeof *messages);
    check(!vectors || !took || !allowed || !seen || !frames || !messages, "memory");
    for (size_t i = 0; i < most; i++) {
        vectors[i].iov_base = frames[i].bytes;
        messages[i].msg_hdr = (struct msghdr){ .msg_iov = &vectors[i], .msg_iovlen = 1 };
    }
    // The sentinel stays behind its probes on one CPU only.
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    check(sched_setaffinity(0, sizeof here, &here), "pin to a CPU");

    node = new_namespace();
    int route = netlink_socket(NETLINK_ROUTE), netfilter = netlink_socket(NETLINK_NETFILTER);
    make_node(route);
    for (int pod = 0; pod < pods; pod++) make_pod(route, pod);
    load_rules();
    open_ring();

    long wrong = 0, may = 0;
    size_t probes = (size_t)pods * (pods - 1) * KINDS;
    for (size_t i = 0; i < all; i++) may += allowed[i];
    for (int round = -1; round < rounds; round++) {
        memset(seen, 0, all);
        double begun = milliseconds();
        for (int source = 0; source < pods; source++) ask(source, 20000 + source);
        if (round >= 0) took[round] = (milliseconds() - begun) * 1e3 / probes;
        for (size_t i = 0; i < all; i++) wrong += seen[i] != allowed[i];
        flush_connections(netfilter);
    }
    printf("pods %d probes %zu allowed %ld wrong %ld us %.3f\n", pods, probes, may, wrong, percentile(took, rounds, 50));
    return 0;
}
