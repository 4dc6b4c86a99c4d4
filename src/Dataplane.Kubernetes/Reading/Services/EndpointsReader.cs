using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>core/v1 Endpoints, with the validation of the API server (ValidateEndpoints).</summary>
internal static class EndpointsReader
{
    private const string ManagedBy = "endpoints.kubernetes.io/managed-by";
    private const string LastChange = "endpoints.kubernetes.io/last-change-trigger-time";

    private static readonly FieldTable Address = new("EndpointAddress", "ip", "hostname", "nodeName",
        new Field("targetRef", FieldShape.Object, EndpointParts.TargetReference));

    private static readonly FieldTable Subset = new("EndpointSubset", new Field("addresses", FieldShape.List, Address),
        new Field("notReadyAddresses", FieldShape.List, Address),
        new Field("ports", FieldShape.List, EndpointParts.Port));

    public static readonly FieldTable Table = new(ObjectKinds.Endpoints.Name, "apiVersion", "kind",
        new Field("metadata", FieldShape.Object, MetadataReader.Table), new Field("subsets", FieldShape.List, Subset));

    public static EndpointsObject? Read(MappingReader obj)
    {
        var metadata = MetadataReader.Read(obj, ObjectKinds.Endpoints, Names.Subdomain);
        var subsets = obj.Items("subsets").Select(One).OfType<EndpointSubset>().ToList();
        return metadata is null ? null : new EndpointsObject(ObjectKinds.Endpoints, metadata.Namespace, metadata.Name,
            metadata.Labels, metadata.Name,
            metadata.Labels.ContainsKey(ManagedBy) || MetadataReader.Annotation(obj, LastChange) is not null, subsets,
            obj.Position);
    }

    private static EndpointSubset? One(NodeReader at)
    {
        if (at.Mapping(Subset) is not { } subset)
        {
            return null;
        }
        var (ready, waiting) = (subset.Items("addresses"), subset.Items("notReadyAddresses"));
        if (ready.Count == 0 && waiting.Count == 0)
        {
            at.Error(Codes.MissingField, $"{at.Path} has no address", "`addresses` or `notReadyAddresses` is needed");
        }
        var addresses = ready.Select(a => Item(a, isReady: true)).Concat(waiting.Select(a => Item(a, isReady: false)));
        return new EndpointSubset([.. addresses.OfType<EndpointAddress>()],
            EndpointParts.Ports(subset, areComplete: true));
    }

    private static EndpointAddress? Item(NodeReader at, bool isReady) =>
        at.Mapping(Address) is not { } fields || fields.Required("ip") is not { } ip
            || EndpointParts.Address(ip) is not { } address ? null
            : new EndpointAddress(address, isReady, isReady, false, EndpointParts.HostName(fields),
                EndpointParts.NodeName(fields), EndpointParts.Pod(fields), at.Position);
}
