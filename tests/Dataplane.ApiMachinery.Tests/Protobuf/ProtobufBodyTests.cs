using Dataplane.ApiMachinery.Protobuf;

namespace Dataplane.ApiMachinery.Tests.Protobuf;

public class ProtobufBodyTests
{
    private const long Seconds = 1767323045, Before = -62135596800;

    [Fact]
    public void What_kubectl_sends_is_the_json_that_it_shows()
    {
        Assert.Equal(13, RecordedBodies.All.Count);
        Assert.All(RecordedBodies.All, r => Json.AssertEqual(r.Json, ProtobufBody.Read(r.Body)));
    }

    [Fact]
    public void Times_are_texts_and_those_that_are_not_set_are_null_where_json_always_has_them()
    {
        var named = new Message().Text(1, "e").Part(8, new Message());
        var time = new Message().Number(1, Seconds).Number(2, 123456789);
        Json.AssertEqual("""
            {"apiVersion":"v1","kind":"Event","metadata":{"name":"e"},"firstTimestamp":"2026-01-02T03:04:05Z",
             "lastTimestamp":null,"eventTime":"2026-01-02T03:04:05.123456Z","count":3}
            """, Read("v1", "Event", new Message().Part(1, named).Part(6, time).Part(7, new Message()).Number(8, 3)
                .Part(10, time)));
        AssertRefused("9999", "v1", "Event", new Message().Part(6, new Message().Number(1, Before - 1)));
        AssertRefused("9999", "v1", "Event", new Message().Part(10, new Message().Number(1, 1).Number(2, 1 << 30)));
    }

    [Fact]
    public void Options_are_of_every_group_and_keep_the_zeros_of_pointers()
    {
        var options = new Message().Number(1, 0).Part(2, new Message().Text(1, "u")).Number(3, 0)
            .Text(4, "Foreground").Text(5, "All");
        Json.AssertEqual("""
            {"apiVersion":"apps/v1","kind":"DeleteOptions","gracePeriodSeconds":0,"preconditions":{"uid":"u"},
             "orphanDependents":false,"propagationPolicy":"Foreground","dryRun":["All"]}
            """, Read("apps/v1", "DeleteOptions", options));
    }

    [Fact]
    public void Maps_lists_and_bytes_are_as_in_json()
    {
        Message Entry(string key) => new Message().Text(1, key);
        Json.AssertEqual("""
            {"apiVersion":"v1","kind":"ConfigMap","data":{"a":"", "é":"x"},"binaryData":{"b":"AP8=","c":""},
             "immutable":false}
            """, Read("v1", "ConfigMap", new Message().Part(2, Entry("a")).Part(2, Entry("é").Text(2, "x"))
                .Part(3, Entry("b").Bytes(2, [0, 255])).Part(3, Entry("c")).Number(4, 0)));
        var unpacked = new Message().Number(4, 7).Number(4, -1);
        var packed = new Message().Bytes(4, new Message().Varint(7).Varint(ulong.MaxValue).ToArray());
        foreach (var groups in new[] { unpacked, packed })
        {
            Json.AssertEqual("""
                {"apiVersion":"v1","kind":"Pod","spec":{"securityContext":{"supplementalGroups":[7,-1]}}}
                """, Read("v1", "Pod", new Message().Part(2, new Message().Part(14, groups))));
        }
        Json.AssertEqual("""
            {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"Role",
             "rules":[{"verbs":["get"],"apiGroups":[""],"resources":["pods"]}]}
            """, Read("rbac.authorization.k8s.io/v1", "Role",
                new Message().Part(2, new Message().Text(1, "get").Text(2, "").Text(3, "pods"))));
    }

    [Fact]
    public void Json_inside_a_message_is_json()
    {
        Json.AssertEqual("""
            {"apiVersion":"apps/v1","kind":"ControllerRevision","data":{"a":[1]},"revision":2,
             "metadata":{"managedFields":[{"fieldsV1":{"f:data":{}}}]}}
            """, Read("apps/v1", "ControllerRevision", new Message()
                .Part(1, new Message().Part(17, new Message().Part(7, new Message().Text(1, """{"f:data":{}}"""))))
                .Part(2, new Message().Text(1, """{"a":[1]}""")).Number(3, 2)));
        var whole = new Message().Part(1, new Message().Text(1, "x")).Body("v1", "Namespace");
        Json.AssertEqual("""
            {"apiVersion":"apps/v1","kind":"ControllerRevision","revision":0,
             "data":{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"x"}}}
            """, Read("apps/v1", "ControllerRevision",
                new Message().Part(2, new Message().Bytes(1, whole)).Number(3, 0)));
    }

    [Fact]
    public void Schemas_of_definitions_are_what_stands_in_their_place()
    {
        var text = new Message().Text(5, "string").Double(9, 1.5);
        var schema = new Message().Text(3, "#/x").Part(29, new Message().Text(1, "a").Part(2, text))
            .Part(24, new Message().Part(1, text)).Part(30, new Message().Number(1, 0))
            .Part(8, new Message().Text(1, "[null]"));
        Json.AssertEqual("""
            {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","spec":{"versions":[{"schema":
             {"openAPIV3Schema":{"$ref":"#/x","properties":{"a":{"type":"string","maximum":1.5}},"default":[null],
              "items":{"type":"string","maximum":1.5},"additionalProperties":false}}}]}}
            """, Read("apiextensions.k8s.io/v1", "CustomResourceDefinition",
                new Message().Part(2, new Message().Part(7, new Message().Part(4, new Message().Part(1, schema))))));
    }

    [Fact]
    public void A_message_that_is_there_twice_is_one_and_fields_that_nobody_knows_are_passed_over()
    {
        var spec = new Message().Number(5, 1).Text(900, "?").Number(901, 1).Double(902, 1).Varint((903 << 3) | 5)
            .Raw(1, 2, 3, 4);
        Json.AssertEqual("""{"apiVersion":"apps/v1","kind":"Deployment","spec":{"minReadySeconds":1,"paused":true}}""",
            Read("apps/v1", "Deployment", new Message().Part(2, spec).Part(2, new Message().Number(7, 1))));
        Json.AssertEqual("""{"apiVersion":"apps/v1","kind":"Deployment","spec":{}}""",
            Read("apps/v1", "Deployment", new Message().Part(2, spec).Part(2, new Message().Number(5, 0))));
    }

    [Fact]
    public void What_is_no_message_is_refused_with_the_reason()
    {
        AssertRefused("does not begin", "k8s"u8.ToArray());
        AssertRefused("does not begin", """{"kind":"Pod"}"""u8.ToArray());
        AssertRefused("no kind \"\"", "k8s\0"u8.ToArray());
        AssertRefused("no kind \"Gadget\" of version \"example/v1\"", "example/v1", "Gadget", new Message());
        AssertRefused("ends inside", "v1", "Pod", new Message().Raw(0x0a, 0x05, 1));
        AssertRefused("ends inside", "v1", "Pod", new Message().Raw(0x80));
        AssertRefused("ends inside", "v1", "Pod", new Message().Varint(0x0a).Varint(ulong.MaxValue));
        AssertRefused("64 bits", "v1", "Pod", new Message().Raw([.. Enumerable.Repeat((byte)0xff, 11)]));
        AssertRefused("number 0", "v1", "Pod", new Message().Number(0, 1));
        AssertRefused("wire type 3", "v1", "Pod", new Message().Varint((99 << 3) | 3));
        AssertRefused("metadata) is of the wire type 0", "v1", "Pod", new Message().Number(1, 1));
        AssertRefused("UTF-8", "v1", "Pod", new Message().Part(1, new Message().Bytes(1, [0xff])));
        AssertRefused("32 bits", "apps/v1", "Deployment",
            new Message().Part(2, new Message().Number(1, 1L << 40)));
        AssertRefused("no Unicode", "apps/v1", "ControllerRevision",
            new Message().Part(2, new Message().Text(1, """{"a":"\ud800"}""")));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => Read("apps/v1", "ControllerRevision",
            new Message().Part(2, new Message().Text(1, "{"))));
        byte[] packed = [.. "k8s\0"u8, .. new Message().Text(3, "gzip").ToArray()];
        AssertRefused("gzip", packed);
    }

    [Fact]
    public void Depth_is_bounded()
    {
        var schema = new Message().Text(5, "string");
        for (var i = 0; i < 5000; i++)
        {
            schema = new Message().Part(30, new Message().Part(2, schema));
        }
        AssertRefused("deeper", "apiextensions.k8s.io/v1", "CustomResourceDefinition",
            new Message().Part(2, new Message().Part(7, new Message().Part(4, new Message().Part(1, schema)))));
        var whole = new Message().Body("v1", "Namespace");
        for (var i = 0; i < 500; i++)
        {
            whole = new Message().Part(2, new Message().Bytes(1, whole)).Body("apps/v1", "ControllerRevision");
        }
        AssertRefused("deeper", whole);
    }

    private static System.Text.Json.Nodes.JsonObject Read(string apiVersion, string kind, Message message) =>
        ProtobufBody.Read(message.Body(apiVersion, kind));

    private static void AssertRefused(string reason, string apiVersion, string kind, Message message) =>
        AssertRefused(reason, message.Body(apiVersion, kind));

    private static void AssertRefused(string reason, byte[] body) =>
        Assert.Contains(reason, Assert.Throws<FormatException>(() => ProtobufBody.Read(body)).Message,
            StringComparison.Ordinal);
}
