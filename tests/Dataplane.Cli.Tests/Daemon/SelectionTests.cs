using Dataplane.Api;

namespace Dataplane.Cli.Tests;

/// <summary>Objects that are chosen by namespace and label: get and delete.</summary>
public sealed class SelectionTests : IDisposable
{
    private static readonly string Policy = Cli.Policy.Replace("name: web", "name: deny", StringComparison.Ordinal);

    private readonly Cli _cli = new();
    private readonly CannedDaemon _daemon;

    public SelectionTests()
    {
        var objects = new ObjectsResponse(3,
        [
            Entry("Pod", "x/web", "web"), Entry("Pod", "x/db-0", "db"), Entry("Pod", "y/web", "web"),
            Entry("NetworkPolicy", "x/deny", "web"), Entry("Namespace", "x", "x"), Entry("Namespace", "y", "y"),
            Entry("Node", "n", "n"),
        ]);
        _daemon = new CannedDaemon(_cli.Socket).Says("GET /v1/objects", objects, ApiJson.Default.ObjectsResponse);
        foreach (var kind in (string[])["Pod", "NetworkPolicy", "Namespace"])
        {
            var only = objects with { Objects = [.. objects.Objects.Where(o => o.Kind == kind)] };
            _daemon.Says($"GET /v1/objects?kind={kind}", only, ApiJson.Default.ObjectsResponse);
        }
        ChangedObject[] deleted = [new("Pod", "x/web", "deleted"), new("NetworkPolicy", "x/deny", "deleted")];
        _daemon.Says("POST /v1/delete", new ChangeResponse(4, deleted, []), ApiJson.Default.ChangeResponse);
    }

    public void Dispose()
    {
        _daemon.Dispose();
        _cli.Dispose();
    }

    [Theory]
    [InlineData("get netpol -n x --show-labels",
        "NAME  POD-SELECTOR  ISOLATES  INGRESS  EGRESS   LABELS\n"
        + "deny  app=web       Ingress   1 rule   0 rules  app=web\n")]
    [InlineData("get po -n x --show-labels",
        "NAME  IPV4  IPV6  LABELS\ndb-0  -     -     app=db\nweb   -     -     app=web\n")]
    public void Labels_are_a_column_of_every_table(string line, string expected) =>
        Assert.Equal(expected, _cli.Run(line.Split(' ')).Out);

    [Theory]
    [InlineData("get all -n x -o name", "pod/x/web pod/x/db-0 networkpolicy/x/deny")]
    [InlineData("get all -n y -o name", "pod/y/web")]
    [InlineData("get ns -n x -o name", "namespace/x namespace/y")]
    [InlineData("get po,ns -n y -o name", "pod/y/web namespace/x namespace/y")]
    [InlineData("get all -A -o name",
        "pod/x/web pod/x/db-0 pod/y/web networkpolicy/x/deny namespace/x namespace/y node/n")]
    public void All_of_a_namespace_is_what_is_in_it(string line, string expected) => Assert.Equal(
        expected, string.Join(' ', _cli.Run(line.Split(' ')).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("delete pods --all -n x", """[{"kind":"Pod","name":"x/web"},{"kind":"Pod","name":"x/db-0"}]""")]
    [InlineData("delete po -l app=web -A", """[{"kind":"Pod","name":"x/web"},{"kind":"Pod","name":"y/web"}]""")]
    [InlineData("delete po,netpol -l app=web -n x",
        """[{"kind":"Pod","name":"x/web"},{"kind":"NetworkPolicy","name":"x/deny"}]""")]
    public void Delete_by_label_or_all(string line, string sent)
    {
        var outcome = _cli.Run(line.Split(' '));
        Assert.Equal(0, outcome.Exit);
        var body = System.Text.Json.JsonDocument.Parse(_daemon.Asked[^1].Body).RootElement;
        Assert.Equal(sent, body.GetProperty("objects").GetRawText());
        Assert.True(body.GetProperty("ignoreNotFound").GetBoolean());
    }

    [Fact]
    public void Pods_of_workloads_are_left() => Assert.Equal(
        "1 pod left: of Deployments and the like; delete those\n", _cli.Run("delete", "po", "--all", "-n", "x").Error);

    [Fact]
    public void Pods_go_with_their_workload()
    {
        ChangedObject[] deleted = [new("Pod", "x/web", "deleted"), new("StatefulSet", "x/db", "deleted")];
        _daemon.Says("POST /v1/delete", new ChangeResponse(4, deleted, []), ApiJson.Default.ChangeResponse);
        Assert.Equal("", _cli.Run("delete", "po", "--all", "-n", "x").Error);
    }

    [Fact]
    public void Nothing_selected_deletes_nothing()
    {
        var outcome = _cli.Run("delete", "po", "-l", "app=none", "-n", "x");
        Assert.Equal(new Outcome(0, "", "no pods in namespace x; -A shows all namespaces\n"), outcome);
        Assert.DoesNotContain(_daemon.Asked, a => a.Question == "POST /v1/delete");
    }

    [Theory]
    [InlineData("delete --all", "which kind? --all and -l are for one: KIND --all")]
    [InlineData("delete pod a --all", "either names, or --all, or -l")]
    [InlineData("delete pod/a -l k", "either names, or --all, or -l")]
    [InlineData("delete -f a --all", "either -f PATH or KIND NAME")]
    public void Names_and_a_selection_are_too_much(string line, string said) =>
        _cli.Run(line.Split(' ')).ShouldFail(2, $"dataplane: {said}");

    private static ObjectEntry Entry(string kind, string name, string app) =>
        new(kind, name, "a.yaml", 1, "apply", kind == "NetworkPolicy" ? Policy : "")
        {
            Labels = new Dictionary<string, string> { ["app"] = app },
        };
}
