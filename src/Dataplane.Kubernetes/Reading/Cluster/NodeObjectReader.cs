using System.Net;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Cluster;

/// <summary>
/// core/v1 Node: labels and InternalIP addresses; the rest of what <c>kubectl get -o yaml</c> prints is accepted
/// unread.
/// </summary>
internal static class NodeObjectReader
{
    private static readonly FieldTable Address = new("NodeAddress", "type", "address");

    private static readonly FieldTable Status = new("NodeStatus", new Field("addresses", FieldShape.List, Address),
        "capacity", "allocatable", "phase",
        "conditions", "daemonEndpoints", "nodeInfo", "images", "volumesInUse", "volumesAttached", "config",
        "runtimeHandlers", "features", "declaredFeatures");

    public static readonly FieldTable Table = new(ObjectKinds.Node.Name, "apiVersion", "kind",
        new Field("metadata", FieldShape.Object, MetadataReader.Table), "spec",
        new Field("status", FieldShape.Object, Status));

    public static NodeObject? Read(MappingReader obj)
    {
        var metadata = MetadataReader.Read(obj, ObjectKinds.Node, Names.Subdomain);
        var addresses = new List<IPAddress>();
        foreach (var item in obj.Field("status")?.Mapping(Status)?.Items("addresses") ?? [])
        {
            if (item.Mapping(Address) is { } entry && entry.Field("type")?.String() == "InternalIP"
                && entry.Required("address") is { } field
                && HostAddresses.Read(field, "an address a node can have") is { } address
                && !addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }
        return metadata is null ? null : new NodeObject(metadata.Name, metadata.Labels, addresses, obj.Position);
    }
}
