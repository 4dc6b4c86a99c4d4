using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Applying;

namespace Dataplane.ApiMachinery.Tests.Applying;

/// <summary>kubectl goes from applying itself to applying on the server.</summary>
public class LastAppliedTests
{
    private const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    private static readonly DateTimeOffset Now = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Kubectl_takes_what_it_had_noted_and_notes_it_anew()
    {
        var after = Apply(Noted("""{"apiVersion":"apps/v1","spec":{"replicas":2}}"""), "kubectl");
        Assert.Equal(3, (int)after["spec"]!["replicas"]!);
        Json.AssertEqual("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":3}}
            """, JsonNode.Parse((string)after["metadata"]!["annotations"]![Annotation]!));
    }

    [Theory]
    [InlineData("""{"apiVersion":"apps/v1","spec":{"replicas":1}}""")]
    [InlineData("""{"apiVersion":"apps/v1","spec":{"paused":true}}""")]
    [InlineData("""{"apiVersion":"apps/v2","spec":{"replicas":2}}""")]
    [InlineData("""{"apiVersion":"apps/v1","spec":{"replicas":2},"spec":{}}""")]
    [InlineData("[]")]
    [InlineData("no json")]
    public void What_is_not_as_noted_is_a_conflict(string noted) =>
        Json.AssertRefused(409, () => Apply(Noted(noted), "kubectl"));

    [Fact]
    public void Others_take_nothing() => Json.AssertRefused(409, () =>
        Apply(Noted("""{"apiVersion":"apps/v1","spec":{"replicas":2}}"""), "helm"));

    [Fact]
    public void Nothing_is_noted_where_nothing_was() =>
        Assert.Null(Apply(null, "kubectl")["metadata"]!["annotations"]);

    private static JsonObject Noted(string noted)
    {
        var live = Json.Object("""
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":2}}
            """);
        live["metadata"]!["annotations"] = new JsonObject { [Annotation] = noted };
        ManagedFields.Update(null, live, "kubectl-client-side-apply", SmallTypes.Resource("deployments"),
            SmallTypes.Deployment, Now);
        return live;
    }

    private static JsonObject Apply(JsonObject? live, string manager) => ServerSideApply.Apply(live, Json.Object("""
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"},"spec":{"replicas":3}}
        """), manager, false, SmallTypes.Resource("deployments"), SmallTypes.Deployment, Now);
}
