using System.Text.Json.Serialization;
using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Life;

namespace Dataplane.Runtime.Supervision.Wire;

/// <summary>How the supervisor and who asks it write, and what the supervisor keeps.</summary>
[JsonSourceGenerationOptions(IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(AddressConverter), typeof(ActionConverter), typeof(StateConverter), typeof(PairsConverter),
        typeof(EqualListConverter<string>), typeof(EqualListConverter<int>),
        typeof(EqualListConverter<ContainerSpec>), typeof(EqualListConverter<EnvironmentVariable>),
        typeof(EqualListConverter<DeclaredPort>),
    ])]
[JsonSerializable(typeof(SupervisorRequest))]
[JsonSerializable(typeof(SupervisorLine))]
[JsonSerializable(typeof(PodMemory))]
[JsonSerializable(typeof(PodRecord))]
[JsonSerializable(typeof(WireAction))]
[JsonSerializable(typeof(WireState))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(int[]))]
[JsonSerializable(typeof(ContainerSpec[]))]
[JsonSerializable(typeof(EnvironmentVariable[]))]
[JsonSerializable(typeof(DeclaredPort[]))]
internal sealed partial class SupervisorJson : JsonSerializerContext;
