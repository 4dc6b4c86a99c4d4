using Dataplane.Linux.Native;

namespace Dataplane.Linux.Bpf;

/// <summary>The commands of bpf(2) that are used here (<c>enum bpf_cmd</c>), and their constants.</summary>
[KernelHeader("linux/bpf.h")]
internal static class BpfCommand
{
    public const int BPF_MAP_CREATE = 0, BPF_MAP_LOOKUP_ELEM = 1, BPF_MAP_UPDATE_ELEM = 2, BPF_MAP_DELETE_ELEM = 3,
        BPF_PROG_LOAD = 5, BPF_PROG_TEST_RUN = 10, BPF_OBJ_GET_INFO_BY_FD = 15;

    public const int BPF_PROG_TYPE_SCHED_CLS = 3;

    /// <summary>A flag of BPF_MAP_CREATE.</summary>
    public const int BPF_F_NO_PREALLOC = 1;

    /// <summary>The length of a name with its final zero.</summary>
    public const int BPF_OBJ_NAME_LEN = 16;
}
