using Dataplane.Control.Reconcile;
using Dataplane.Control.Refusals;
using Dataplane.Control.State;
using Dataplane.Planning;

namespace Dataplane.Daemon.Tests.State;

public sealed class MergeTests
{
    private static readonly string A = Yaml.Pod("a", "x"), B = Yaml.Pod("b", "x"), Closed = Yaml.DenyAll("closed", "x");

    [Fact]
    public void Apply_says_what_it_does_to_each_object()
    {
        var plan = Given.Start.Apply("a.yaml", A, B);
        var change = StateChange.Apply(plan.State,
            Given.Documents("a.yaml", A, Yaml.Pod("b", "x", app: "other"), Closed), prune: false);
        Assert.Equal(["x/a Unchanged", "x/b Configured", "x/closed Created"],
            change.Changes.Select(c => $"{c.Key.Name} {c.Kind}"));
    }

    [Fact]
    public void The_same_again_changes_nothing()
    {
        var plan = Given.Start.Apply("a.yaml", A, B);
        Assert.Same(plan, plan.Apply("a.yaml", A, B));
    }

    /// <summary>Everything that is asked names lines: the new ones are the right ones.</summary>
    [Fact]
    public void An_object_that_moved_in_its_file_is_unchanged_and_its_new_place_is_kept()
    {
        var plan = Given.Start.Apply("a.yaml", A, B);
        var change = StateChange.Apply(plan.State, Given.Documents("a.yaml", Closed, A, B), prune: false);
        Assert.Equal([ChangeKind.Created, ChangeKind.Unchanged, ChangeKind.Unchanged],
            change.Changes.Select(c => c.Kind));
        Assert.Equal(6, change.Objects[new ObjectKey("Pod", "x/a")].Object.Position.Line);
    }

    [Fact]
    public void Prune_deletes_what_was_applied_and_not_what_is_watched()
    {
        var plan = Given.Start.Apply("a.yaml", A, Closed).Watch("/m/b.yaml", B).Prune("c.yaml", A);
        Assert.Equal(["Pod x/a", "Pod x/b"], plan.State.Objects.Keys.Select(k => k.ToString()));
        Assert.Equal(["Pod x/b"], plan.Prune("").State.Objects.Keys.Select(k => k.ToString()));
    }

    [Fact]
    public void An_object_has_one_source()
    {
        var watched = Given.Start.Watch("/m/a.yaml", A);
        var applied = Assert.Throws<RefusalException>(() => watched.Apply("mine.yaml", A));
        Assert.Equal(RefusalKind.Conflict, applied.Kind);
        Assert.Contains("mine.yaml:1:1", applied.Message, StringComparison.Ordinal);
        Assert.Contains("/m/a.yaml:1:1", applied.Message, StringComparison.Ordinal);

        var refused = Assert.Throws<RefusalException>(() => Given.Start.Apply("mine.yaml", A).Watch("/m/a.yaml", A));
        Assert.Contains("mine.yaml:1:1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("/m/a.yaml:1:1", refused.Message, StringComparison.Ordinal);
        Assert.Throws<RefusalException>(() => watched.Watch("/m/b.yaml", A));
        Assert.Throws<RefusalException>(() => watched.Delete("Pod", "x/a"));
    }

    [Fact]
    public void A_watched_file_says_all_that_it_asks_for()
    {
        var plan = Given.Start.Watch("/m/a.yaml", A, Closed).Watch("/m/a.yaml", A, B);
        Assert.Equal(["Pod x/a", "Pod x/b"], plan.State.Objects.Keys.Select(k => k.ToString()));
        Assert.Empty(plan.Watch("/m/a.yaml").State.Objects);
    }

    [Fact]
    public void A_namespace_takes_what_is_in_it_along()
    {
        var ns = "apiVersion: v1\nkind: Namespace\nmetadata: {name: x}\n";
        var plan = Given.Start.Apply("a.yaml", ns, A, Closed, Yaml.Pod("a", "y"));
        Assert.Equal(["Pod y/a"], plan.Delete("Namespace", "x").State.Objects.Keys.Select(k => k.ToString()));
    }

    [Fact]
    public void What_is_not_there_cannot_be_deleted()
    {
        var refusal = Assert.Throws<RefusalException>(() => Given.Start.Delete("Pod", "x/a"));
        Assert.Equal(RefusalKind.NotFound, refusal.Kind);
        Assert.False(
            StateChange.Delete(Given.Start.State, [new ObjectKey("Pod", "x/a")], ignoreNotFound: true).Differs);
    }

    [Fact]
    public void Half_a_state_takes_only_a_whole_one()
    {
        var lost = Plan.Of(DesiredState.Empty with { Lost = "a file was cut", Generation = 7 }, NodeOptions.Default);
        Assert.Throws<RefusalException>(() => lost.Apply("a.yaml", A));
        Assert.Throws<RefusalException>(() => lost.Watch("/m/a.yaml", A));
        Assert.Throws<RefusalException>(() => lost.Delete("Pod", "x/a"));
        var whole = lost.Prune("a.yaml", A);
        Assert.Equal((8, null), (whole.State.Generation, whole.State.Lost));
    }

    [Fact]
    public void Objects_that_do_not_go_together_are_refused()
    {
        var at = (string name) => $"apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, namespace: x}}\n"
            + $"spec: {{containers: [{{name: c}}]}}\nstatus: {{podIP: 10.9.9.9}}\n";
        var plan = Given.Start.Apply("a.yaml", at("a"));
        var refusal = Assert.Throws<RefusalException>(() => plan.Apply("b.yaml", at("b")));
        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
        Assert.Equal("b.yaml", Assert.Single(refusal.Diagnostics).Position.File);
    }
}
