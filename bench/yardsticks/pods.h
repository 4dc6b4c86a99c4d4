// SPDX-License-Identifier: MIT
//
// A bridge, and pods at it: a veth pair each, made in one message, and what is configured inside in one send.

#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/ethernet.h>
#include <net/if.h>
#include "netlink.h"

// Indexes and addresses are chosen, so nobody has to ask for them.
enum { GROUP = 77, BRIDGE = 9, PORTS = 1000, ETH0 = 2, GATEWAY = 0x0a0a0001 /* 10.10.0.1/16 */, MAX_PODS = 60000 };

static inline uint32_t address_of(int pod) { return htonl((GATEWAY & 0xffff0000) + 256 + pod); }

static inline void hardware_address_of(int pod, unsigned char address[ETH_ALEN]) {
    uint32_t ip = address_of(pod);
    memcpy(address, (unsigned char[]){ 2, 0 }, 2);
    memcpy(address + 2, &ip, 4);
}

static inline void link_up(struct batch *b, int index) {
    struct ifinfomsg i = { .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    begin(b, RTM_NEWLINK, NLM_F_ACK, &i, sizeof i);
    end(b);
}

static inline void add_address(struct batch *b, int index, uint32_t address, int prefix) {
    struct ifaddrmsg a = { .ifa_family = AF_INET, .ifa_prefixlen = prefix, .ifa_index = index };
    begin(b, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &a, sizeof a);
    put(b, IFA_LOCAL, &address, sizeof address);
    end(b);
}

static inline void make_bridge(int s) {
    static struct batch b;
    struct ifinfomsg i = { .ifi_index = BRIDGE, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    begin(&b, RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &i, sizeof i);
    put_string(&b, IFLA_IFNAME, "br0");
    size_t info = nest(&b, IFLA_LINKINFO);
    put_string(&b, IFLA_INFO_KIND, "bridge");
    close_nest(&b, info);
    end(&b);
    commit(s, &b, b.messages, "bridge");
}

// One end a port of the bridge and up, the other born in the pod.
static inline void make_veth(int s, int pod, int ns) {
    static struct batch b;
    struct ifinfomsg port = { .ifi_index = PORTS + pod, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
    struct ifinfomsg peer = { .ifi_index = ETH0 };
    char name[IFNAMSIZ];
    unsigned char address[ETH_ALEN];
    snprintf(name, sizeof name, "veth%d", pod);
    hardware_address_of(pod, address);
    begin(&b, RTM_NEWLINK, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, &port, sizeof port);
    put_string(&b, IFLA_IFNAME, name);
    put_u32(&b, IFLA_GROUP, GROUP);
    put_u32(&b, IFLA_MASTER, BRIDGE);
    size_t info = nest(&b, IFLA_LINKINFO);
    put_string(&b, IFLA_INFO_KIND, "veth");
    size_t data = nest(&b, IFLA_INFO_DATA);
    size_t other = nest(&b, VETH_INFO_PEER);
    append(&b, &peer, sizeof peer);
    put_string(&b, IFLA_IFNAME, "eth0");
    put(&b, IFLA_ADDRESS, address, sizeof address);
    put_u32(&b, IFLA_NET_NS_FD, ns);
    close_nest(&b, other);
    close_nest(&b, data);
    close_nest(&b, info);
    end(&b);
    commit(s, &b, b.messages, "veth");
}

// The socket is one of the pod's namespace. All that the pod says goes to the gateway.
static inline void configure_pod(int s, int pod) {
    static struct batch b;
    uint32_t gateway = htonl(GATEWAY);
    link_up(&b, 1);
    link_up(&b, ETH0);
    add_address(&b, ETH0, address_of(pod), 32);
    struct rtmsg r = { .rtm_family = AF_INET, .rtm_table = RT_TABLE_MAIN, .rtm_protocol = RTPROT_STATIC, .rtm_type = RTN_UNICAST, .rtm_flags = RTNH_F_ONLINK };
    begin(&b, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE, &r, sizeof r);
    put(&b, RTA_GATEWAY, &gateway, sizeof gateway);
    put_u32(&b, RTA_OIF, ETH0);
    end(&b);
    commit(s, &b, b.messages, "pod");
}
