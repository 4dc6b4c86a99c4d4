// SPDX-License-Identifier: MIT
//
// nftsend FILE: how fast does this kernel commit a transaction whose bytes are there already?
//
// The file is one batch of nf_tables messages of which the last but one asks for an acknowledgement. In a namespace of its own.
// Needs root. Prints milliseconds from the one sendmsg to the answer.

#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include "netlink.h"

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: nftsend FILE\n");
        return 2;
    }
    int file = open(argv[1], O_RDONLY | O_CLOEXEC);
    struct stat of;
    if (file < 0 || fstat(file, &of)) die(argv[1]);
    struct batch b = { .bytes = malloc(of.st_size), .length = of.st_size, .room = of.st_size };
    if (!b.bytes || read(file, b.bytes, of.st_size) != of.st_size) die(argv[1]);
    if (unshare(CLONE_NEWNET)) die("unshare (root is needed)");
    int s = netlink_socket(NETLINK_NETFILTER);
    alarm(60); // no answer ends the program, and the figure with it
    double begun = milliseconds();
    commit(s, &b, 1, "transaction");
    printf("load_ms %.3f\n", milliseconds() - begun);
    return 0;
}
