using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Assertions;

/// <summary>What a user expects of manifests, as written. A file without <c>steps</c> is one step.</summary>
public sealed record AssertionFile(IReadOnlyList<AssertionStep> Steps, SourcePosition Position);

/// <summary>One state to judge: the file's manifests and the step's own. Steps do not add up.</summary>
/// <param name="Name">Null where it has none.</param>
/// <param name="Manifests">Paths, relative to the file: the file's, then the step's.</param>
/// <param name="External">Addresses outside the pod network that take part in <paramref name="Default"/>: the file's,
/// then the step's.</param>
/// <param name="Default">Whether pairs that no expectation names are to be allowed (true) or denied (false); null: not
/// asked about.</param>
public sealed record AssertionStep(
    string? Name, IReadOnlyList<string> Manifests, IReadOnlyList<EndpointPattern> External, bool? Default,
    IReadOnlyList<Expectation> Expectations, SourcePosition Position);

/// <summary>Every one of From with every one of To on every one of Ports.</summary>
/// <param name="Ports">As written; empty: the ports that the destination declares.</param>
public sealed record Expectation(
    IReadOnlyList<EndpointPattern> From, IReadOnlyList<EndpointPattern> To, IReadOnlyList<PortPattern> Ports,
        Wanted Want, SourcePosition Position);

/// <summary>What an expectation says of packets.</summary>
public enum Wanted
{
    /// <summary>They arrive; of a Service: at every backend.</summary>
    Allow,

    /// <summary>They are dropped.</summary>
    Deny,

    /// <summary>Of a Service: nobody is there.</summary>
    Refused,

    /// <summary>Of a Service: they arrive at some of the backends.</summary>
    Partial,
}

/// <summary>
/// Either <paramref name="Text"/> (<c>namespace/pod</c>, <c>namespace/workload</c>, either name alone, an address, a
/// CIDR, <c>node</c>, <c>namespace/{app=x}</c> for a pod that is not loaded; as a
/// destination <c>service:namespace/name</c>), or the pods that
/// <paramref name="Labels"/> selects: of <paramref name="Namespace"/>, null for all namespaces.
/// </summary>
public sealed record EndpointPattern(string? Text, string? Namespace, LabelSelector? Labels, SourcePosition Position);

/// <param name="Text"><c>TCP:80</c> and its other spellings, <c>icmp</c>; a number alone is a TCP port.</param>
public sealed record PortPattern(string Text, SourcePosition Position);
