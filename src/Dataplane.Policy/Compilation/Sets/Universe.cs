namespace Dataplane.Policy.Compilation.Sets;

/// <summary>The universes of peers of one direction.</summary>
internal static class Universe
{
    public const int Pods = 0, OutsideIPv4 = 1, OutsideIPv6 = 2, Count = 3;
}
