using System.Net;

namespace Dataplane.Runtime.Commands;

/// <summary>What the variables of a container can be taken from.</summary>
/// <param name="Addresses">Those of the pod, the first family first.</param>
/// <param name="NodeAddresses">Those of the node, the first family first.</param>
public sealed record PodFacts(string Namespace, string Name, IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<IPAddress> Addresses, string NodeName, IReadOnlyList<IPAddress> NodeAddresses);
