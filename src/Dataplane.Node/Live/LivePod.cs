using Dataplane.Linux.Frames;
using Dataplane.Policy.Model;

namespace Dataplane.Node.Live;

/// <summary>A pod as it is attached.</summary>
/// <param name="NetnsName">Below /run/netns; null: a simulated pod has none.</param>
/// <param name="Port">Its bridge port in the node's namespace.</param>
/// <param name="PortIndex">The port's interface index; where it is simulated, the one that it would have.</param>
/// <param name="Mac">Of the pod's eth0.</param>
public sealed record LivePod(PodEndpoint Pod, string? NetnsName, string Port, int PortIndex, MacAddress Mac);
