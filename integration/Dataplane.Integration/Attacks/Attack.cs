using System.Net.Sockets;
using Dataplane.Policy.Model;
using Dataplane.Policy.Selectors;

namespace Dataplane.Integration.Attacks;

/// <summary>Frames that a pod with a packet socket sends, and who may see them.</summary>
/// <param name="MayReach">Endpoints that the attacker may talk to anyway, and that these frames are addressed
/// to.</param>
internal sealed record Attack(string Name, Func<Scene, IEnumerable<byte[]>> Frames, params string[] MayReach)
{
    public static IReadOnlyDictionary<string, Attack> All { get; } =
        ForgedSources.All.Concat(LinkLayer.All).Concat(Neighbourhood.All).Concat(IpHeaders.All).Concat(Fragments.All)
            .Concat(ForgedReplies.All).Concat(IcmpErrors.All).Concat(Tunnels.All).ToDictionary(a => a.Name);

    public static IEnumerable<AddressFamily> Families => AddressFamilies.All;

    public static string In(AddressFamily family) => $" ({family.Text()})";
}
