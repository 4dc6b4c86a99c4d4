using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Reading.Fields;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Services;

/// <summary>
/// What Services and EndpointSlices say about zones and nodes: it is checked, and not followed, for one node has one
/// zone.
/// </summary>
internal static class Topology
{
    private const int MaxHints = 8;

    private static readonly string[] Distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];

    private static readonly string[] Annotations =
        ["service.kubernetes.io/topology-mode", "service.kubernetes.io/topology-aware-hints"];

    private static readonly FieldTable Hint = new("EndpointHint", "name");

    public static readonly FieldTable Hints = new("EndpointHints", new Field("forZones", FieldShape.List, Hint),
        new Field("forNodes", FieldShape.List, Hint));

    /// <summary>A note at the first field of a Service that asks for endpoints that are near.</summary>
    public static void CheckService(MappingReader obj, MappingReader spec)
    {
        NodeReader? first = null;
        if (spec.Filled("trafficDistribution") is { } field && Words.Read(field, Distributions) is not null)
        {
            first = spec.Key("trafficDistribution");
        }
        var annotations = Annotations.Select(key => MetadataReader.Annotation(obj, key)).OfType<NodeReader>()
            .Where(a => a.String() is not ("" or "Disabled" or "disabled"));
        if ((first ?? annotations.Select(a => (NodeReader?)a).FirstOrDefault()) is { } at)
        {
            Note(at, "the Service wants endpoints that are near");
        }
    }

    /// <summary>A note at the first hint of a slice.</summary>
    /// <param name="all">The hints of its endpoints.</param>
    public static void CheckSlice(IEnumerable<NodeReader> all)
    {
        NodeReader? first = null;
        foreach (var hints in all)
        {
            first ??= hints;
            if (hints.Mapping(Hints) is { } fields)
            {
                CheckNames(fields, "forZones", "zone", Names.LabelValue);
                CheckNames(fields, "forNodes", "node", Names.Subdomain);
            }
        }
        if (first is { } at)
        {
            Note(at, "the slice says for which zones or nodes its endpoints are");
        }
    }

    private static void CheckNames(MappingReader hints, string field, string what, Func<string, string?> rule)
    {
        var items = hints.Items(field);
        EndpointParts.CheckCount(hints, field, items.Count, MaxHints);
        foreach (var item in items)
        {
            if (item.Mapping(Hint)?.Required("name") is { } at && at.String() is { } name)
            {
                MetadataReader.CheckName(at, name, what, rule);
            }
        }
    }

    private static void Note(NodeReader at, string what) => at.Bag.Add(new Diagnostic(Codes.TopologyIgnored,
        Severity.Note, what, at.Position, at.Length, "read, and not followed", "one node has one zone"));
}
