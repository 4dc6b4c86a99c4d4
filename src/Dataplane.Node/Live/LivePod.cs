using Dataplane.Linux.Frames;
using Dataplane.Linux.Namespaces;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <summary>A pod as it is attached.</summary>
/// <param name="NetnsName">
/// Below /run/netns; null: a simulated pod has none, or it has <paramref name="NetnsPath"/>.
/// </param>
/// <param name="NetnsPath">Of somebody else's namespace that was given by its path; else null.</param>
/// <param name="Port">Its bridge port in the node's namespace.</param>
/// <param name="PortIndex">Interface index of the port; on a simulated node, the index that it would have.</param>
/// <param name="Mac">MAC address of the pod's eth0.</param>
public sealed record LivePod(
    PodEndpoint Pod, string? NetnsName, string? NetnsPath, string Port, InterfaceIndex PortIndex, MacAddress Mac);
