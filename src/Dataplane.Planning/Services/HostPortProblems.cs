using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Planning.Services;

/// <summary>
/// Why a pod cannot have a port of the node. A scheduler would leave the pod waiting ("didn't have free ports for the
/// requested pod ports"); here there is no other node to wait for.
/// </summary>
internal static class HostPortProblems
{
    private const string Help = "choose another hostPort, or leave it out and reach the pod by a Service";

    /// <summary>One for each port of the pod that another pod, or a Service, has.</summary>
    public static IEnumerable<Diagnostic> Of(PodObject pod, ServiceClaims claims)
    {
        for (var i = 0; i < pod.HostPorts.Count; i++)
        {
            var port = pod.HostPorts[i];
            if (!pod.HostNetwork && pod.HostPorts.Take(i).FirstOrDefault(port.Meets) is { } first)
            {
                yield return new Diagnostic(AddressCodes.NodePortTaken, Severity.Error,
                    $"pod {pod.FullName} asks for port {port.Number} of the node twice", port.Position, Help: Help)
                {
                    Related = new RelatedPlace(first.Position, 1, "first here"),
                };
            }
            foreach (var other in claims.PodsAt(port.Number).Where(other => AreNeighbours(pod, other)))
            {
                if (other.HostPorts.FirstOrDefault(port.Meets) is null) continue;
                yield return Taken($"pod {pod.FullName}", port.Position, port.Number, other, Help);
                break;
            }
            if (claims.HolderOf(port.Number) is { } service) yield return Taken(pod, port.Number, service);
        }
    }

    /// <summary>A pod has the port.</summary>
    /// <param name="asking">Who cannot have it.</param>
    public static Diagnostic Taken(string asking, SourcePosition at, ushort number, PodObject holder, string help)
    {
        var place = holder.HostPorts.First(p => p.Number == number).Position;
        return new Diagnostic(AddressCodes.NodePortTaken, Severity.Error,
            $"{asking} cannot have port {number} of the node: pod {holder.FullName} has it, at {place}", at, Help: help)
        {
            Related = new RelatedPlace(place, 1, "has it"),
        };
    }

    /// <summary>A Service has the port.</summary>
    public static Diagnostic Taken(PodObject pod, ushort number, ServiceObject holder) => new(
        AddressCodes.NodePortTaken, Severity.Error, $"pod {pod.FullName} cannot have port {number} of the node: "
            + $"Service {holder.FullName} has it, at {PlaceOf(holder, number)}",
        pod.HostPorts.First(p => p.Number == number).Position, Help: Help)
    {
        Related = new RelatedPlace(PlaceOf(holder, number), 1, "has it"),
    };

    /// <summary>Where a Service asks for a port of the node; the Service, where it was assigned.</summary>
    public static SourcePosition PlaceOf(ServiceObject holder, ushort number) =>
        holder.Ports.FirstOrDefault(p => p.NodePort == number)?.NodePortPlace ?? holder.Position;

    /// <summary>
    /// Whether both are to be on this node. Pods of one workload stand for copies on several nodes, and the first of
    /// them has the port here. Two pods in the node's own network are left to the programs in them.
    /// </summary>
    private static bool AreNeighbours(PodObject pod, PodObject other) => !(pod.HostNetwork && other.HostNetwork)
        && (pod.NodeName is null || other.NodeName is null || pod.NodeName == other.NodeName)
        && !(pod.Workload is { } workload && other.Workload == workload && pod.Namespace == other.Namespace);
}
