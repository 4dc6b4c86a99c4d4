namespace Dataplane.Daemon.Api;

/// <param name="Change"><c>created</c>, <c>configured</c>, <c>unchanged</c> or <c>deleted</c>.</param>
public sealed record ChangedObject(string Kind, string Name, string Change);

/// <summary>A live connection that ended, or would.</summary>
/// <param name="SourcePort">0 for ICMP, like <paramref name="Port"/>.</param>
public sealed record CutFlow(string From, string To, string Protocol, int SourcePort, int Port, string Family);

/// <summary>A diagnostic of the loader or of the daemon; the same keys as <c>validate -o json</c>.</summary>
public sealed record DiagnosticEntry(string Code, string Severity, string Message, string File, int Line, int Column)
{
    public string? Help { get; init; }
    public string? Note { get; init; }
}

/// <summary>A packet that proved a generation: sent after the kernel had it, and seen to end as the policies say.</summary>
/// <param name="Flow">Such as <c>x/a -> x/b TCP 80</c>.</param>
/// <param name="Verdict"><c>allowed</c> or <c>denied</c>.</param>
public sealed record ProofPacket(string Flow, string Verdict, string Evidence);

/// <summary>The answer of apply and delete.</summary>
/// <param name="Generation">That holds now; of a dry run, that held before and after.</param>
public sealed record ChangeResponse(long Generation, IReadOnlyList<ChangedObject> Objects, IReadOnlyList<CutFlow> Cut)
{
    public bool DryRun { get; init; }

    /// <summary>Pods that were attached, or would be.</summary>
    public IReadOnlyList<string> Attached { get; init; } = [];

    public IReadOnlyList<string> Detached { get; init; } = [];

    /// <summary>Elements that the kernel's transaction added or deleted.</summary>
    public int Elements { get; init; }

    /// <summary>Warnings and notes about what was given.</summary>
    public IReadOnlyList<DiagnosticEntry> Diagnostics { get; init; } = [];

    /// <summary>With <see cref="ApplyRequest.WaitSeconds"/>; empty where there is nothing to send a packet to.</summary>
    public IReadOnlyList<ProofPacket> Proof { get; init; } = [];

    public double Milliseconds { get; init; }
}

/// <summary>GET /v1/state: the desired state, from which a client answers matrix, why and diff by itself.</summary>
/// <param name="Files">One entry a YAML document.</param>
public sealed record StateResponse(long Generation, string PodNetworkIPv4, string PodNetworkIPv6, IReadOnlyList<ManifestFile> Files, IReadOnlyList<Lease> Leases)
{
    /// <summary>What stands in <see cref="Files"/> and counts no more: deleted, or replaced from elsewhere, while other objects of the document stay.</summary>
    public IReadOnlyList<GoneObject> Gone { get; init; } = [];
}

/// <param name="File">Its index among the files.</param>
public sealed record GoneObject(int File, string Kind, string Name);

/// <summary>The addresses of a pod, kept for as long as it exists.</summary>
/// <param name="Pod"><c>namespace/name</c>.</param>
public sealed record Lease(string Pod, string? IPv4, string? IPv6);

/// <summary>GET /v1/objects?kind=&amp;namespace=&amp;name=</summary>
public sealed record ObjectsResponse(long Generation, IReadOnlyList<ObjectEntry> Objects);

/// <param name="Source"><c>apply</c>, or the path of the watched manifest.</param>
/// <param name="Text">The object's manifest, as it was given.</param>
public sealed record ObjectEntry(string Kind, string Name, string File, int Line, string Source, string Text)
{
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Of pods.</summary>
    public PodEntry? Pod { get; init; }
}

/// <summary>A pod as it is attached. A hostNetwork pod has the node's addresses and no namespace of its own.</summary>
public sealed record PodEntry(string Name, string? IPv4, string? IPv6)
{
    public bool HostNetwork { get; init; }

    /// <summary>Below /run/netns.</summary>
    public string? Netns { get; init; }
    public string? Port { get; init; }
    public int PortIndex { get; init; }
    public string? Mac { get; init; }
}

/// <summary>GET /v1/pods.</summary>
public sealed record PodsResponse(string NodeNetns, string Bridge, string GatewayIPv4, string GatewayIPv6, IReadOnlyList<PodEntry> Pods);

/// <summary>GET /v1/status.</summary>
public sealed record StatusResponse(string Version, int ProcessId, DateTimeOffset Started, string Node, string Mode)
{
    /// <summary>Counts the changes of the desired state.</summary>
    public long DesiredGeneration { get; init; }

    /// <summary>The last generation that the kernel has.</summary>
    public long EnforcedGeneration { get; init; }

    /// <summary>Why the two differ; null where they do not.</summary>
    public string? Problem { get; init; }

    public int Pods { get; init; }
    public int NetworkPolicies { get; init; }
    public int TierPolicies { get; init; }

    /// <summary>In all sets.</summary>
    public int Elements { get; init; }

    /// <summary>False: other processes can change our tables (kernels before 6.9).</summary>
    public bool OwnsTables { get; init; }

    public bool Adopted { get; init; }
    public int QueueDepth { get; init; }

    /// <summary>Files of the manifest directory that are not enforced, and parts of the store that could not be read.</summary>
    public IReadOnlyList<string> Errors { get; init; } = [];

    /// <summary>The last repairs, newest first.</summary>
    public IReadOnlyList<RepairEntry> Repairs { get; init; } = [];
    public long RepairsTotal { get; init; }

    /// <summary>Threads outside their network namespace: a fault of ours; empty is healthy.</summary>
    public IReadOnlyList<string> StrayThreads { get; init; } = [];
}

public sealed record RepairEntry(DateTimeOffset Time, string What, string Found);

/// <summary>The answer of /v1/verify, in the order of the matrix.</summary>
public sealed record VerifyResponse(long Generation, IReadOnlyList<VerifiedFlow> Flows, string? ControlFailure, IReadOnlyList<string> Warnings, double ProbeMilliseconds)
{
    /// <summary>Null where every flow was asked for.</summary>
    public VerifiedSample? Sample { get; init; }
}

/// <summary>What the flows of an answer are a part of.</summary>
/// <param name="Of">How many flows there are.</param>
/// <param name="Decisions">How many compiled decisions there are at least, and exactly where all are covered.</param>
/// <param name="Covered">How many of them some flow is decided by.</param>
public sealed record VerifiedSample(long Of, int Seed, long Decisions, long Covered);

/// <param name="Measured"><c>allowed</c>, <c>denied</c> or <c>undecided</c>.</param>
/// <param name="DropReason">The prefix of the drop log that named it.</param>
/// <param name="Reply">What answered: <c>Rst</c> and so on; null for silence.</param>
public sealed record VerifiedFlow(string From, string To, string Protocol, int Port, string Family, bool Expected, string Measured, string Evidence, string? DropReason, string? Reply);

/// <summary>One flow, as /v1/flows tells it: one JSON object a line.</summary>
/// <param name="Verdict"><c>allowed</c>, <c>denied</c>, or <c>lost</c>: so many entries could not be told (<see cref="Count"/>).</param>
public sealed record FlowEntry(DateTimeOffset Time, string Verdict)
{
    public string? From { get; init; }
    public string? To { get; init; }
    public string? Protocol { get; init; }
    public int SourcePort { get; init; }
    public int Port { get; init; }
    public string? Family { get; init; }

    /// <summary>Of denied flows: the drop log's prefix.</summary>
    public string? Reason { get; init; }

    /// <summary><c>egress</c> or <c>ingress</c>, where a policy decided.</summary>
    public string? Direction { get; init; }

    /// <summary>The policy that decided, and where it stands.</summary>
    public string? Policy { get; init; }
    public string? File { get; init; }
    public int Line { get; init; }

    /// <summary>More than 1: so many packets like this one, or so many entries lost.</summary>
    public long Count { get; init; } = 1;
}

/// <summary>The answer of /v1/trace.</summary>
public sealed record TraceResponse(string From, string To, string Protocol, int Port, string Family, string Verdict, string Evidence, IReadOnlyList<TraceStep> Steps);

/// <param name="Microseconds">Since the packet was sent.</param>
/// <param name="Where">Such as <c>bridge prerouting</c> or <c>inet judge</c>.</param>
public sealed record TraceStep(double Microseconds, string Where, string What);

/// <summary>RFC 9457, application/problem+json. Every refusal has one.</summary>
public sealed record Problem(string Type, string Title, int Status)
{
    public string? Detail { get; init; }

    /// <summary>What a command that gets this answer exits with: 3 input, 4 permission, 5 the kernel refused, 6 undecided, 1 not found.</summary>
    public int ExitCode { get; init; }

    public IReadOnlyList<DiagnosticEntry> Diagnostics { get; init; } = [];
}
