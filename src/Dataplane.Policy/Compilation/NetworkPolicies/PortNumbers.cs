using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Compilation.NetworkPolicies;

/// <summary>The numbers that an unnamed port of a NetworkPolicy stands for.</summary>
internal static class PortNumbers
{
    public static PortRange Of(NetworkPolicyPort port) => port.Port is { } first
        ? new PortRange(port.Protocol.ToFlowProtocol(), first, port.EndPort ?? first)
        : new PortRange(port.Protocol.ToFlowProtocol(), 0, ushort.MaxValue);
}
