using System.Net;
using Dataplane.Kubernetes.Objects;

namespace Dataplane.Runtime.Commands;

/// <summary>The command line and the environment of a container, with all references resolved.</summary>
/// <param name="Arguments">The program first; empty: that of the image.</param>
/// <param name="Variables">Of a name that is given twice, the last value.</param>
public sealed record ContainerCommand(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Variables)
{
    public static ContainerCommand Of(ContainerSpec container, PodFacts pod)
    {
        var variables = new Dictionary<string, string>();
        foreach (var variable in container.Environment)
        {
            variables[variable.Name] = variable.Field is { } field
                ? Value(field, variable.Value, pod) : Expansion.Expand(variable.Value, variables);
        }
        return new ContainerCommand(
            [.. container.Command.Concat(container.Arguments).Select(w => Expansion.Expand(w, variables))], variables);
    }

    private static string Value(PodField field, string key, PodFacts pod) => field switch
    {
        PodField.Name => pod.Name,
        PodField.Namespace => pod.Namespace,
        PodField.Label => pod.Labels.TryGetValue(key, out var value) ? value : "",
        PodField.PodAddress => First(pod.Addresses),
        PodField.PodAddresses => string.Join(',', pod.Addresses),
        PodField.HostAddress => First(pod.NodeAddresses),
        PodField.HostAddresses => string.Join(',', pod.NodeAddresses),
        _ => pod.NodeName,
    };

    private static string First(IReadOnlyList<IPAddress> addresses) => addresses is [var first, ..] ? $"{first}" : "";
}
