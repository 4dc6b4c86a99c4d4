using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Suggestions;

/// <summary>The smallest edits that give a flow the wanted verdict, and the families for which they do.</summary>
/// <param name="Suggestion">Null: no edit that is known here does.</param>
public sealed record FamilySuggestion(Suggestion? Suggestion, IReadOnlyList<AddressFamily> Families)
{
    /// <summary>One answer for each family, and one for several where the edits are the same.</summary>
    /// <param name="flow">The flow; its own family does not count.</param>
    /// <param name="allow">The wanted verdict.</param>
    public static IReadOnlyList<FamilySuggestion> Find(Cluster cluster, Flow flow,
        IReadOnlyList<AddressFamily> families, bool allow) =>
    [
        .. families.Select(family =>
            (Family: family, Found: Suggestion.Find(cluster, flow with { Family = family }, allow)))
            .GroupBy(f => f.Found is null ? null : string.Join('\n', f.Found.Edits))
            .Select(g => new FamilySuggestion(g.First().Found, [.. g.Select(f => f.Family)])),
    ];
}
