using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dataplane.Api;

/// <summary>JSON of every message on the socket, generated at compile time. Null members are left out.</summary>
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
[JsonSerializable(typeof(ChangeEntry))]
[JsonSerializable(typeof(TraceResponse))]
[JsonSerializable(typeof(AttachRequest))]
[JsonSerializable(typeof(AttachmentsResponse))]
[JsonSerializable(typeof(DetachRequest))]
[JsonSerializable(typeof(DetachResponse))]
[JsonSerializable(typeof(CheckRequest))]
[JsonSerializable(typeof(CheckResponse))]
[JsonSerializable(typeof(KubeconfigResponse))]
[JsonSerializable(typeof(Problem))]
public sealed partial class ApiJson : JsonSerializerContext;
