namespace Dataplane.Integration.Attacks;

/// <summary>All packets of live connections pass the rules.</summary>
[Collection(AttackCollection.Name)]
public sealed class AttackTests(AttackLab lab) : AttackBattery(lab);
