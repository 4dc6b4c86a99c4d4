using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Kubernetes.Loading;
using Dataplane.Planning;

namespace Dataplane.Daemon.Tests.State;

/// <summary>
/// Whatever changes, and whatever becomes of programs: the pods are those that manifests have and those that terminate,
/// and in the end those of a daemon that runs none.
/// </summary>
public sealed class ProgramProperties
{
    // Seven addresses: the network is full now and then, and those that terminate make room.
    private static readonly NodeOptions Small = new()
    {
        PodNetworkIPv4 = System.Net.IPNetwork.Parse("10.1.0.0/28"),
        PodNetworkIPv6 = System.Net.IPNetwork.Parse("fd01::/64"),
    };

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6)]
    public void The_pods_are_what_manifests_and_programs_make_of_them(int seed)
    {
        var random = new System.Random(seed);
        var plan = Plan.Of(DesiredState.Empty with { Programs = new ProgramState { IsRunning = true } }, Small);
        var (accepted, closed) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var next = Step(random, plan);
            if (next is null) continue;
            accepted++;
            closed += next.State.Programs.Ending.Values.Count(e => !e.HasNetwork);
            plan = next;
            Check(plan);
        }
        plan = plan.After(new ProgramNews(
            plan.Cluster.Pods.ToDictionary(p => p.Name, _ => true), plan.State.Programs.Ending.Keys.ToHashSet()),
            Small);
        plan = plan.After(StateChange.Admit(plan.State), Small);
        plan = plan.After(new ProgramNews(plan.Cluster.Pods.ToDictionary(p => p.Name, _ => true),
            new HashSet<string>()), Small);
        var without = Plan.Of(plan.State with { Programs = ProgramState.None }, Small);
        Assert.Equal(Text(without), Text(plan));
        Assert.True(accepted > 200 && closed > 0, $"{accepted} accepted, {closed} closed");
    }

    private static Plan? Step(System.Random random, Plan plan)
    {
        try
        {
            switch (random.Next(6))
            {
                case 0:
                    return plan.After(new ProgramNews(plan.Cluster.Pods.Where(_ => random.Next(2) == 0)
                        .ToDictionary(p => p.Name, _ => random.Next(3) > 0),
                        plan.State.Programs.Ending.Keys.Where(_ => random.Next(3) == 0).ToHashSet()), Small);
                case 1 when plan.State.Programs.CanAdmit:
                    return plan.After(StateChange.Admit(plan.State), Small);
                case 1 or 2 when plan.State.Objects.Count > 0:
                    return plan.After(StateChange.Delete(plan.State,
                        [plan.State.Objects.Keys.ElementAt(random.Next(plan.State.Objects.Count))], true), Small);
                default:
                    var loaded = ManifestLoader.LoadText($"f{random.Next(4)}.yaml", string.Join("---\n",
                        Enumerable.Range(0, random.Next(1, 4)).Select(_ => Document(random))));
                    return loaded.HasErrors ? null : plan.After(
                        StateChange.Apply(plan.State, loaded.Documents, prune: random.Next(12) == 0), Small);
            }
        }
        catch (RefusalException)
        {
            return null;
        }
    }

    private static void Check(Plan plan)
    {
        var programs = plan.State.Programs;
        var declared = Plan.Of(plan.State with { Programs = ProgramState.None, Leases = Leases.None },
            NodeOptions.Default).Cluster.Pods.Select(p => p.Name).ToHashSet();
        var expected = declared.Except(programs.Waiting).Except(programs.Ending.Keys)
            .Concat(programs.Ending.Where(e => e.Value.HasNetwork).Select(e => e.Key))
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, plan.Cluster.Pods.Select(p => p.Name));
        Assert.All(programs.Waiting, name => Assert.Contains(name, declared));
        Assert.All(plan.Cluster.Pods, p =>
        {
            Assert.Equal(programs.Ready.Contains(p.Name), p.Pod.IsReady);
            Assert.Equal(programs.Ending.ContainsKey(p.Name), p.Pod.IsTerminating);
            Assert.NotNull(p.IPv4);
            Assert.Contains(p.Pod.Namespace, plan.Cluster.Namespaces.Keys);
        });
        Assert.Distinct(plan.Cluster.Pods.Select(p => p.IPv4));
    }

    private static string Text(Plan plan) => string.Join('\n', plan.Cluster.Pods.Select(p =>
        $"{p.Name} {p.IPv4} {p.IPv6} {p.Pod.IsReady} {p.Pod.IsTerminating} {p.Pod.Position} {p.Pod.Labels["app"]}")
        .Concat(plan.Cluster.Namespaces.Keys).Concat(plan.Cluster.NetworkPolicies.Select(p => p.FullName)));

    private static string Document(System.Random random)
    {
        var (ns, name) = ($"n{random.Next(2)}", "abc"[random.Next(3)]);
        return random.Next(8) switch
        {
            0 => Yaml.DenyAll($"{name}", ns),
            1 => $"apiVersion: v1\nkind: Namespace\nmetadata: {{name: {ns}, labels: {{team: t{random.Next(3)}}}}}\n",
            2 => Yaml.Pod($"{name}", ns, "p", $"{{podIP: 10.1.0.{random.Next(3, 9)}}}"),
            3 => "apiVersion: apps/v1\nkind: Deployment\n"
                + $"metadata: {{name: {name}, namespace: {ns}}}\nspec: {{replicas: {random.Next(4)}, selector: "
                + "{matchLabels: {app: w}}, "
                + "template: {metadata: {labels: {app: w}}, spec: {containers: [{name: c}]}}}\n",
            _ => Yaml.Pod($"{name}", ns, $"a{random.Next(3)}"),
        };
    }
}
