// SPDX-License-Identifier: MIT
//
// Netlink in a hundred lines: messages are appended to a batch, sent at once, and answered one by one.

#include <errno.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static inline void die(const char *what) { perror(what); exit(1); }

static inline double milliseconds(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static inline int ascending(const void *x, const void *y) {
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static inline double percentile(double *values, int count, int percent) {
    qsort(values, count, sizeof *values, ascending);
    return values[(long)count * percent / 100];
}

struct batch {
    char *bytes;
    size_t length, room, message;
    int messages;
};

static inline void *append(struct batch *b, const void *data, size_t size) {
    size_t padded = NLMSG_ALIGN(size);
    if (b->length + padded > b->room && !(b->bytes = realloc(b->bytes, b->room = 2 * (b->length + padded) + 4096))) die("memory");
    char *at = b->bytes + b->length;
    memset(at, 0, padded);
    if (data) memcpy(at, data, size);
    b->length += padded;
    return at;
}

static inline void begin(struct batch *b, int type, int flags, const void *header, size_t size) {
    b->message = b->length;
    struct nlmsghdr m = { .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags, .nlmsg_seq = ++b->messages };
    append(b, &m, sizeof m);
    append(b, header, size);
}

static inline void end(struct batch *b) { ((struct nlmsghdr *)(b->bytes + b->message))->nlmsg_len = b->length - b->message; }

// An attribute; a nest is open until it is closed. The result is where it lies: the batch may move.
static inline size_t put(struct batch *b, int type, const void *data, size_t size) {
    size_t at = b->length;
    struct nlattr a = { .nla_type = type, .nla_len = NLA_HDRLEN + size };
    append(b, &a, sizeof a);
    if (size) append(b, data, size);
    return at;
}

static inline void put_u32(struct batch *b, int type, uint32_t value) { put(b, type, &value, sizeof value); }
static inline void put_string(struct batch *b, int type, const char *value) { put(b, type, value, strlen(value) + 1); }
static inline size_t nest(struct batch *b, int type) { return put(b, type | NLA_F_NESTED, NULL, 0); }
static inline void close_nest(struct batch *b, size_t at) { ((struct nlattr *)(b->bytes + at))->nla_len = b->length - at; }

static inline int netlink_socket(int protocol) {
    int s = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol), room = 64 << 20;
    if (s < 0) die("socket");
    setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
    setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
    return s;
}

// Sends the batch and waits for so many acknowledgements: of the messages that asked for one with NLM_F_ACK.
static inline void commit(int s, struct batch *b, int acknowledgements, const char *what) {
    if (send(s, b->bytes, b->length, 0) < 0) die(what);
    while (acknowledgements > 0) {
        _Alignas(NLMSG_ALIGNTO) char answer[8192];
        ssize_t n = recv(s, answer, sizeof answer, 0);
        if (n < 0) die(what);
        for (struct nlmsghdr *m = (void *)answer; NLMSG_OK(m, n); m = NLMSG_NEXT(m, n)) {
            if (m->nlmsg_type != NLMSG_ERROR) continue;
            errno = -((struct nlmsgerr *)NLMSG_DATA(m))->error;
            if (errno) die(what);
            acknowledgements--;
        }
    }
    b->length = b->messages = 0;
}
