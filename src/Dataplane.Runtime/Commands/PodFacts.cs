using System.Net;

namespace Dataplane.Runtime.Commands;

/// <summary>What the variables of a container can be taken from. Equal by content.</summary>
/// <param name="Addresses">Those of the pod, the first family first.</param>
/// <param name="NodeAddresses">Those of the node, the first family first.</param>
public sealed record PodFacts(string Namespace, string Name, IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<IPAddress> Addresses, string NodeName, IReadOnlyList<IPAddress> NodeAddresses)
{
    public bool Equals(PodFacts? other) => other is not null
        && (Namespace, Name, NodeName) == (other.Namespace, other.Name, other.NodeName)
        && Addresses.SequenceEqual(other.Addresses) && NodeAddresses.SequenceEqual(other.NodeAddresses)
        && Labels.Count == other.Labels.Count
        && Labels.All(l => other.Labels.TryGetValue(l.Key, out var value) && value == l.Value);

    public override int GetHashCode() => HashCode.Combine(Namespace, Name, NodeName, Labels.Count);
}
