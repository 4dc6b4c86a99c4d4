using Dataplane.ApiMachinery.Resources;
using Dataplane.ApiMachinery.Schemas;
using Dataplane.Kubernetes.Reading;
using Dataplane.Kubernetes.Reading.Fields;

namespace Dataplane.ApiMachinery.Tests.Schemas;

/// <summary>The fields that the readers of manifests know, held against the types that the API serves.</summary>
public class ReaderFieldTests
{
    /// <summary>Known to readers alone, with the reason behind each.</summary>
    private static readonly Dictionary<string, string> ReadersOnly = new()
    {
        ["BaselineAdminNetworkPolicyEgressPeer.domainNames"] =
            "read to be refused as something that cannot be enforced, which says more than that it is unknown",
        ["NetworkPolicy.status"] = "was an alpha field of 1.24 to 1.27 and still stands in exported manifests",
    };

    [Fact]
    public void Readers_and_schemas_know_the_same_fields()
    {
        var differences = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (kind, reader) in KindReaders.All)
        {
            var resource = ApiResources.BuiltIn.Single(r => ReferenceEquals(r.Kind, kind));
            Compare(reader.Table, SchemaSet.BuiltIn.Of(resource)!, [], differences);
        }
        var expected = ReadersOnly.Keys.Select(k => $"readers only: {k}");
        differences.SymmetricExceptWith(expected);
        Assert.True(differences.Count == 0, "not as listed:\n" + string.Join('\n', differences));
    }

    private static void Compare(FieldTable table, ApiType type, HashSet<(FieldTable, ApiType)> seen,
        SortedSet<string> differences)
    {
        if (table == FieldTable.Unknown || !seen.Add((table, type)))
        {
            return;
        }
        var name = type.Name[(type.Name.LastIndexOf('.') + 1)..];
        foreach (var field in type.Fields.Where(f => !table.Knows(f.Name)))
        {
            differences.Add($"schema only: {name}.{field.Name}");
        }
        foreach (var field in table.Fields)
        {
            if (type.Find(field.Name) is not { } known)
            {
                differences.Add($"readers only: {name}.{field.Name}");
            }
            else if (field.Shape != FieldShape.Leaf)
            {
                var isList = known.Count == ValueCount.List;
                if (isList != (field.Shape == FieldShape.List))
                {
                    differences.Add($"{name}.{field.Name} is a list on one side alone");
                }
                if (field.Type is { } below && known.Type is { } next)
                {
                    Compare(below, next(), seen, differences);
                }
            }
        }
    }
}
