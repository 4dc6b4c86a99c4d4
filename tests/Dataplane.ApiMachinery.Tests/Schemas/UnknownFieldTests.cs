using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Tests.Schemas;

public class UnknownFieldTests
{
    private static readonly ApiType Pod = SchemaSet.BuiltIn.Find("io.k8s.api.core.v1.Pod")!;

    [Fact]
    public void Unknown_fields_are_told_with_their_paths_and_taken_out()
    {
        var pod = Object("""
            {"metadata": {"labels": {"any": "key"}, "colour": "red"},
             "spec": {"containers": [{"name": "a"}, {"name": "b", "prots": [], "resources": {"limits": {"cpu": 1}}}],
                      "tolerations": null}, "specs": {}}
            """);
        string[] paths = ["metadata.colour", "spec.containers[1].prots", "specs"];
        Assert.Equal(paths, UnknownFields.Find(pod, Pod));
        Assert.Equal(paths, UnknownFields.Prune(pod, Pod));
        Assert.Empty(UnknownFields.Find(pod, Pod));
        Assert.False(pod.ContainsKey("specs"));
        Assert.Equal("unknown field \"specs\"", UnknownFields.Message("specs"));
    }

    [Theory]
    [InlineData("""{"spec": {"containers": {}}}""", "spec.containers", "must be a list, is a mapping")]
    [InlineData("""{"spec": {"containers": ["a"]}}""", "spec.containers[0]", "must be a mapping, is the string \"a\"")]
    [InlineData("""{"spec": {"hostNetwork": "true"}}""", "spec.hostNetwork", "must be true or false, is the string \"true\"")]
    [InlineData("""{"spec": {"priority": 1.5}}""", "spec.priority", "must be an integer of 32 bits, is the number 1.5")]
    [InlineData("""{"spec": {"priority": 3000000000}}""", "spec.priority", "must be an integer of 32 bits, is the number 3000000000")]
    [InlineData("""{"metadata": {"labels": {"a": 1}}}""", "metadata.labels.a", "must be a string, is the number 1")]
    [InlineData("""{"metadata": {"labels": ["a"]}}""", "metadata.labels", "must be a mapping, is a list")]
    [InlineData("""{"metadata": {"name": true}}""", "metadata.name", "must be a string, is true")]
    [InlineData("""{"status": {"startTime": "noon"}}""", "status.startTime",
        "must be a time as of RFC 3339, such as 2006-01-02T15:04:05Z, is the string \"noon\"")]
    public void A_value_of_another_type_is_told(string pod, string path, string message)
    {
        var cause = Assert.Single(TypeMismatches.Find(Object(pod), Pod));
        Assert.Equal((path, message), (cause.Field, cause.Message));
    }

    [Theory]
    [InlineData("""{"spec": {"containers": null, "terminationGracePeriodSeconds": 30, "hostNetwork": false}}""")]
    [InlineData("""{"spec": {"overhead": {"cpu": "100m", "memory": 5}, "containers": []}}""")]
    [InlineData("""{"status": {"startTime": "2026-01-02T03:04:05Z"}}""")]
    [InlineData("""{"metadata": {"creationTimestamp": "2026-01-02T03:04:05.123456+01:00", "managedFields": []}}""")]
    public void Values_of_their_types_pass(string pod) => Assert.Empty(TypeMismatches.Find(Object(pod), Pod));

    [Fact]
    public void The_data_of_a_secret_is_base64()
    {
        var secret = SchemaSet.BuiltIn.Find("io.k8s.api.core.v1.Secret")!;
        Assert.Empty(TypeMismatches.Find(Object("""{"data": {"a": "aGVsbG8="}}"""), secret));
        var cause = Assert.Single(TypeMismatches.Find(Object("""{"data": {"a": "not so"}}"""), secret));
        Assert.Equal(("data.a", "must be base64, is the string \"not so\""), (cause.Field, cause.Message));
    }

    private static JsonObject Object(string json) => (JsonObject)JsonNode.Parse(json)!;
}
