using System.Globalization;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 ServicePort: one port of a Service and the port of the endpoints that it leads to.</summary>
/// <param name="Name">Null where the Service has one port without a name.</param>
/// <param name="TargetNumber">Null where <see cref="TargetName"/> is given.</param>
/// <param name="TargetName">The name of a container port, which each pod may give another number.</param>
/// <param name="NodePort">The port of the nodes that the manifest asks for; null: one is assigned where the type has
/// some.</param>
public sealed record ServicePort(string? Name, TransportProtocol Protocol, ushort Port, ushort? TargetNumber,
    string? TargetName, ushort? NodePort, SourcePosition Position)
{
    /// <summary>Where <c>targetPort</c> stands; null: it is not written.</summary>
    public SourcePosition? TargetPosition { get; init; }

    /// <summary>Where <c>nodePort</c> stands; null: it is not written.</summary>
    public SourcePosition? NodePortPosition { get; init; }

    /// <summary>Where to look for <c>nodePort</c>.</summary>
    public SourcePosition NodePortPlace => NodePortPosition ?? Position;

    /// <summary>The target as a manifest writes it.</summary>
    public string Target => TargetName ?? TargetNumber!.Value.ToString(CultureInfo.InvariantCulture);
}
