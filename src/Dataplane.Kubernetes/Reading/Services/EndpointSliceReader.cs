using System.Net;
using System.Net.Sockets;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Objects;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;
using Dataplane.Kubernetes.Yaml;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>
/// discovery.k8s.io/v1 EndpointSlice, with the validation of the API server (ValidateEndpointSlice). What it says
/// about zones is not followed: see <see cref="Topology"/>.
/// </summary>
internal static class EndpointSliceReader
{
    private const string ServiceLabel = "kubernetes.io/service-name";
    private const string ManagedBy = "endpointslice.kubernetes.io/managed-by";
    private const string OfIPv4 = "IPv4", OfIPv6 = "IPv6", OfNames = "FQDN";
    private const int MaxEndpoints = 1000, MaxAddresses = 100, MaxPorts = 20_000;

    private static readonly string[] Controllers =
        ["endpointslice-controller.k8s.io", "endpointslicemirroring-controller.k8s.io"];

    private static readonly FieldTable Conditions = new("EndpointConditions", "ready", "serving", "terminating");

    private static readonly FieldTable Endpoint = new("Endpoint", "addresses",
        new Field("conditions", FieldShape.Object, Conditions), "hostname",
        new Field("targetRef", FieldShape.Object, EndpointParts.TargetReference),
        new Field("deprecatedTopology", FieldShape.Map), "nodeName", "zone",
        new Field("hints", FieldShape.Object, Topology.Hints));

    public static readonly FieldTable Table = new(ObjectKinds.EndpointSlice.Name, "apiVersion", "kind",
        new Field("metadata", FieldShape.Object, MetadataReader.Table), "addressType",
        new Field("endpoints", FieldShape.List, Endpoint), new Field("ports", FieldShape.List, EndpointParts.Port));

    public static EndpointsObject? Read(MappingReader obj)
    {
        var metadata = MetadataReader.Read(obj, ObjectKinds.EndpointSlice, Names.Subdomain);
        var type = obj.Required("addressType") is { } field
            ? Words.Read(field, [OfIPv4, OfIPv6, OfNames]) : null;
        var endpoints = obj.Items("endpoints");
        EndpointParts.CheckCount(obj, "endpoints", endpoints.Count, MaxEndpoints);
        var addresses = endpoints.SelectMany(e => One(e, type)).ToList();
        Topology.CheckSlice(endpoints.Select(HintsOf).OfType<NodeReader>());
        EndpointParts.CheckCount(obj, "ports", obj.Items("ports").Count, MaxPorts);
        var subset = new EndpointSubset(addresses, EndpointParts.Ports(obj, areComplete: false));
        return metadata is null ? null : new EndpointsObject(ObjectKinds.EndpointSlice, metadata.Namespace,
            metadata.Name, metadata.Labels, metadata.Labels.GetValueOrDefault(ServiceLabel),
            metadata.Labels.TryGetValue(ManagedBy, out var who) && Controllers.Contains(who),
            addresses.Count == 0 ? [] : [subset], obj.Position);
    }

    /// <summary>
    /// All addresses of an endpoint are one and the same, and the first is used. Names (FQDN) are accepted, and lead
    /// nowhere, as in a cluster.
    /// </summary>
    private static IEnumerable<EndpointAddress> One(NodeReader at, string? type)
    {
        if (at.Mapping(Endpoint) is not { } fields)
        {
            yield break;
        }
        var items = fields.Required("addresses", "an endpoint has at least one")?.Items() ?? [];
        if (items.Count == 0 && fields.Field("addresses") is { } empty)
        {
            empty.Error(Codes.MissingField, $"{empty.Path} is empty", "an endpoint has at least one address");
        }
        EndpointParts.CheckCount(fields, "addresses", items.Count, MaxAddresses);
        if (fields.Field("deprecatedTopology") is { } topology)
        {
            Labels.ReadMap(topology);
        }
        if (type == OfNames)
        {
            CheckNames(items);
        }
        var valid = type == OfNames ? [] : items.Select(i => Address(i, type)).OfType<IPAddress>().ToList();
        var conditions = fields.Field("conditions")?.Mapping(Conditions);
        var (ready, terminating) = (Flag("ready") ?? true, Flag("terminating") ?? false);
        var serving = Flag("serving") ?? ready;
        var (host, node, pod) = (EndpointParts.HostName(fields), EndpointParts.NodeName(fields),
            EndpointParts.Pod(fields));
        if (valid.Count > 0)
        {
            yield return new EndpointAddress(valid[0], ready, serving, terminating, host, node, pod, at.Position);
        }

        bool? Flag(string name) => conditions?.Field(name)?.Boolean();
    }

    /// <summary>The hints of an endpoint whose unknown fields have been reported.</summary>
    private static NodeReader? HintsOf(NodeReader endpoint) => endpoint.Node is YamlMapping fields
        ? new MappingReader(endpoint, fields, Endpoint).Field("hints") : null;

    private static void CheckNames(IReadOnlyList<NodeReader> items)
    {
        foreach (var item in items)
        {
            if (item.String() is { } name)
            {
                MetadataReader.CheckName(item, name, "domain", text => !text.TrimEnd('.').Contains('.')
                    ? "a full name has at least two parts" : Names.Subdomain(text.EndsWith('.') ? text[..^1] : text));
            }
        }
    }

    private static IPAddress? Address(NodeReader at, string? type)
    {
        if (EndpointParts.Address(at) is not { } address || type is null)
        {
            return null;
        }
        if (address.AddressFamily == AddressFamily.InterNetwork == (type == OfIPv4))
        {
            return address;
        }
        at.Error(Codes.InvalidAddress, $"{Quote.Of($"{address}")} is not an {type} address",
            $"`addressType` is {type}", help: "a slice has addresses of one family: write another slice for it");
        return null;
    }
}
