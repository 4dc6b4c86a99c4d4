// SPDX-License-Identifier: MIT
//
// cnicall PODS PLUGIN CONFIGURATION: what a pod costs with a CNI plugin, asked as a container runtime asks.
//
// Pods are network namespaces that exist already, as the specification wants; the plugin is started for each ADD and each DEL with
// the configuration on stdin (https://www.cni.dev/docs/spec). The node is a namespace of its own; pods' names and whatever the
// plugin stores below /run lie on a tmpfs of a mount namespace of its own, so whatever ends this program ends all of it. Needs root.
// Prints milliseconds for a pod, and for VERSION, which the plugin answers as soon as it has started.

#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include "netlink.h"

static const char *plugin, *configuration;
static char plugin_directory[512];

static void pod_path(char path[64], int pod) { snprintf(path, 64, "/run/netns/pod%d", pod); }

static void make_namespace(int node, int pod) {
    char path[64];
    pod_path(path, pod);
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
    if (file < 0) die(path);
    close(file);
    if (unshare(CLONE_NEWNET) || mount("/proc/self/ns/net", path, NULL, MS_BIND, NULL)) die("namespace");
    if (setns(node, CLONE_NEWNET)) die("setns");
}

static void call(const char *command, int pod) {
    char path[64], name[96], netns[96], verb[64], answer[16384];
    pod_path(path, pod);
    snprintf(name, sizeof name, "CNI_CONTAINERID=pod%d", pod);
    // As others can open it too, who do not see the mounts of this program.
    snprintf(netns, sizeof netns, "CNI_NETNS=/proc/%d/root%s", (int)getpid(), path);
    snprintf(verb, sizeof verb, "CNI_COMMAND=%s", command);
    char *environment[] = { verb, name, netns, "CNI_IFNAME=eth0", plugin_directory, "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
    char *arguments[] = { (char *)plugin, NULL };

    int in[2], out[2];
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) die("pipe");
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, in[0], 0);
    posix_spawn_file_actions_adddup2(&files, out[1], 1);
    pid_t child;
    errno = posix_spawn(&child, plugin, &files, NULL, arguments, environment);
    if (errno) die(plugin);
    posix_spawn_file_actions_destroy(&files);
    close(in[0]);
    close(out[1]);
    if (write(in[1], configuration, strlen(configuration)) < 0) die("configuration");
    close(in[1]);
    size_t length = 0;
    for (ssize_t n; (n = read(out[0], answer + length, sizeof answer - 1 - length)) > 0;) length += n;
    answer[length] = 0;
    close(out[0]);
    int status;
    waitpid(child, &status, 0);
    if (status) { fprintf(stderr, "%s failed: %s\n", command, answer); exit(1); }
}

static double all(const char *command, int pods) {
    double begun = milliseconds();
    for (int pod = 0; pod < pods; pod++) call(command, pod);
    return (milliseconds() - begun) / pods;
}

int main(int argc, char **argv) {
    int pods = argc == 4 ? atoi(argv[1]) : 0;
    if (pods < 1) {
        fprintf(stderr, "usage: cnicall PODS PLUGIN CONFIGURATION   (the configuration itself, as JSON)\n");
        return 2;
    }
    plugin = argv[2];
    configuration = argv[3];
    snprintf(plugin_directory, sizeof plugin_directory, "CNI_PATH=%.*s", (int)(strrchr(plugin, '/') ? strrchr(plugin, '/') - plugin : 1), plugin);
    if (unshare(CLONE_NEWNET | CLONE_NEWNS)) die("unshare (root is needed)");
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) || mount("cnicall", "/run", "tmpfs", 0, NULL) || mkdir("/run/netns", 0755)) die("private mounts");
    int node = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    if (node < 0) die("node namespace");
    for (int pod = 0; pod < pods; pod++) make_namespace(node, pod);
    double version = all("VERSION", pods), add = all("ADD", pods);
    printf("version_ms %.3f add_ms %.3f del_ms %.3f\n", version, add, all("DEL", pods));
    return 0;
}
