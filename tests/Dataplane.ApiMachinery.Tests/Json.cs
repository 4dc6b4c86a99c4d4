using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Statuses;

namespace Dataplane.ApiMachinery.Tests;

/// <summary>Objects of tests, written as JSON.</summary>
internal static class Json
{
    public static JsonObject Object(string text) => JsonNode.Parse(text)!.AsObject();

    /// <summary>Compares values; in mappings the order of keys does not count, in lists that of items does.</summary>
    public static void AssertEqual(string expected, JsonNode? actual) => AssertEqual(JsonNode.Parse(expected), actual);

    public static void AssertEqual(JsonNode? expected, JsonNode? actual)
    {
        if (!JsonNode.DeepEquals(expected, actual))
        {
            Assert.Fail($"expected {expected?.ToJsonString()}\nactual   {actual?.ToJsonString()}");
        }
    }

    public static StatusException AssertRefused(int code, Action action)
    {
        var refusal = Assert.Throws<StatusException>(action);
        Assert.Equal(code, refusal.Code);
        return refusal;
    }
}
