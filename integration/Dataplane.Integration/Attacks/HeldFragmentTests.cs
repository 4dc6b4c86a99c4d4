using System.Net.Sockets;
using Dataplane.Api;
using Dataplane.Integration.HostNode;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration.Attacks;

/// <summary>
/// A datagram of which the node holds the first fragment while policies or pods change: it is judged, whole, by what is
/// true when it is whole. And so is the rest of its connection.
/// </summary>
public sealed class HeldFragmentTests
{
    /// <summary>What changes while the fragment is held, and the reason for which the datagram is dropped.</summary>
    /// <param name="Heir">Who sends the second fragment; null: who has sent the first.</param>
    private sealed record Case(string Name, string Change, string Reason, string From = "x/att", string To = "x/open",
        string? Heir = null)
    {
        /// <summary>Objects that the change replaces.</summary>
        public ObjectReference[] Gone { get; init; } = [];
    }

    private static readonly Case[] Cases =
    [
        new("a pod is isolated", Policy("egress", "{matchLabels: {app: att}}"), "egress"),
        new("a namespace is isolated", Policy("egress", "{}"), "egress"),
        new("the destination is isolated", Policy("ingress", "{matchLabels: {app: open}}"), "ingress"),
        new("a pod is relabelled", Yaml.Pod("att", app: "jailed"), "egress"),
        new("the destination is relabelled", Yaml.Pod("open", app: "jailed"), "ingress"),
        new("an admin denies the pod", """
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: deny}
            spec:
              priority: 1
              subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: att}}}}
              egress: [{name: nobody, action: Deny, to: [{namespaces: {}}]}]

            """, "egress-tier"),
        new("an admin denies the node", """
            apiVersion: policy.networking.k8s.io/v1alpha1
            kind: AdminNetworkPolicy
            metadata: {name: deny}
            spec:
              priority: 1
              subject: {pods: {namespaceSelector: {}, podSelector: {matchLabels: {app: att}}}}
              egress: [{name: node, action: Deny, to: [{nodes: {}}]}]

            """, "egress-tier", To: HeldFragmentLab.Node),
        new("another pod has the address", HeldFragmentLab.Moved("heir", "jailed"), "egress", From: "x/moved",
            Heir: "x/heir") { Gone = [new("Pod", "x/moved")] },
    ];

    private static readonly Case[] HostCases =
    [
        new("towards outside, a pod is isolated", Policy("egress", "{matchLabels: {app: att}}"), "egress",
            To: HeldFragmentLab.Router),
        new("from outside, the destination is isolated", Policy("ingress", "{matchLabels: {app: open}}"), "ingress",
            From: HeldFragmentLab.Router),
    ];

    [Theory]
    [InlineData(AddressFamily.InterNetwork, ProtocolType.Udp)]
    [InlineData(AddressFamily.InterNetworkV6, ProtocolType.Udp)]
    [InlineData(AddressFamily.InterNetwork, ProtocolType.Tcp)]
    [InlineData(AddressFamily.InterNetworkV6, ProtocolType.Tcp)]
    public void Of_a_private_node(AddressFamily family, ProtocolType protocol)
    {
        using var lab = new HeldFragmentLab(null, family, protocol);
        foreach (var @case in Cases) Hold(lab, @case);
        ThreadHome.AssertAllHome();
    }

    /// <summary>
    /// Where bridges ask the IP layer, the bridge collects fragments, and remembers the port of the first one. The
    /// kernel drops what it has collected for a port that is gone: what a new owner completes is never judged.
    /// </summary>
    [Theory]
    [InlineData(AddressFamily.InterNetwork, ProtocolType.Udp, false)]
    [InlineData(AddressFamily.InterNetworkV6, ProtocolType.Udp, false)]
    [InlineData(AddressFamily.InterNetwork, ProtocolType.Udp, true)]
    [InlineData(AddressFamily.InterNetworkV6, ProtocolType.Udp, true)]
    [InlineData(AddressFamily.InterNetwork, ProtocolType.Tcp, true)]
    [InlineData(AddressFamily.InterNetworkV6, ProtocolType.Tcp, true)]
    public void Of_a_host_node(AddressFamily family, ProtocolType protocol, bool bridgesAskIp)
    {
        using var host = new FakeHost(bridgesAskIp);
        using var lab = new HeldFragmentLab(host, family, protocol);
        foreach (var @case in Cases.Concat(HostCases))
            Hold(lab, @case, isJudged: @case.Heir is null || !bridgesAskIp);
        ThreadHome.AssertAllHome();
    }

    private static void Hold(HeldFragmentLab lab, Case @case, bool isJudged = true)
    {
        lab.Listen(@case.To);
        lab.Control("before", @case.Name, @case.From, @case.To, []);
        var segment = lab.Segment(@case.From, @case.To);
        lab.SendFirst(segment, @case.From);
        if (@case.Gone.Length > 0) lab.Daemon.Delete(@case.Gone);
        lab.Daemon.Apply("change.yaml", @case.Change);
        if (isJudged)
            lab.AwaitDrop(@case.Reason, @case.Name, Complete);
        else
            Complete();
        // Nor has it opened the way for what comes behind it.
        lab.AwaitDrop(@case.Reason, @case.Name, () => lab.SendWhole(segment, @case.Heir ?? @case.From));
        lab.Reset();
        lab.Control("after", @case.Name, @case.From, @case.To, [segment.Tag]);

        void Complete() => lab.SendSecond(segment, @case.Heir ?? @case.From);
    }

    private static string Policy(string direction, string pods) => $$"""
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: {name: isolated, namespace: x}
        spec: {podSelector: {{pods}}, policyTypes: [{{(direction == "egress" ? "Egress" : "Ingress")}}]}

        """;
}
