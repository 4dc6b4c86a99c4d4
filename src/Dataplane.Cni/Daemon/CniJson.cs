using System.Text.Json;
using System.Text.Json.Serialization;
using Dataplane.Api;

namespace Dataplane.Cni.Daemon;

/// <summary>
/// The messages that this program sends and reads, and no others: each one is code that must be loaded.
/// </summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AttachRequest))]
[JsonSerializable(typeof(AttachmentEntry))]
[JsonSerializable(typeof(AttachmentsResponse))]
[JsonSerializable(typeof(DetachRequest))]
[JsonSerializable(typeof(DetachResponse))]
[JsonSerializable(typeof(CheckRequest))]
[JsonSerializable(typeof(CheckResponse))]
[JsonSerializable(typeof(StatusResponse))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class CniJson : JsonSerializerContext;
