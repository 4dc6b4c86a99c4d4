using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.NetworkPolicies;

/// <summary>The port numbers of a NetworkPolicy port that is not given by name.</summary>
internal static class PortNumbers
{
    public static PortRange Of(NetworkPolicyPort port) => port.Port is { } first
        ? new PortRange(port.Protocol.ToFlowProtocol(), first, port.EndPort ?? first)
        : new PortRange(port.Protocol.ToFlowProtocol(), 0, ushort.MaxValue);
}
