namespace Dataplane.Linux.Bpf;

/// <summary>The commands of bpf(2) that are used here (<c>enum bpf_cmd</c>, linux/bpf.h).</summary>
internal static class BpfCommand
{
    public const int BPF_MAP_CREATE = 0, BPF_MAP_LOOKUP_ELEM = 1, BPF_MAP_UPDATE_ELEM = 2, BPF_MAP_DELETE_ELEM = 3,
        BPF_PROG_LOAD = 5, BPF_PROG_ATTACH = 8, BPF_PROG_DETACH = 9, BPF_PROG_TEST_RUN = 10,
        BPF_PROG_GET_FD_BY_ID = 13, BPF_OBJ_GET_INFO_BY_FD = 15, BPF_PROG_QUERY = 16;

    public const int BPF_PROG_TYPE_SCHED_CLS = 3;

    public const int BPF_F_REPLACE = 1 << 2;

    /// <summary>BPF_OBJ_NAME_LEN with its final zero.</summary>
    public const int NameBytes = 16;

    /// <summary>BPF_TCX_INGRESS, of Linux 6.6.</summary>
    public const int TcxIngress = 46;
}
