using Dataplane.Api;
using Dataplane.Integration.Chaos;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Promises;

/// <summary>A client that may talk to a server on ports 7 and 9, and an intruder that may not.</summary>
internal static class Steady
{
    public const string Client = "steady/client", Server = "steady/server", Intruder = "steady/intruder";

    public const string Policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: server, namespace: steady}
        spec:
          podSelector: {matchLabels: {app: server}}
          ingress: [{from: [{podSelector: {matchLabels: {app: client}}}], ports: [{port: 7}, {protocol: UDP, port: 7}, {protocol: UDP, port: 9}]}]

        """;

    public static string Pods { get; } = Pod("client") + Pod("server") + Pod("intruder");

    public static string All { get; } = Pods + "---\n" + Policy;

    public static string Pod(string name, string annotations = "") => $$$"""
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: {{{name}}}, namespace: steady, labels: {app: {{{name}}}}, annotations: { {{{annotations}}} }}
        spec: {containers: [{name: c, image: none, ports: [{containerPort: 7}]}]}

        """;

    public static PodEntry Of(DaemonProcess daemon, string pod) =>
        daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Single(p => p.Name == pod);

    public static Netns NetnsOf(DaemonProcess daemon, string pod) => Netns.Open(Of(daemon, pod).Netns!);

    /// <summary>Asks again and again, until it is so.</summary>
    public static void Until(Func<bool> isSo, string what) => Until(isSo, () => what);

    /// <param name="what">Asked when it is not so.</param>
    public static void Until(Func<bool> isSo, Func<string> what)
    {
        if (!SpinWait.SpinUntil(isSo, PodSocket.Patience * 2)) Assert.Fail($"still not so: {what()}");
    }
}
