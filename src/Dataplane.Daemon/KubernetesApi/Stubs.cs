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
namespace Dataplane.Daemon.KubernetesApi.Streams
{
    internal sealed class PodStreams(Endpoints.DaemonContext c) { public Task Exec(HttpContext h, string n, string p) => Task.FromResult(c); public Task Attach(HttpContext h, string n, string p) => Task.CompletedTask; public Task PortForward(HttpContext h, string n, string p) => Task.CompletedTask; public Task Log(HttpContext h, string n, string p) => Task.CompletedTask; }
}
