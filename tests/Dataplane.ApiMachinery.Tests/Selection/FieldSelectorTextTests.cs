using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Selection;

namespace Dataplane.ApiMachinery.Tests.Selection;

public class FieldSelectorTextTests
{
    private const string Pod = """
        {"metadata":{"name":"p","namespace":"x"},"spec":{"nodeName":"n","hostNetwork":true},
         "status":{"phase":"Running","podIP":"10.0.0.1"}}
        """;

    [Theory]
    [InlineData("", true)]
    [InlineData("metadata.name=p", true)]
    [InlineData("metadata.name==p,metadata.namespace=x", true)]
    [InlineData("metadata.name=q", false)]
    [InlineData("metadata.name!=q,", true)]
    [InlineData("status.phase!=Running", false)]
    [InlineData("spec.nodeName=n,status.podIP=10.0.0.1", true)]
    [InlineData("spec.nodeName=", false)]
    [InlineData("spec.serviceAccountName=", true)]
    [InlineData("spec.hostNetwork=true", true)]
    [InlineData(@"spec.schedulerName=a\,b\=c\\", false)]
    public void Pods_match_by_their_fields(string selector, bool expected) => Assert.Equal(expected,
        FieldSelectorText.Parse(selector, Resource("pods")).Matches(Json.Object(Pod)));

    [Theory]
    [InlineData("events", "involvedObject.name=p,involvedObject.kind=Pod,reason=Started,type=Normal,source=kubelet")]
    [InlineData("secrets", "type=Opaque")]
    [InlineData("namespaces", "status.phase=Active")]
    [InlineData("nodes", "spec.unschedulable=false")]
    [InlineData("services", "spec.type=ClusterIP")]
    [InlineData("jobs", "status.successful=0")]
    [InlineData("replicationcontrollers", "status.replicas=2")]
    public void Kinds_have_fields_of_their_own(string plural, string selector) => Assert.True(
        FieldSelectorText.Parse(selector, Resource(plural)).Matches(Json.Object("""
            {"involvedObject":{"name":"p","kind":"Pod"},"reason":"Started","type":"REPLACED","source":{"component":"kubelet"},
             "spec":{"type":"ClusterIP"},"status":{"phase":"Active","replicas":2}}
            """.Replace("REPLACED", plural == "secrets" ? "Opaque" : "Normal"))));

    [Fact]
    public void Escaped_signs_are_part_of_the_value() => Assert.True(
        FieldSelectorText.Parse(@"reason=a\,b\=c\\,type=t", Resource("events"))
            .Matches(Json.Object("""{"reason":"a,b=c\\","type":"t"}""")));

    [Theory]
    [InlineData("metadata.name=p", "p")]
    [InlineData("status.phase=Running,metadata.name==p", "p")]
    [InlineData("metadata.name!=p", null)]
    [InlineData("status.phase=p", null)]
    public void One_name_may_be_all_that_can_match(string selector, string? name) =>
        Assert.Equal(name, FieldSelectorText.Parse(selector, Resource("pods")).Name);

    [Theory]
    [InlineData("pods", "spec.foo=x", "field label not supported: spec.foo")]
    [InlineData("namespaces", "metadata.namespace=x", "field label not supported: metadata.namespace")]
    [InlineData("configmaps", "data.x=y",
        "\"data.x\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")]
    [InlineData("pods", "spec.nodeName", "invalid selector: 'spec.nodeName'; can't understand 'spec.nodeName'")]
    [InlineData("pods", "=x", "invalid selector: '=x'; can't understand '=x'")]
    [InlineData("pods", "metadata.name=a=b", "invalid field selector: unescaped character in value: 61")]
    [InlineData("pods", @"metadata.name=a\b", @"invalid field selector: invalid escape sequence: \b")]
    [InlineData("pods", @"metadata.name=a\", @"invalid field selector: invalid escape sequence: \")]
    public void What_cannot_be_selected_is_a_bad_request(string plural, string selector, string message) =>
        Assert.Equal(message,
            Json.AssertRefused(400, () => FieldSelectorText.Parse(selector, Resource(plural))).Message);

    private static ApiResource Resource(string plural) => ApiResources.BuiltIn.First(r => r.Kind.Plural == plural);
}
