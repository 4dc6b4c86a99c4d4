using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;
using Microsoft.AspNetCore.Http;
namespace Dataplane.ApiMachinery.Defaults
{
    internal static class Defaulting { public static void Apply(ApiResource r, JsonObject o) { } }
    internal static class Generations { public static bool SpecChanged(JsonObject a, JsonObject b) { var (x, y) = ((JsonObject)a.DeepClone(), (JsonObject)b.DeepClone()); x.Remove("metadata"); x.Remove("status"); y.Remove("metadata"); y.Remove("status"); return !JsonNode.DeepEquals(x, y); } }
}
namespace Dataplane.ApiMachinery.Applying
{
    internal static class ManagedFields { public static void Update(JsonObject? before, JsonObject after, string manager, string apiVersion, ApiType? type, DateTimeOffset now, string subresource) { } }
    internal static class ServerSideApply { public static JsonObject Apply(JsonObject? live, JsonObject given, string manager, bool force, ApiResource r, ApiType? t, DateTimeOffset now) => given; }
}
namespace Dataplane.ApiMachinery.Selection
{
    internal sealed class LabelQuery { public static LabelQuery Parse(string t) => new(); public bool Matches(JsonObject o) => true; }
    internal sealed class FieldQuery { public static FieldQuery Parse(ApiResource r, string t) => new(); public bool Matches(JsonObject o) => true; }
}
namespace Dataplane.ApiMachinery.Tables
{
    internal sealed class Columns { public static Columns Of(ApiResource r) => new(); public static Columns OfCustom(JsonObject v) => new();
        public JsonObject Table(IEnumerable<JsonObject> o, JsonObject metadata, string include, DateTimeOffset now) => new JsonObject { ["kind"] = "Table", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata, ["columnDefinitions"] = new JsonArray(new JsonObject { ["name"] = "Name", ["type"] = "string", ["format"] = "name", ["priority"] = 0, ["description"] = "" }),
            ["rows"] = new JsonArray([.. o.Select(x => new JsonObject { ["cells"] = new JsonArray(x["metadata"]!["name"]!.DeepClone()), ["object"] = new JsonObject { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = x["metadata"]!.DeepClone() } })]) }; }
}
namespace Dataplane.ApiMachinery.OpenApi
{
    internal static class OpenApiV2 { public static byte[] Json(IReadOnlyList<ApiResource> r, SchemaSet s) => "{}"u8.ToArray(); public static byte[] Protobuf(IReadOnlyList<ApiResource> r, SchemaSet s) => []; }
    internal static class OpenApiV3 { public static byte[] Index(IReadOnlyList<ApiResource> r) => "{\"paths\":{}}"u8.ToArray(); public static byte[] Of(string root, IReadOnlyList<ApiResource> r, SchemaSet s) => []; }
}
namespace Dataplane.Daemon.KubernetesApi.Streams
{
    internal sealed class PodStreams(Endpoints.DaemonContext c) { public Task Exec(HttpContext h, string n, string p) => Task.FromResult(c); public Task Attach(HttpContext h, string n, string p) => Task.CompletedTask; private readonly Forwarding.PortForwarding _forwarding = new(c); public Task PortForward(HttpContext h, string n, string p) => _forwarding.Run(h, n, p); public Task Log(HttpContext h, string n, string p) => Task.CompletedTask; }
}
