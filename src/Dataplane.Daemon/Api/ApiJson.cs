using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dataplane.Daemon.Api;

/// <summary>All that goes over the socket, serialized without reflection. Nulls are left out.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApplyRequest))]
[JsonSerializable(typeof(DeleteRequest))]
[JsonSerializable(typeof(VerifyRequest))]
[JsonSerializable(typeof(TraceRequest))]
[JsonSerializable(typeof(CaptureRequest))]
[JsonSerializable(typeof(ChangeResponse))]
[JsonSerializable(typeof(StateResponse))]
[JsonSerializable(typeof(ObjectsResponse))]
[JsonSerializable(typeof(PodsResponse))]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(VerifyResponse))]
[JsonSerializable(typeof(FlowEntry))]
[JsonSerializable(typeof(TraceResponse))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ApiJson : JsonSerializerContext;
