using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Dataplane.Api;
using Dataplane.Control.Metering;
using Dataplane.Control.Reconcile;
using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.Host;
using Dataplane.Node.Live;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dataplane.Daemon.Tests.Api;

/// <summary>The description is written by hand; here it is held to what is there.</summary>
public sealed class OpenApiTests
{
    private static readonly JsonElement Document = JsonDocument.Parse(OpenApiEndpoint.Document()).RootElement;

    [Fact]
    public async Task Paths_and_methods_are_those_of_the_server()
    {
        using var logs = new LoggerFactory();
        using var meters = new DataplaneMeters();
        using var reconciler = new Reconciler(new LiveNodeOptions(), "/nowhere", meters, NullLogger.Instance);
        // Mapping only: no request is made.
        var context = new DaemonContext(new DaemonOptions(), reconciler, null, null!, null!, null, null, null!, logs);
        await using var server = ApiServer.Build(context, () => new AccessPolicy(null, null));
        var served = ((IEndpointRouteBuilder)server).DataSources.SelectMany(s => s.Endpoints).Cast<RouteEndpoint>()
            .SelectMany(e =>
                e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText}"));
        var described = Document.GetProperty("paths")
            .EnumerateObject()
            .SelectMany(p => p.Value.EnumerateObject().Select(o => $"{o.Name.ToUpperInvariant()} {p.Name}"));
        Assert.Equal(served.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Schemas_have_the_properties_that_are_sent()
    {
        var sent = Types().ToDictionary(t => t.Type.Name, t => Names(t.Properties.Select(p => p.Name)));
        var described = Document.GetProperty("components").GetProperty("schemas").EnumerateObject()
            .ToDictionary(s => s.Name,
                s => Names(s.Value.GetProperty("properties").EnumerateObject().Select(p => p.Name)));
        Assert.Equal(sent.OrderBy(s => s.Key, StringComparer.Ordinal),
            described.OrderBy(s => s.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void References_lead_somewhere()
    {
        var schemas = Document.GetProperty("components").GetProperty("schemas");
        var references = References(Document).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, r => Assert.True(schemas.TryGetProperty(r.Split('/')[^1], out _), r));
    }

    private static string Names(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    /// <summary>Every type with properties that can go over the socket.</summary>
    private static HashSet<JsonTypeInfo> Types()
    {
        var found = new HashSet<JsonTypeInfo>();
        foreach (var root in typeof(ApiJson)
            .GetProperties()
            .Where(p => typeof(JsonTypeInfo).IsAssignableFrom(p.PropertyType)))
        {
            Add(((JsonTypeInfo)root.GetValue(ApiJson.Default)!).Type);
        }
        return found;

        void Add(Type type)
        {
            if (ApiJson.Default.GetTypeInfo(type) is not { } info) return;
            if (info.Kind != JsonTypeInfoKind.Object)
            {
                if (info.ElementType is { } element && typeof(IEnumerable).IsAssignableFrom(type)) Add(element);
                return;
            }
            if (found.Add(info))
                foreach (var property in info.Properties) Add(property.PropertyType);
        }
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject()
            .SelectMany(p => p.NameEquals("$ref") ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
