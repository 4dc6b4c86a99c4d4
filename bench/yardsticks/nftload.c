// SPDX-License-Identifier: MIT
//
// nftload PODS ELEMENTS: how fast does this kernel load a policy ruleset, and change it, when nothing but netlink is paid?
//
// Two maps give each pod's address a group, one set for each direction says what a group may do: group . address . protocol .
// port, PODS * 2 + ELEMENTS in all. Everything in one transaction, with the sizes told beforehand; then many small ones: a policy
// (three elements of a new group and its pod), and a pod (ten elements and both maps). In a namespace of its own. Needs root.
// Prints milliseconds.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <sched.h>
#include "netlink.h"

enum { CHANGES = 60, SPLIT = 60000 /* a nested attribute has at most 65,535 bytes */ };

// How nft(8) numbers its types; a concatenation has six bits for each.
enum { IPV4 = 7, PROTOCOL = 12, SERVICE = 13, MARK = 19 };

struct key { uint32_t group, address; uint8_t protocol, pad[3]; uint16_t port, pad2; };

static int s;
static struct batch b;

static void put_be(int type, uint32_t value) { put_u32(&b, type, htonl(value)); }

static void message(int type, int flags) {
    struct nfgenmsg header = { .nfgen_family = NFPROTO_IPV4 };
    begin(&b, NFNL_SUBSYS_NFTABLES << 8 | type, flags, &header, sizeof header);
}

static void border(int type, int flags) {
    struct nfgenmsg header = { .res_id = htons(NFNL_SUBSYS_NFTABLES) };
    begin(&b, type, flags, &header, sizeof header);
    end(&b);
}

static void open_transaction(void) { border(NFNL_MSG_BATCH_BEGIN, 0); }

static void commit_transaction(void) {
    border(NFNL_MSG_BATCH_END, NLM_F_ACK);
    commit(s, &b, 1, "transaction");
}

static void new_set(const char *name, int is_map, uint32_t key_type, uint32_t key_length, uint32_t size) {
    static uint32_t id;
    message(NFT_MSG_NEWSET, NLM_F_CREATE);
    put_string(&b, NFTA_SET_TABLE, "yardstick");
    put_string(&b, NFTA_SET_NAME, name);
    put_be(NFTA_SET_FLAGS, is_map ? NFT_SET_MAP : 0);
    put_be(NFTA_SET_KEY_TYPE, key_type);
    put_be(NFTA_SET_KEY_LEN, key_length);
    if (is_map) {
        put_be(NFTA_SET_DATA_TYPE, MARK);
        put_be(NFTA_SET_DATA_LEN, 4);
    }
    size_t description = nest(&b, NFTA_SET_DESC);
    put_be(NFTA_SET_DESC_SIZE, size);
    close_nest(&b, description);
    put_be(NFTA_SET_ID, ++id);
    end(&b);
}

static void value(int type, const void *bytes, size_t size) {
    size_t at = nest(&b, type);
    put(&b, NFTA_DATA_VALUE, bytes, size);
    close_nest(&b, at);
}

// Keys side by side; data side by side, or none.
static void elements(const char *set, const void *keys, size_t key_length, const uint32_t *data, int count) {
    for (int i = 0; i < count;) {
        message(NFT_MSG_NEWSETELEM, NLM_F_CREATE);
        put_string(&b, NFTA_SET_ELEM_LIST_TABLE, "yardstick");
        put_string(&b, NFTA_SET_ELEM_LIST_SET, set);
        size_t list = nest(&b, NFTA_SET_ELEM_LIST_ELEMENTS);
        for (; i < count && b.length - list < SPLIT; i++) {
            size_t element = nest(&b, NFTA_LIST_ELEM);
            value(NFTA_SET_ELEM_KEY, (const char *)keys + i * key_length, key_length);
            if (data) value(NFTA_SET_ELEM_DATA, &data[i], sizeof *data);
            close_nest(&b, element);
        }
        close_nest(&b, list);
        end(&b);
    }
}

static struct key allowance(uint32_t group, uint32_t address, int port) {
    return (struct key){ .group = group, .address = htonl(address), .protocol = IPPROTO_TCP, .port = htons(port) };
}

int main(int argc, char **argv) {
    int pods = argc > 2 ? atoi(argv[1]) : 0, count = argc > 2 ? atoi(argv[2]) : 0, groups = pods / 10 + 1;
    if (argc != 3 || pods < 1 || count < 1) {
        fprintf(stderr, "usage: nftload PODS ELEMENTS\n");
        return 2;
    }
    if (unshare(CLONE_NEWNET)) die("unshare (root is needed)");
    s = netlink_socket(NETLINK_NETFILTER);
    uint32_t *addresses = calloc(pods, sizeof *addresses), *of = calloc(pods, sizeof *of);
    struct key *allowed = calloc(count, sizeof *allowed);
    if (!addresses || !of || !allowed) die("memory");
    for (int i = 0; i < pods; i++) {
        addresses[i] = htonl(0x0a400001 + i);
        of[i] = i % groups + 1;
    }
    for (int i = 0; i < count; i++) allowed[i] = allowance(i % groups + 1, 0x0a400001 + (i * 7LL) % pods, 1000 + i / groups % 60000);

    double begun = milliseconds();
    const uint32_t allowance_type = ((MARK << 6 | IPV4) << 6 | PROTOCOL) << 6 | SERVICE;
    open_transaction();
    message(NFT_MSG_NEWTABLE, NLM_F_CREATE);
    put_string(&b, NFTA_TABLE_NAME, "yardstick");
    end(&b);
    new_set("egress_group", 1, IPV4, 4, pods * 4);
    new_set("ingress_group", 1, IPV4, 4, pods * 4);
    new_set("egress", 0, allowance_type, sizeof(struct key), count * 2);
    new_set("ingress", 0, allowance_type, sizeof(struct key), count * 2);
    elements("egress_group", addresses, 4, of, pods);
    elements("ingress_group", addresses, 4, of, pods);
    elements("egress", allowed, sizeof *allowed, NULL, count / 2);
    elements("ingress", allowed + count / 2, sizeof *allowed, NULL, count - count / 2);
    double written = milliseconds();
    commit_transaction();
    double loaded = milliseconds();

    double policy[CHANGES], pod[CHANGES];
    for (int i = 0; i < CHANGES; i++) {
        struct key keys[10];
        uint32_t address = htonl(0x0ac90000 + i), group = groups + 2 + i;
        for (int k = 0; k < 3; k++) keys[k] = allowance(group, 0x0ac80000 + i * 4 + k, 80);
        double t = milliseconds();
        open_transaction();
        elements("ingress", keys, sizeof *keys, NULL, 3);
        elements("ingress_group", &address, 4, &group, 1);
        commit_transaction();
        policy[i] = milliseconds() - t;

        address = htonl(0x0aca0000 + i);
        group = i % groups + 1;
        for (int k = 0; k < 10; k++) keys[k] = allowance((i + k) % groups + 1, 0x0aca0000 + i, 80 + k);
        t = milliseconds();
        open_transaction();
        elements("ingress", keys, sizeof *keys, NULL, 10);
        elements("ingress_group", &address, 4, &group, 1);
        elements("egress_group", &address, 4, &group, 1);
        commit_transaction();
        pod[i] = milliseconds() - t;
    }
    printf("write_ms %.3f commit_ms %.3f load_ms %.3f policy_ms %.4f pod_ms %.4f\n", written - begun, loaded - written, loaded - begun,
        percentile(policy, CHANGES, 50), percentile(pod, CHANGES, 50));
    return 0;
}
