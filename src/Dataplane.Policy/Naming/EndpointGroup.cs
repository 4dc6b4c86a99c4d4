using Dataplane.Policy.Model;

namespace Dataplane.Policy.Naming;

/// <summary>
/// What one name stands for in a question: an endpoint, or pods of which an answer is expected to be the same.
/// </summary>
/// <param name="Name">The spelling with its namespace; of one endpoint, its own name.</param>
/// <param name="Ends">At least one; pods in the order of their names.</param>
public sealed record EndpointGroup(string Name, IReadOnlyList<Endpoint> Ends)
{
    public static EndpointGroup Of(Endpoint endpoint) => new(endpoint.Name, [endpoint]);

    /// <summary>
    /// Every end of <paramref name="from"/> with every end of <paramref name="to"/>. An end with itself is left out
    /// where there are others, because it is always allowed and no answer about the others.
    /// </summary>
    public static IReadOnlyList<(Endpoint From, Endpoint To)> Pairs(EndpointGroup from, EndpointGroup to)
    {
        var all = from.Ends.SelectMany(_ => to.Ends, (source, destination) => (From: source, To: destination)).ToList();
        return all.Count == 1 ? all : [.. all.Where(pair => pair.From != pair.To)];
    }

    public bool Equals(EndpointGroup? other) =>
        other is not null && Name == other.Name && Ends.SequenceEqual(other.Ends);

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);
}

/// <summary>Either a group or the reason there is none, in one sentence for the user.</summary>
public readonly record struct GroupResolution(EndpointGroup? Group, string? Error);
