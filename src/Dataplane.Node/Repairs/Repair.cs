namespace Dataplane.Node.Repairs;

/// <summary>A repair: something of the node that another process had changed, and that has been restored.</summary>
/// <param name="What">Such as <c>address 10.244.0.1 of dp0</c>.</param>
/// <param name="Found">What was found instead, such as <c>missing</c>.</param>
public sealed record Repair(string What, string Found);
