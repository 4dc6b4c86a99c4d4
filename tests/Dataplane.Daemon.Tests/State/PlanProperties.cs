using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Loading;
using Dataplane.Planning;
using Dataplane.Planning.Services;
using Dataplane.Policy.Model;

namespace Dataplane.Daemon.Tests.State;

/// <summary>A plan that follows changes is the plan that a look at everything makes.</summary>
public sealed class PlanProperties
{
    // Seven addresses: the network is full now and then.
    private static readonly NodeOptions Small = new()
    {
        PodNetworkIPv4 = System.Net.IPNetwork.Parse("10.1.0.0/28"),
        PodNetworkIPv6 = System.Net.IPNetwork.Parse("fd01::/64"),
        // Nine addresses, six ports and two addresses of load balancers, for as many Services.
        Services = new ServiceRanges
        {
            NetworkIPv4 = System.Net.IPNetwork.Parse("10.2.0.0/28"),
            NodePorts = (30000, 30009),
            PoolIPv4 = System.Net.IPNetwork.Parse("192.0.2.0/31"),
        },
    };

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7),
        InlineData(8)]
    public void Whatever_changes_the_plan_is_that_of_everything(int seed) => Try(seed, attaches: false);

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public void With_containers_too(int seed) => Try(seed, attaches: true);

    private static void Try(int seed, bool attaches)
    {
        var random = new System.Random(seed);
        var plan = Plan.Of(DesiredState.Empty, Small);
        int accepted = 0, refused = 0;
        for (var i = 0; i < 400; i++)
        {
            if (Change(random, plan.State, attaches) is not { } change) continue;
            var next = Outcome(() => plan.After(change, Small), out var refusal);
            var state = new DesiredState(plan.State.Generation + 1, change.Objects, plan.State.Leases)
            {
                Attachments = change.Attachments ?? plan.State.Attachments, Gone = change.Gone ?? plan.State.Gone,
            };
            var whole = Outcome(() => change.Differs ? Plan.Of(state, Small) : plan, out var said);
            Assert.Equal(said?.Message, refusal?.Message);
            Assert.Equal(said?.Diagnostics, refusal?.Diagnostics);
            Assert.Equal(whole is null, next is null);
            if (next is null || whole is null)
            {
                refused++;
                continue;
            }
            accepted++;
            Assert.Equal(Text(whole), Text(next));
            // Some changes of Services cost a look at everything.
            if (!attaches || change.Attachments is not null || change.Gone is not null)
                WhatStaysIsTheSame(plan, change, next);
            plan = next;
        }
        Assert.True(accepted > 100 && refused > 10, $"{accepted} accepted, {refused} refused");
    }

    /// <summary>Only of those that the change names something is new; lists without such are the same lists.</summary>
    private static void WhatStaysIsTheSame(Plan before, StateChange change, Plan after)
    {
        // Nodes are rare, and workloads of one name: they cost a look at everything.
        if (change.Touched.Any(k => k.Kind == "Node") || before.Cluster.Node != after.Cluster.Node) return;
        if (HasWorkloadsOfOneName(before) || HasWorkloadsOfOneName(after)) return;
        var delta = ClusterDelta.Between(before.Cluster, after.Cluster);
        var touched = change.Touched.Select(k => k.Name).ToHashSet();
        Assert.All(delta.NetworkPolicies.Added, p => Assert.Contains(p.FullName, touched));
        Assert.All(delta.TierPolicies.Added, p => Assert.Contains(p.FullName, touched));
        // Pods of a template come back when the last one that its workload owns goes.
        Assert.All(delta.Pods.Added, p => Assert.True(touched.Contains(p.Name) || IsOf("ReplicaSet", p)
            || IsOf("Deployment", p) || touched.Contains(p.Name[..p.Name.LastIndexOf('-')]), p.Name));
        var namespaces = change.Touched.Select(k => k.Kind == "Namespace" ? k.Name : k.Name.Split('/')[0]).ToHashSet();
        Assert.All(delta.Namespaces.Added, n => Assert.Contains(n.Name, namespaces));
        if (!change.Touched.Any(k => k.Kind is "Pod" or "Deployment" or "StatefulSet" or "ReplicaSet"))
            Assert.Same(before.Cluster.Pods, after.Cluster.Pods);
        if (!change.Touched.Any(k => k.Kind == "NetworkPolicy"))
            Assert.Same(before.Cluster.NetworkPolicies, after.Cluster.NetworkPolicies);
        var services = ListDelta.Between(before.Cluster.Services, after.Cluster.Services);
        Assert.All(services.Added, s => Assert.Contains(s.Name, touched));
        if (!change.Touched.Any(k => k.Kind == "Service"))
            Assert.Same(before.Cluster.Services, after.Cluster.Services);
        if (!change.Touched.Any(k => k.Kind is "Endpoints" or "EndpointSlice"))
            Assert.Same(before.Cluster.Endpoints, after.Cluster.Endpoints);
        if (delta.Namespaces.IsEmpty) Assert.Same(before.Cluster.Namespaces, after.Cluster.Namespaces);

        bool IsOf(string kind, PodEndpoint pod) =>
            after.State.Objects.ContainsKey(new ObjectKey(kind, pod.Name[..Math.Max(0, pod.Name.LastIndexOf('-'))]));
    }

    private static bool HasWorkloadsOfOneName(Plan plan) => plan.State.Objects.Keys
        .Where(k => k.Kind is "Deployment" or "StatefulSet" or "ReplicaSet").CountBy(k => k.Name)
        .Any(n => n.Value > 1);

    private static Plan? Outcome(Func<Plan> plan, out RefusalException? refusal)
    {
        refusal = null;
        try
        {
            return plan();
        }
        catch (RefusalException refused)
        {
            refusal = refused;
            return null;
        }
    }

    /// <summary>
    /// All of a plan, in its order. The first mention of a namespace without a manifest does not matter.
    /// </summary>
    private static string Text(Plan plan) => string.Join('\n',
    [
        plan.State.Text(),
        $"node {plan.Cluster.Node.IPv4} {plan.Cluster.Node.IPv6} {Labels(plan.Cluster.NodeLabels)}",
        .. plan.Cluster.Namespaces.Select(n => $"{n.Key} {n.Value.Name} {Labels(n.Value.Labels)}"),
        .. plan.Cluster.Pods.Select(p =>
            $"{p.Name} {p.IPv4} {p.IPv6} {p.IsHostNetwork} {p.Pod.NetnsName} {p.Pod.Position} {Labels(p.Pod.Labels)}"),
        .. plan.Cluster.NetworkPolicies.Select(p => $"{p.FullName} {p.Position}"),
        .. plan.Cluster.Services.Select(s => $"{s.Name} {s.Object.Position} {string.Join(',', s.Families)} "
            + $"{s.Addresses} {string.Join(',', s.NodePorts)} "
            + $"{string.Join(',', s.LoadBalancerAddresses)} {s.HealthCheckPort}"),
        .. plan.Cluster.Endpoints.Select(e => $"{e.Kind} {e.FullName} {e.Position}"),
        .. plan.Cluster.TierPolicies.Select(p => $"{p.Tier} {p.Priority} {p.Kind} {p.Name} {p.Position}"),
    ]);

    private static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(',', labels.Select(l => $"{l.Key}={l.Value}"));

    /// <summary>Null: it cannot even be asked for.</summary>
    private static StateChange? Change(System.Random random, DesiredState state, bool attaches)
    {
        var documents = Enumerable.Range(0, random.Next(1, 4)).Select(_ => Document(random)).ToArray();
        var loaded = ManifestLoader.LoadText($"f{random.Next(5)}.yaml", string.Join("---\n", documents));
        if (loaded.HasErrors) return null;
        try
        {
            return random.Next(attaches ? 15 : 12) switch
            {
                12 => AttachmentChange.Attach(state, Given.Container($"n{random.Next(3)}", $"{"abc"[random.Next(3)]}",
                    $"c{random.Next(4)}", random.Next(3) == 0 ? $"10.1.0.{random.Next(1, 12)}" : null),
                    isPodsOnly: random.Next(2) == 0),
                13 => AttachmentChange.Detach(state, a => a.Name.Container == $"c{state.Generation % 4}"),
                14 => AttachmentChange.Lose(state, [$"n{random.Next(3)}/{"abc"[random.Next(3)]}"]),
                0 => StateChange.Apply(state, loaded.Documents, prune: true),
                1 or 2 =>
                    StateChange.Watch(state, $"/m/{random.Next(3)}.yaml", random.Next(3) == 0 ? [] : loaded.Documents),
                3 or 4 or 5 when state.Objects.Count > 0 => StateChange.Delete(state,
                    [state.Objects.Keys.ElementAt(random.Next(state.Objects.Count))], ignoreNotFound: true),
                _ => StateChange.Apply(state, loaded.Documents, prune: false),
            };
        }
        catch (RefusalException)
        {
            return null;
        }
    }

    private static string Document(System.Random random)
    {
        var (ns, name, app) = ($"n{random.Next(3)}", "abc"[random.Next(3)], random.Next(3));
        return random.Next(26) switch
        {
            20 or 21 or 22 or 23 => Service(random, ns, name),
            24 => $"apiVersion: v1\nkind: Endpoints\nmetadata: {{name: {name}, namespace: {ns}}}\n",
            25 => Yaml.Pod($"{name}", ns, $"a{app}") + $"status: {{podIP: 10.2.0.{random.Next(2, 10)}}}\n",
            0 => $"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {ns}, labels: {{team: t{app}}}}}\n",
            1 or 2 => Yaml.DenyAll($"{name}", ns),
            3 => "apiVersion: policy.networking.k8s.io/v1alpha2\nkind: ClusterNetworkPolicy\n"
                + $"metadata: {{name: {name}}}\nspec: {{tier: {(app == 0 ? "Baseline" : "Admin")}, priority: "
                + $"{random.Next(3)}, subject: {{namespaces: {{}}}}}}\n",
            4 when random.Next(4) == 0 => $"apiVersion: v1\nkind: Node\nmetadata: {{name: {name}}}\n"
                + $"status: {{addresses: [{{type: InternalIP, address: 10.1.0.{random.Next(1, 5)}}}]}}\n",
            5 or 6 => Workload("Deployment", ns, name, random.Next(3)),
            7 => Workload("StatefulSet", ns, name, random.Next(3)),
            // Such as the pods of a Deployment are called.
            8 => Yaml.Pod($"{name}-0", ns, $"a{app}"),
            9 or 10 => Yaml.Pod($"{name}", ns, $"a{app}") + $"status: {{podIP: 10.1.0.{random.Next(1, 12)}}}\n",
            11 => Yaml.Pod($"{name}", ns).Replace("spec: {", "spec: {hostNetwork: true, ", StringComparison.Ordinal),
            12 => Yaml.Pod($"{name}", ns).Replace("metadata: {",
                $"metadata: {{annotations: {{dataplane/netns: ns{random.Next(2)}}}, ", StringComparison.Ordinal),
            13 => Yaml.Pod($"{name}", ns, $"a{app}", $"{{phase: Failed, podIP: 10.1.0.{random.Next(1, 12)}}}"),
            14 or 15 => Owned("ReplicaSet", Yaml.Pod($"{name}", ns, $"a{app}", app == 0 ? "{phase: Failed}" : null),
                random),
            16 or 17 => Owned("Deployment", Workload("ReplicaSet", ns, name, app), random),
            _ => Yaml.Pod($"{name}", ns, $"a{app}"),
        };
    }

    private static string Service(System.Random random, string ns, char name)
    {
        var type = random.Next(5) switch
        {
            0 => "NodePort",
            1 or 2 => "LoadBalancer",
            _ => "ClusterIP",
        };
        var spec = new List<string> { $"type: {type}" };
        if (type == "ClusterIP" && random.Next(6) == 0) spec.Add("clusterIP: None");
        else if (random.Next(3) == 0) spec.Add($"clusterIP: 10.2.0.{random.Next(1, 15)}");
        else if (random.Next(3) == 0) spec.Add("ipFamilyPolicy: PreferDualStack");
        if (type == "LoadBalancer" && random.Next(3) == 0) spec.Add("externalTrafficPolicy: Local");
        if (type == "LoadBalancer" && random.Next(3) == 0) spec.Add("allocateLoadBalancerNodePorts: false");
        if (type == "LoadBalancer" && random.Next(3) == 0) spec.Add($"loadBalancerIP: 192.0.2.{random.Next(3)}");
        var asks = type != "ClusterIP" && random.Next(3) == 0 ? $", nodePort: {30000 + random.Next(11)}" : "";
        var more = random.Next(3) == 0 ? ", {name: b, port: 80, protocol: UDP}" : "";
        spec.Add($"ports: [{{name: a, port: 80{asks}}}{more}]");
        return $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {ns}}}\n"
            + $"spec: {{{string.Join(", ", spec)}}}\n";
    }

    private static string Owned(string owner, string text, System.Random random) => text.Replace("metadata: {",
        $"metadata: {{ownerReferences: [{{kind: {owner}, name: {"abc"[random.Next(3)]}, controller: true}}], ",
        StringComparison.Ordinal);

    private static string Workload(string kind, string ns, char name, int replicas) =>
        $"apiVersion: apps/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {ns}}}\n"
            + $"spec: {{replicas: {replicas}, selector: {{matchLabels: {{app: w}}}}, "
        + "template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c}]}}}\n";
}
