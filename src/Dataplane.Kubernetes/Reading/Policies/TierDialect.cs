using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.Kubernetes.Reading.Policies;

/// <summary>
/// What the kinds of policy.networking.k8s.io spell differently: ClusterNetworkPolicy (v1alpha2) on one side,
/// AdminNetworkPolicy and BaselineAdminNetworkPolicy (v1alpha1) on the other. Limits and fields as in their CRDs.
/// </summary>
/// <param name="Actions">The words of <c>action</c>.</param>
/// <param name="MaxRules">Rules per direction.</param>
/// <param name="MaxItems">Peers, and ports, per rule.</param>
/// <param name="PortsField">The field of a rule that narrows it to ports.</param>
/// <param name="ReadPort">Reads an item of that field; null, reported, where it is not valid.</param>
internal sealed record TierDialect(
    ObjectKind Kind, IReadOnlyList<string> Actions, int MaxRules, int MaxItems, string PortsField,
        Func<NodeReader, TierPort?> ReadPort,
    FieldTable Ingress, FieldTable Egress, FieldTable Spec, FieldTable Object)
{
    private const string NoPeers = "without its peers the rule would be about nobody";
    private const string NoPorts = "a rule without ports matches EVERYTHING from and to its peers, ICMP included";

    public static readonly TierDialect Cluster = Create(ObjectKinds.ClusterNetworkPolicy, ["Accept", "Deny", "Pass"],
        25, 25, "protocols",
        TierPortReader.Protocol, TierPortReader.ReadProtocol, ["tier", "priority"]);

    public static readonly TierDialect Admin = Create(ObjectKinds.AdminNetworkPolicy, ["Allow", "Deny", "Pass"], 100,
        100, "ports",
        TierPortReader.Port, TierPortReader.ReadPort, ["priority"]);

    public static readonly TierDialect Baseline = Create(ObjectKinds.BaselineAdminNetworkPolicy, ["Allow", "Deny"], 100,
        100, "ports",
        TierPortReader.Port, TierPortReader.ReadPort, []);

    private static TierDialect Create(ObjectKind kind, string[] actions, int maxRules, int maxItems, string portsField,
        FieldTable port,
        Func<NodeReader, TierPort?> readPort, Field[] own)
    {
        var ports = new Field(portsField, FieldShape.List, port, NoPorts);
        var ingress = new FieldTable(kind.Name + "IngressRule", "name", "action",
            new Field("from", FieldShape.List, TierPeerReader.IngressPeer, NoPeers), ports);
        var egress = new FieldTable(kind.Name + "EgressRule", "name", "action",
            new Field("to", FieldShape.List, TierPeerReader.EgressPeer, NoPeers), ports);
        var spec = new FieldTable(kind.Name + "Spec",
            [.. own, new Field("subject", FieldShape.Object, TierPeerReader.Subject),
            new Field("ingress", FieldShape.List, ingress), new Field("egress", FieldShape.List, egress)]);
        var obj = new FieldTable(kind.Name, "apiVersion", "kind",
            new Field("metadata", FieldShape.Object, MetadataReader.Table),
            new Field("spec", FieldShape.Object, spec), "status");
        return new TierDialect(kind, actions, maxRules, maxItems, portsField, readPort, ingress, egress, spec, obj);
    }
}
