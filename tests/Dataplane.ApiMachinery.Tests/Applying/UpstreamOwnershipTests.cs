using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Applying;
using Dataplane.ApiMachinery.Defaults;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Tests.Applying;

/// <summary>Ownership by the types of the API themselves, as kube-apiserver shows it.</summary>
public class UpstreamOwnershipTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("deployments", """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"nginx","labels":{"app":"nginx"}},"spec":{
         "selector":{"matchLabels":{"app":"nginx"}},"template":{"metadata":{"labels":{"app":"nginx"}},
          "spec":{"containers":[{"name":"nginx","image":"nginx"}]}}},"status":{}}
        """, """
        {"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:progressDeadlineSeconds":{},"f:replicas":{},
         "f:revisionHistoryLimit":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{},
         "f:maxUnavailable":{}},"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{
          "f:containers":{"k:{\"name\":\"nginx\"}":{".":{},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{},
           "f:terminationMessagePath":{},"f:terminationMessagePolicy":{}}},"f:dnsPolicy":{},"f:restartPolicy":{},
          "f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}}}
        """)]
    [InlineData("services", """
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"selector":{"app":"web"},"ports":[{"port":80}]}}
        """, """
        {"f:spec":{"f:internalTrafficPolicy":{},"f:ports":{".":{},"k:{\"port\":80,\"protocol\":\"TCP\"}":{".":{},"f:port":{},
         "f:protocol":{},"f:targetPort":{}}},"f:selector":{},"f:sessionAffinity":{},"f:type":{}}}
        """)]
    [InlineData("configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"1"}}""",
        """{"f:data":{".":{},"f:a":{}}}""")]
    [InlineData("namespaces", """{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}""",
        """{"f:metadata":{"f:labels":{".":{},"f:kubernetes.io/metadata.name":{}}}}""")]
    [InlineData("pods", """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"imagePullSecrets":[{"name":"s"}],
         "containers":[{"name":"c","image":"i","env":[{"name":"A"}]}]}}
        """, """
        {"f:spec":{"f:imagePullSecrets":{".":{},"k:{\"name\":\"s\"}":{}},"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:env":{".":{},"k:{\"name\":\"A\"}":{".":{},"f:name":{}}},
          "f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{},"f:terminationMessagePath":{},
          "f:terminationMessagePolicy":{}}},"f:dnsPolicy":{},"f:enableServiceLinks":{},"f:restartPolicy":{},
         "f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}
        """)]
    public void Who_creates_an_object_owns_what_it_shows(string plural, string given, string fields)
    {
        var (resource, obj) = (SmallTypes.Resource(plural), Json.Object(given));
        Defaulting.ApplyTypes(resource, obj);
        ManagedFields.Update(null, obj, "k", resource, SchemaSet.BuiltIn.Of(resource), Now);
        Json.AssertEqual(fields, obj["metadata"]!["managedFields"]![0]!["fieldsV1"]);
    }

    [Fact]
    public void A_port_without_a_protocol_is_that_of_TCP()
    {
        var web = Apply("services", null, """
            {"metadata":{"name":"web"},"spec":{"ports":[{"port":53},{"port":53,"protocol":"UDP"}]}}
            """);
        Defaulting.Apply(SmallTypes.Resource("services"), web);
        var again = Apply("services", web, """{"metadata":{"name":"web"},"spec":{"ports":[{"port":53}]}}""");
        Json.AssertEqual("""[{"port":53,"protocol":"TCP","targetPort":53}]""", again["spec"]!["ports"]);
    }

    [Fact]
    public void The_status_belongs_to_its_subresource()
    {
        var given = """{"metadata":{"name":"web"},"spec":{"replicas":1},"status":{"replicas":1}}""";
        var web = Apply("deployments", null, given);
        Assert.Null(web["status"]);
        var shown = Apply("deployments", web, given.Replace("1", "2"), "status");
        Json.AssertEqual("""{"replicas":1}""", shown["spec"]);
        Json.AssertEqual("""{"replicas":2}""", shown["status"]);
        var entries = shown["metadata"]!["managedFields"]!.AsArray();
        Json.AssertEqual("""{"f:status":{"f:replicas":{}}}""",
            entries.Single(e => (string?)e!["subresource"] == "status")!["fieldsV1"]);
    }

    private static JsonObject Apply(string plural, JsonObject? live, string given, string subresource = "")
    {
        var resource = SmallTypes.Resource(plural);
        return ServerSideApply.Apply(
            live, Json.Object(given), "k", false, resource, SchemaSet.BuiltIn.Of(resource), Now, subresource);
    }
}
