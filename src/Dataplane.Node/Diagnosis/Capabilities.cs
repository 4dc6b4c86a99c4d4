namespace Dataplane.Node.Diagnosis;

/// <summary>Whether this process has the capabilities that a node needs.</summary>
internal static class Capabilities
{
    public static IEnumerable<Finding> Check() => [Of(NodeCapabilities.Effective())];

    /// <param name="effective">As in /proc/PID/status.</param>
    internal static Finding Of(ulong effective)
    {
        var missing = NodeCapabilities.Missing(effective);
        return missing.Count == 0
            ? Finding.Ok($"capabilities: {NodeCapabilities.NeededText}")
            : Finding.Failed($"missing: {string.Join(", ", missing.Select(c => $"{c.Name} ({c.Purpose})"))}",
                "run it as root; a service gets them by CapabilityBoundingSet= and, with User=, AmbientCapabilities= "
                    + "in its unit");
    }
}
