using System.Net;
using Dataplane.Api;

namespace Dataplane.Integration.Chaos;

/// <summary>Three pods of namespace x: a client that may talk to the server, and an intruder that may not.</summary>
internal static class Trio
{
    public static readonly string Pods = string.Join("---\n", Yaml.Pod("client"), Yaml.Pod("server"),
        Yaml.Pod("intruder"));

    /// <summary>What <see cref="AllowedTraffic"/> needs, and no more.</summary>
    public static readonly string Policy = $$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: server, namespace: x}
        spec:
          podSelector:
            matchLabels: {app: server}
          ingress:
          - from:
            - podSelector:
                matchLabels: {app: client}
            ports:
            - port: {{AllowedTraffic.Port}}
            - protocol: UDP
              port: {{AllowedTraffic.Port}}
            - port: {{AllowedTraffic.NewPort}}

        """;

    public static PodEntry Of(DaemonProcess daemon, string name) =>
        daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Single(p => p.Name == $"x/{name}");

    /// <summary>What is denied among them.</summary>
    public static List<DeniedKind> Denied(DaemonProcess daemon)
    {
        var (client, server, intruder) = (Of(daemon, "client"), Of(daemon, "server"), Of(daemon, "intruder"));
        return
        [
            new("stranger", intruder.Netns!, Both(intruder, server), AllowedTraffic.Port),
            new("another_port", client.Netns!, Both(client, server), 9),
        ];
    }

    public static (IPAddress Four, IPAddress Six) Addresses(PodEntry pod) =>
        (IPAddress.Parse(pod.IPv4!), IPAddress.Parse(pod.IPv6!));

    /// <summary>From one to the other, in both families.</summary>
    public static (IPAddress From, IPAddress To)[] Both(PodEntry from, PodEntry to) =>
        Both(Addresses(from), Addresses(to));

    /// <inheritdoc cref="Both(PodEntry, PodEntry)"/>
    public static (IPAddress From, IPAddress To)[] Both((IPAddress Four, IPAddress Six) from,
        (IPAddress Four, IPAddress Six) to) => [(from.Four, to.Four), (from.Six, to.Six)];
}
