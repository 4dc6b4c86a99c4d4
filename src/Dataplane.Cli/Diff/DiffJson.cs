using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Policy.Diff;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Cli.Diff;

/// <summary>
/// Writes a diff directly to the stream, an entry for every pair and family, because a change for a thousand pods has a
/// million entries.
/// </summary>
internal static class DiffJson
{
    private readonly record struct Entry(string From, string To, string Ports, AddressFamily Family);

    public static void Write(Utf8JsonWriter json, ClusterDiff diff)
    {
        json.WriteStartObject();
        Flows(json, diff);
        json.WriteStartArray("objects");
        foreach (var change in diff.Objects)
        {
            json.WriteStartObject();
            json.WriteString("kind", change.Kind);
            json.WriteString("name", change.Name);
            json.WriteString("change", DiffMarkdown.Word(change.Change));
            json.WriteString("file", change.Position.File);
            json.WriteNumber("line", change.Position.Line);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the members that are about flows.</summary>
    public static void Flows(Utf8JsonWriter json, ClusterDiff diff)
    {
        Flows(json, "opened", diff.Opened);
        Flows(json, "closed", diff.Closed);
        json.WriteStartObject("exposure");
        Flows(json, "opened", diff.Exposure.Opened);
        Flows(json, "closed", diff.Exposure.Closed);
        json.WriteEndObject();
    }

    private static void Flows(Utf8JsonWriter json, string name, IReadOnlyList<FlowChange> changes)
    {
        var entries = changes.SelectMany(Entries).ToArray();
        Array.Sort(entries, Compare);
        json.WriteStartArray(name);
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("from", entry.From);
            json.WriteString("to", entry.To);
            json.WriteString("ports", entry.Ports);
            json.WriteString("family", entry.Family.Text());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static IEnumerable<Entry> Entries(FlowChange change) => change.Families.SelectMany(family =>
    {
        var destinations = change.To.Where(name => IsOf(name, family)).ToList();
        return from source in change.From
               where IsOf(source, family)
               from destination in destinations
               where destination != source
               select new Entry(source, destination, change.PortsText, family);
    });

    /// <summary>True if the endpoint has the family. A CIDR has one family, other ends those of the change.</summary>
    private static bool IsOf(string name, AddressFamily family) => EndNames.KindOf(name) != EndKind.Cidr
        || name.Contains(':') == (family == AddressFamily.InterNetworkV6);

    private static int Compare(Entry one, Entry other)
    {
        var order = string.CompareOrdinal(one.From, other.From);
        if (order == 0) order = string.CompareOrdinal(one.To, other.To);
        if (order == 0) order = one.Family.CompareTo(other.Family);
        return order == 0 ? string.CompareOrdinal(one.Ports, other.Ports) : order;
    }
}
