using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Integration.Conformance;

/// <summary>One cell of an expected matrix.</summary>
/// <param name="Family">Null: in both, where both ends have both.</param>
internal sealed record Expectation(string From, string To, Probe Probe, AddressFamily? Family, bool Allowed)
{
    /// <summary>
    /// Three lists of matrices that differ only in who says so; cells that say "skip" are not asserted.
    /// </summary>
    public static IReadOnlyList<Expectation> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. from list in new[] { "probes", "derived_probes", "external_probes" }
               where document.RootElement.TryGetProperty(list, out _)
               from probe in document.RootElement.GetProperty(list).EnumerateArray()
               from row in probe.GetProperty("matrix").EnumerateObject()
               from cell in row.Value.EnumerateObject()
               let word = cell.Value.GetString()
               where word != "skip"
               select new Expectation(row.Name, cell.Name, ProbeOf(probe), FamilyOf(probe), word switch
               {
                   "allow" => true,
                   "deny" => false,
                   _ => throw new InvalidDataException($"{file}: \"{word}\" is no expectation"),
               }),
        ];
    }

    private static Probe ProbeOf(JsonElement probe) => new(
        Enum.Parse<FlowProtocol>(probe.GetProperty("protocol").GetString()!, ignoreCase: true),
        probe.TryGetProperty("port", out var port) && port.ValueKind == JsonValueKind.Number
            ? port.GetUInt16()
            : (ushort)0);

    private static AddressFamily? FamilyOf(JsonElement probe) =>
        !probe.TryGetProperty("family", out var family) || family.ValueKind == JsonValueKind.Null ? null
            : AddressFamilies.All.First(f => f.Text().Equals(family.GetString(), StringComparison.OrdinalIgnoreCase));
}
