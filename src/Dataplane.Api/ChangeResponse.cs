namespace Dataplane.Api;

/// <summary>The answer of apply and delete.</summary>
/// <param name="Generation">The generation after the change; of a dry run, the current one.</param>
/// <param name="Cut">Live connections that the change ended, or would end.</param>
public sealed record ChangeResponse(long Generation, IReadOnlyList<ChangedObject> Objects, IReadOnlyList<CutFlow> Cut)
{
    public bool DryRun { get; init; }

    /// <summary>Pods that were attached, or would be.</summary>
    public IReadOnlyList<string> Attached { get; init; } = [];

    /// <summary>Pods that were detached, or would be.</summary>
    public IReadOnlyList<string> Detached { get; init; } = [];

    /// <summary>What runs the programs of pods: <c>none</c> or <c>process</c>.</summary>
    public string? Runtime { get; init; }

    /// <summary>Number of elements that the kernel's transaction added or deleted.</summary>
    public int Elements { get; init; }

    /// <summary>Warnings and notes about the given manifests.</summary>
    public IReadOnlyList<DiagnosticEntry> Diagnostics { get; init; } = [];

    /// <summary>
    /// With <see cref="ApplyRequest.WaitSeconds"/>: the packets that proved the change; see <see cref="Unproven"/>.
    /// </summary>
    public IReadOnlyList<ProofPacket> Proof { get; init; } = [];

    /// <summary>
    /// With <see cref="ApplyRequest.WaitSeconds"/>: the objects of which no packet can prove anything, and why.
    /// </summary>
    public IReadOnlyList<string> Unproven { get; init; } = [];

    /// <summary>Time from taking the change from the queue until it was enforced, or proved.</summary>
    public double Milliseconds { get; init; }
}

/// <param name="Change"><c>created</c>, <c>configured</c>, <c>unchanged</c> or <c>deleted</c>.</param>
public sealed record ChangedObject(string Kind, string Name, string Change);

/// <summary>A live connection that ended, or would end.</summary>
/// <param name="SourcePort">0 for ICMP, like <paramref name="Port"/>.</param>
public sealed record CutFlow(string From, string To, string Protocol, int SourcePort, int Port, string Family);

/// <summary>
/// A packet that proved a generation: sent after the kernel had it, with the outcome that the policies demand.
/// </summary>
/// <param name="Flow">Such as <c>x/a -> x/b TCP 80</c>, or through an address of a Service
/// <c>x/a -> service:x/web at 10.96.0.7:80, x/web-0</c>.</param>
/// <param name="Verdict"><c>allowed</c>, <c>denied</c>, or of a Service that nothing is behind <c>refused</c>.</param>
public sealed record ProofPacket(string Flow, string Verdict, string Evidence);
