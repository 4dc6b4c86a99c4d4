using System.Net;
using Dataplane.Kubernetes.Objects;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Naming;

/// <summary>
/// Services where an endpoint is asked for. A Service is no endpoint: policies judge the packet behind it, with the
/// address and port of a pod.
/// </summary>
internal static class ServiceNames
{
    private const int MaxPods = 3;

    /// <summary>What an address is, and the pods to ask for instead; null where it is no ClusterIP.</summary>
    public static string? At(Cluster cluster, IPAddress address) =>
        cluster.Services.Select(s => s.Object).FirstOrDefault(s => s.Addresses.Contains(address)) is { } service
            ? $"{address} is the ClusterIP of Service {service.FullName}{Behind(cluster, service)}" : null;

    /// <summary>
    /// The same for <c>namespace/name</c>, <c>name</c> (of one namespace), <c>service:namespace/name</c>,
    /// <c>svc/name</c>, <c>name.namespace</c> and <c>name.namespace.svc</c> with what may follow.
    /// </summary>
    /// <param name="ns">The namespace of a name without one.</param>
    public static string? Named(Cluster cluster, string text, string ns)
    {
        var name = FullName(text, ns);
        return cluster.Services.Select(s => s.Object).FirstOrDefault(s => s.FullName == name) is { } service
            ? $"{text} is a Service{Behind(cluster, service)}" : null;
    }

    internal static string FullName(string text, string ns)
    {
        foreach (var prefix in (string[])["service:", "svc:", "service/", "svc/", "services/"])
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                text = text[prefix.Length..];
                break;
            }
        }
        if (text.Contains('/'))
        {
            return text;
        }
        var parts = text.Split('.');
        return parts.Length == 2 || (parts.Length > 2 && parts[2] == "svc") ? $"{parts[1]}/{parts[0]}" : $"{ns}/{text}";
    }

    private static string Behind(Cluster cluster, ServiceObject service)
    {
        var pods = cluster.Pods.Where(p => service.Selects(p.Pod)).Select(p => p.Name).ToList();
        var ports = string.Join(", ", service.Ports.Select(p => $"{p.Port} to {p.Target}"));
        var mapping = ports.Length == 0 ? "" : $" (port {ports})";
        if (pods.Count == 0)
        {
            return $"{mapping}, and no loaded pod is behind it; write namespace/pod, or the address of an endpoint";
        }
        var more = pods.Count > MaxPods ? $" and {pods.Count - MaxPods} more" : "";
        var names = string.Join(", ", pods.Take(MaxPods)) + more;
        var target = service.Ports is [var only] ? $", with port {only.Target}" : "";
        return $"{mapping}; ask for service:{service.FullName}, or for the pods behind it, which policies judge: "
            + $"{names}{target}";
    }
}
