using System.Net.Sockets;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Diff;

/// <summary>
/// Endpoints that no policy of either side tells apart. One member, before and after, answers for all of them.
/// </summary>
internal sealed class DiffUnit
{
    /// <summary>Its place among all units, from 0.</summary>
    public int Number { get; set; }

    /// <summary>
    /// Pod names, or <c>node</c>; the text of a selection for pods that are not loaded; empty for addresses outside.
    /// </summary>
    public required IReadOnlyList<string> Names { get; init; }

    public required EndpointPair First { get; init; }

    /// <summary>
    /// For the flows between members; null where there is only one, whose flow to itself is always allowed.
    /// </summary>
    public EndpointPair? Second { get; init; }

    public required IReadOnlyList<AddressFamily> Families { get; init; }

    /// <summary>Addresses outside, of the one family of <see cref="Families"/>.</summary>
    public IReadOnlyList<AddressRange> Ranges { get; init; } = [];

    public bool IsOutside => Ranges.Count > 0;

    /// <summary>The stand-in for pods that are not loaded; null: the members are loaded.</summary>
    public UnloadedPod? Unloaded { get; init; }

    /// <summary>
    /// Of pods that are not loaded: what else the selection stands for, loaded pods above all. What is the same for one
    /// of these has been said.
    /// </summary>
    public IReadOnlyList<DiffUnit> Twins { get; set; } = [];

    /// <summary>
    /// Whether something that concerns what leaves (enters) the members has changed; where not, the answer is the same.
    /// </summary>
    public required bool LeavingChanged { get; init; }
    public required bool EnteringChanged { get; init; }

    /// <summary>
    /// The ports that the policies on either side name in one direction, by family; numbered so that equal ones are
    /// one.
    /// </summary>
    public IReadOnlyDictionary<AddressFamily, int> LeavingCuts { get; init; } = new Dictionary<AddressFamily, int>();
    public IReadOnlyDictionary<AddressFamily, int> EnteringCuts { get; init; } = new Dictionary<AddressFamily, int>();
}

/// <param name="Before">Null: a pod that is new.</param>
/// <param name="After">Null: a pod that is gone.</param>
internal readonly record struct EndpointPair(Endpoint? Before, Endpoint? After)
{
    /// <summary>The endpoint, as it is or was.</summary>
    public Endpoint Any => After ?? Before!;
}
