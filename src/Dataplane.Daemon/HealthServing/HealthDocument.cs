using System.Text.Json.Serialization;

namespace Dataplane.Daemon.HealthServing;

/// <summary>The body of an answer.</summary>
internal sealed record HealthDocument(HealthService Service, int LocalEndpoints, bool ServiceProxyHealthy);

internal sealed record HealthService(string Namespace, string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthDocument))]
internal sealed partial class HealthJson : JsonSerializerContext;
