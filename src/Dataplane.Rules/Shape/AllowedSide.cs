namespace Dataplane.Rules.Shape;

/// <summary>The side of a flow that a rule has allowed: leaving its source, or entering its destination.</summary>
public enum AllowedSide { Leaving, Entering }
