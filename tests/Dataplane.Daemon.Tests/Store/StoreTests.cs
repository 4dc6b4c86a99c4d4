using Dataplane.Control.Reconcile;
using Dataplane.Control.State;
using Dataplane.Control.Store;
using Dataplane.Daemon.Tests.State;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Daemon.Tests.Store;

public sealed class StoreTests : IDisposable
{
    private readonly TempDirectory _directory = TempDirectory.InMemory();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_written_is_there_again()
    {
        var plan = Written(Given.Start,
            p => p.Apply("a.yaml", "# the first\n" + Yaml.Pod("a", "x"), Yaml.Pod("b", "x"),
                Yaml.DenyAll("closed", "x")),
            p => p.Watch("/m/w.yaml", Yaml.Pod("w", "y")),
            p => p.Delete("Pod", "x/a"),
            p => p.Apply("b.yaml", Yaml.Pod("c", "x")),
            p => p.Watch("/m/w.yaml"));
        Assert.Equal(5, plan.State.Generation);
        Assert.Equal(plan.State.Text(), Loaded().Text());
    }

    [Fact]
    public void Containers_that_were_attached_are_there_again()
    {
        var plan = Written(Given.Start,
            p => p.Apply("a.yaml", Yaml.Pod("a", "x")),
            p => p.Attach(Given.Container("x", "a", "c1")),
            p => p.Attach(Given.Container("x", "b", "c2", "10.9.9.9")),
            p => p.Attach(Given.Container("x", "c", "c3")),
            p => p.Detach("c3"),
            p => p.Attach(Given.Container("x", "b", "c4"), isPodsOnly: true),
            p => p.Delete("Pod", "x/a"));
        Assert.Equal(["c1", "c4"], plan.State.Attachments.Values.Select(a => a.Name.Container));
        Assert.Equal(plan.State.Text(), Loaded().Text());
        // The pod that a manifest declared is the one that the configuration describes, once that is gone.
        Assert.Equal("c1", plan.Cluster.Pods.Single(p => p.Name == "x/a").Pod.Labels["app"]);
    }

    [Fact]
    public void Objects_without_a_namespace_stay_in_the_one_that_they_were_applied_in()
    {
        var list = "apiVersion: v1\nkind: List\nitems:\n" + string.Concat(new[] { "a", "b" }.Select(n =>
            $"- apiVersion: v1\n  kind: Pod\n  metadata: {{name: {n}}}\n  spec: {{containers: [{{name: c}}]}}\n"));
        var bare = Yaml.DenyAll("closed", "x").Replace("namespace: x", "namespace: ''", StringComparison.Ordinal);
        var plan = Written(Given.Start,
            p => p.ApplyIn("y", "list.yaml", list),
            p => p.ApplyIn("in", "deny.yaml", bare),
            p => p.Delete("Pod", "y/a"),
            p => p.ApplyIn("z", "list.yaml", list),
            p => p.Delete("Pod", "z/b"));
        Assert.Equal(
            ["NetworkPolicy in/closed", "Pod y/b", "Pod z/a"], plan.State.Objects.Keys.Select(k => k.ToString()));
        Assert.Equal(plan.State.Text(), Loaded().Text());
    }

    [Fact]
    public void The_same_document_of_another_namespace_is_another()
    {
        var bare = Yaml.Pod("b", "x").Replace("namespace: x", "namespace: ''", StringComparison.Ordinal);
        var pods = Yaml.Pod("a", "x") + "---\n" + bare;
        var plan = Given.Start.ApplyIn("x", "a.yaml", pods).Apply("a.yaml", pods);
        Assert.Equal(["Pod default/b", "Pod x/a", "Pod x/b"], plan.State.Objects.Keys.Select(k => k.ToString()));
    }

    [Fact]
    public void Services_have_after_a_restart_what_they_had()
    {
        static string Service(string name) =>
            $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: x}}\n"
            + "spec: {type: LoadBalancer, externalTrafficPolicy: Local, ports: [{name: a, port: 80}, "
            + "{name: b, port: 81}]}\n";
        // Another order than that of the names.
        var plan = Written(Given.Start, p => p.Apply("b.yaml", Service("b")), p => p.Apply("a.yaml", Service("a")),
            p => p.Apply("b.yaml", "# edited\n" + Service("b")), p => p.Apply("c.yaml", Service("c")),
            p => p.Delete("Service", "x/c"));
        Assert.Equal("10.96.1.2", $"{plan.Cluster.Services[0].Addresses.IPv4}");
        Assert.Equal(plan.State.Text(), Loaded().Text());
        Open().WriteSnapshot(plan.State);
        Assert.Equal(plan.State.Text(), Loaded().Text());
    }

    [Fact]
    public void A_file_without_services_says_nothing_of_them_as_before_there_were_any()
    {
        var plan = Given.Start.Apply("a.yaml", Yaml.Pod("a", "x"));
        var text = StateText.Write(StateFile.Snapshot(plan.State));
        Assert.DoesNotContain("service", System.Text.Encoding.UTF8.GetString(text.Span), StringComparison.Ordinal);
        Assert.Equal(Planning.Services.ServiceLeases.None, StateText.Read(text.Span).Leases.Services);
    }

    [Fact]
    public void A_list_that_lost_an_item_is_a_list_without_it()
    {
        var list = "apiVersion: v1\nkind: List\nitems:\n" + string.Concat(new[] { "a", "b" }.Select(n =>
            $"- apiVersion: v1\n  kind: Pod\n  metadata: {{name: {n}, namespace: x}}\n"
                + $"  spec: {{containers: [{{name: c}}]}}\n"));
        var plan = Written(Given.Start, p => p.Apply("list.yaml", list), p => p.Delete("Pod", "x/a"),
            p => p.Apply("b.yaml", Yaml.Pod("b", "x")), p => p.Apply("list2.yaml", list));
        Assert.Equal(plan.State.Text(), Loaded().Text());
    }

    [Fact]
    public void After_many_changes_there_is_a_snapshot_that_says_the_same()
    {
        var plan = Given.Start;
        for (var i = 0; i < 70; i++) plan = Written(plan, p => p.Apply("p.yaml", Yaml.Pod($"p{i}", "x")));
        Assert.True(File.Exists(Path.Combine(StateDirectory, "snapshot.yaml")));
        Assert.True(Directory.GetFiles(StateDirectory).Length < 20);
        Assert.Equal(plan.State.Text(), Loaded().Text());
    }

    [Fact]
    public void A_change_from_before_the_snapshot_is_not_applied_again()
    {
        var plan = Written(Given.Start, p => p.Apply("p.yaml", Yaml.DenyAll("closed", "x")),
            p => p.Delete("NetworkPolicy", "x/closed"));
        var leftover = Directory.GetFiles(StateDirectory).ToDictionary(f => f, File.ReadAllBytes);
        for (var i = 0; i < 70; i++) plan = Written(plan, p => p.Apply("p.yaml", Yaml.Pod($"p{i}", "x")));
        foreach (var (path, bytes) in leftover) File.WriteAllBytes(path, bytes);
        Assert.Equal(plan.State.Text(), Loaded().Text());
    }

    [Fact]
    public void The_files_are_manifests_that_load()
    {
        var plan = Written(Given.Start, p => p.Apply("a.yaml", Yaml.Pod("a", "x"), Yaml.DenyAll("closed", "x")));
        var file = Directory.GetFiles(StateDirectory).Single();
        var loaded = ManifestLoader.Load([file]);
        Assert.False(loaded.HasErrors, loaded.Report());
        Assert.Equal(plan.State.Objects.Keys, loaded.Documents.SelectMany(d => d.Objects).Select(ObjectKey.Of).Order());
    }

    [Fact]
    public void Only_the_owner_may_look()
    {
        Written(Given.Start, p => p.Apply("a.yaml", Yaml.Pod("a", "x")));
        const UnixFileMode notOwner = ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(StateDirectory) & notOwner);
        Assert.All(Directory.GetFiles(StateDirectory),
            f => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(f) & notOwner));
    }

    [Fact]
    public void A_hole_in_the_chain_loses_everything_until_the_complete_state_is_given()
    {
        Written(Given.Start, p => p.Apply("a.yaml", Yaml.Pod("a", "x")),
            p => p.Apply("b.yaml", Yaml.DenyAll("closed", "x")), p => p.Apply("c.yaml", Yaml.Pod("c", "x")));
        File.Delete(Directory.GetFiles(StateDirectory).Order().ElementAt(1));

        var lost = Loaded();
        Assert.NotNull(lost.Lost);
        Assert.Empty(lost.Objects);
        // The same once more, though nothing is damaged any more.
        var again = Open();
        Assert.NotNull(again.Loaded.Lost);
        Assert.NotEmpty(again.Errors);

        var plan = Plan.Of(again.Loaded, Planning.NodeOptions.Default);
        var whole = plan.Prune("all.yaml", Yaml.Pod("a", "x"), Yaml.DenyAll("closed", "x"));
        again.Write(plan.State, whole.State, Given.Difference(plan.State, whole.State));
        Assert.Null(whole.State.Lost);
        Assert.Empty(again.Errors);
        Assert.True(whole.State.Generation > 3);
        Assert.Equal(whole.State.Text(), Loaded().Text());
    }

    [Fact]
    public void A_write_that_fails_is_as_if_it_had_not_been()
    {
        var plan = Written(Given.Start, p => p.Apply("a.yaml", Yaml.Pod("a", "x")));
        // A directory in the place of the temporary file: no mode stops root.
        Directory.CreateDirectory(Path.Combine(StateDirectory, "change-0000000002.yaml.tmp"));
        var next = plan.Apply("b.yaml", Yaml.Pod("b", "x"));
        var store = Open();
        Assert.ThrowsAny<Exception>(
            () => store.Write(plan.State, next.State, Given.Difference(plan.State, next.State)));
        Assert.Equal(plan.State.Text(), Loaded().Text());
    }

    internal static string StateDirectoryOf(TempDirectory directory) => directory["state"];

    private string StateDirectory => StateDirectoryOf(_directory);

    private StateStore Open() => StateStore.Open(_directory.Path, TimeProvider.System);

    /// <summary>Leases of pods that are no more end when the pods are counted.</summary>
    private DesiredState Loaded() =>
        Open().Loaded is { Lost: null } loaded ? Plan.Of(loaded, Planning.NodeOptions.Default).State : Open().Loaded;

    private Plan Written(Plan plan, params Func<Plan, Plan>[] changes)
    {
        var store = Open();
        foreach (var change in changes)
        {
            var next = change(plan);
            store.Write(plan.State, next.State, Given.Difference(plan.State, next.State));
            plan = next;
            if (store.WantsSnapshot(plan.State)) store.WriteSnapshot(plan.State);
        }
        return plan;
    }
}
