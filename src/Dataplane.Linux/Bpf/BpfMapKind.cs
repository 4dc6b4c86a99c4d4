namespace Dataplane.Linux.Bpf;

/// <summary>BPF_MAP_TYPE_*, linux/bpf.h.</summary>
public enum BpfMapKind
{
    Hash = 1,

    /// <summary>The key is an index, four bytes. All elements exist, as zeros.</summary>
    Array = 2,

    /// <summary>A hash that drops the element unused for longest where there is no room for a new one.</summary>
    LruHash = 9,
}
