namespace Dataplane.Node.Programming;

/// <summary>How many elements the maps of Services have.</summary>
/// <param name="Frontends">For each family and each side, inside and outside.</param>
public readonly record struct ServiceElements(int Frontends, int Pools, int Slots);
