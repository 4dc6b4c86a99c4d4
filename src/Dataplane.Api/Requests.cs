namespace Dataplane.Api;

/// <summary>A manifest as text, with its origin: diagnostics and policies keep file and line.</summary>
/// <param name="Name">The file's name, as diagnostics print it.</param>
/// <param name="FirstLine">The number, from 1, that the first line of <paramref name="Text"/> has in that file.</param>
public sealed record ManifestFile(string Name, string Text, int FirstLine = 1)
{
    /// <summary>The namespace of objects that name none; null for <c>default</c>.</summary>
    public string? Namespace { get; init; }
}

/// <param name="Kind">As in manifests: <c>NetworkPolicy</c>.</param>
/// <param name="Name"><c>namespace/name</c>, or the name alone for cluster-scoped kinds.</param>
public sealed record ObjectReference(string Kind, string Name);

/// <summary>POST /v1/apply.</summary>
public sealed record ApplyRequest(IReadOnlyList<ManifestFile> Files)
{
    /// <summary>The files are the complete desired state: every other object that was applied is deleted.</summary>
    public bool Prune { get; init; }

    /// <summary>Answer what would happen and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>
    /// Answer once a packet has proved the change, or fail after this many seconds (more than 0, at most 300).
    /// Null: answer once the kernel has the change.
    /// </summary>
    public double? WaitSeconds { get; init; }
}

/// <summary>POST /v1/delete. Objects are named, or given as manifests.</summary>
public sealed record DeleteRequest
{
    public IReadOnlyList<ManifestFile> Files { get; init; } = [];

    public IReadOnlyList<ObjectReference> Objects { get; init; } = [];

    /// <summary>
    /// Seconds that the programs of pods may take to end, 0 or more; 0: they are ended by force. Null: as the manifests
    /// say.
    /// </summary>
    public int? GracePeriodSeconds { get; init; }

    /// <summary>An object that does not exist is no error.</summary>
    public bool IgnoreNotFound { get; init; }

    /// <summary>Answer what would happen and change nothing.</summary>
    public bool DryRun { get; init; }

    /// <summary>See <see cref="ApplyRequest.WaitSeconds"/>.</summary>
    public double? WaitSeconds { get; init; }
}

/// <summary>POST /v1/verify: every probe between every pair of live endpoints.</summary>
public sealed record VerifyRequest
{
    /// <summary>
    /// Such as <c>TCP:80</c>. Empty: every port that a pod declares or a policy names, or TCP:80 where there is none.
    /// </summary>
    public IReadOnlyList<string> Probes { get; init; } = [];

    /// <summary>4 or 6; null: both.</summary>
    public int? Family { get; init; }

    /// <summary>
    /// Maximum number of flows, 1 or more, chosen so that they cover as many compiled decisions as possible.
    /// Null: all flows.
    /// </summary>
    public int? Sample { get; init; }

    /// <summary>The same seed chooses the same flows of the same state; default 1.</summary>
    public int? Seed { get; init; }
}

/// <summary>POST /v1/trace: one packet. Endpoints are written as on the command line.</summary>
/// <param name="Port">Such as <c>TCP:80</c>.</param>
/// <param name="Family">4 or 6; null: the first family that both ends have.</param>
public sealed record TraceRequest(string From, string To, string Port, int? Family = null);

/// <summary>
/// POST /v1/capture: a pod's frames, only those that a program accepts. Without a filter, GET does the same.
/// </summary>
/// <param name="Pod"><c>namespace/name</c>.</param>
/// <param name="Count">Number of frames after which the capture ends; null: no end.</param>
/// <param name="SnapLength">Bytes kept of each frame; null: 1600.</param>
/// <param name="Filter">Classic BPF on Ethernet frames, as libpcap compiles it; null: all frames.</param>
public sealed record CaptureRequest(string Pod, int? Count, int? SnapLength, IReadOnlyList<FilterInstruction>? Filter);

/// <summary><c>struct sock_filter</c> of linux/filter.h.</summary>
public readonly record struct FilterInstruction(ushort Code, byte Jt, byte Jf, uint K);
