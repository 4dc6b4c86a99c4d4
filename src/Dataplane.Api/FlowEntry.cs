namespace Dataplane.Api;

/// <summary>One flow of /v1/flows: one JSON object on each line.</summary>
/// <param name="Verdict">
/// <c>allowed</c>, <c>denied</c>, or <c>lost</c>: entries that could not be reported (<see cref="Count"/> of them).
/// </param>
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

    /// <summary>The policy that decided.</summary>
    public string? Policy { get; init; }

    /// <summary>The file of <see cref="Policy"/>, at <see cref="Line"/>.</summary>
    public string? File { get; init; }
    public int Line { get; init; }

    /// <summary>Of an allowed flow: the Service through which it went, as <c>namespace/name</c>.</summary>
    public string? Service { get; init; }

    /// <summary>Number of packets like this one, or of entries lost; 1 or more.</summary>
    public long Count { get; init; } = 1;

    /// <summary>
    /// True for what the daemon sends to prove something (verify, trace, apply --wait); otherwise null.
    /// </summary>
    public bool? Probe { get; init; }
}
