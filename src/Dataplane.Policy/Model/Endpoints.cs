using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Policy.Model;

/// <summary>
/// A pod with the addresses IPAM gave it; at most one per family. hostNetwork pods have the node's addresses.
/// </summary>
public sealed record PodEndpoint(PodObject Pod, IPAddress? IPv4, IPAddress? IPv6) : Endpoint
{
    public override string Name => Pod.FullName;
    public bool IsHostNetwork => Pod.HostNetwork;
    public IPAddress? Address(AddressFamily family) => new PerFamily<IPAddress?>(IPv4, IPv6)[family];
    public bool Equals(PodEndpoint? other) => ReferenceEquals(this, other);
    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>An address outside the pod network.</summary>
public sealed record ExternalEndpoint(IPAddress Address) : Endpoint
{
    public override string Name => Address.ToString();
}

/// <summary>This machine.</summary>
public sealed record NodeEndpoint(IPAddress? IPv4, IPAddress? IPv6) : Endpoint
{
    /// <summary>The word for the node, which no pod needs: <c>namespace/node</c> is a pod.</summary>
    public const string Word = "node";

    /// <summary>Whether it has an address that is not among those that rules know the node by.</summary>
    public bool IsFurther { get; private init; }

    /// <summary>The node at one of <see cref="Cluster.FurtherNodeAddresses"/>, whose name is the address.</summary>
    public static NodeEndpoint At(IPAddress further) => further.AddressFamily == AddressFamily.InterNetwork
        ? new NodeEndpoint(further, null) { IsFurther = true } : new NodeEndpoint(null, further) { IsFurther = true };

    public override string Name => IsFurther ? $"{IPv4 ?? IPv6}" : Word;
}
