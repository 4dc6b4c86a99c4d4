namespace Dataplane.Daemon.Api;

/// <summary>Manifests as text, with the place they come from: every diagnostic and every policy keeps its file and line.</summary>
/// <param name="Name">The file's name, as diagnostics print it.</param>
/// <param name="FirstLine">The number, from 1, that the first line of <paramref name="Text"/> has in that file.</param>
public sealed record ManifestFile(string Name, string Text, int FirstLine = 1);

/// <param name="Kind">As in manifests: <c>NetworkPolicy</c>.</param>
/// <param name="Name"><c>namespace/name</c>, or the name alone for cluster-scoped kinds.</param>
public sealed record ObjectReference(string Kind, string Name);

/// <summary>POST /v1/apply.</summary>
public sealed record ApplyRequest(IReadOnlyList<ManifestFile> Files)
{
    /// <summary>What is given is the complete desired state: all other objects that came from apply are deleted.</summary>
    public bool Prune { get; init; }

    /// <summary>Answer what would happen, change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>Answer when a packet has proved it, or fail after so many seconds. Null: answer when the kernel has it.</summary>
    public double? WaitSeconds { get; init; }
}

/// <summary>POST /v1/delete. Objects are named, or given as manifests.</summary>
public sealed record DeleteRequest
{
    public IReadOnlyList<ManifestFile> Files { get; init; } = [];

    public IReadOnlyList<ObjectReference> Objects { get; init; } = [];

    /// <summary>An object that does not exist is no error.</summary>
    public bool IgnoreNotFound { get; init; }

    public bool DryRun { get; init; }

    public double? WaitSeconds { get; init; }
}

/// <summary>POST /v1/verify: every probe between every pair of live endpoints.</summary>
public sealed record VerifyRequest
{
    /// <summary>Such as <c>TCP:80</c>; none: every port that a pod declares, TCP:80 where none does.</summary>
    public IReadOnlyList<string> Probes { get; init; } = [];

    /// <summary>4 or 6; null: both.</summary>
    public int? Family { get; init; }

    /// <summary>So many flows at most, chosen so that they cover as many compiled decisions as they can; null: all flows.</summary>
    public int? Sample { get; init; }

    /// <summary>The same seed chooses the same flows of the same state; 1 unless given.</summary>
    public int? Seed { get; init; }
}

/// <summary>POST /v1/trace: one packet. Endpoints as users spell them.</summary>
/// <param name="Port">Such as <c>TCP:80</c>.</param>
/// <param name="Family">4 or 6; null: the first that both ends have.</param>
public sealed record TraceRequest(string From, string To, string Port, int? Family = null);

/// <summary>POST /v1/capture: a pod's packets, only those that a program accepts. Without one, GET does the same.</summary>
/// <param name="Count">End after so many frames; null: without an end.</param>
/// <param name="SnapLength">Bytes kept of each; null: 1600.</param>
/// <param name="Filter">Classic BPF on Ethernet frames, as libpcap compiles it; null: all frames.</param>
public sealed record CaptureRequest(string Pod, int? Count, int? SnapLength, IReadOnlyList<FilterInstruction>? Filter);

/// <summary><c>struct sock_filter</c> of linux/filter.h.</summary>
public readonly record struct FilterInstruction(ushort Code, byte Jt, byte Jf, uint K);
