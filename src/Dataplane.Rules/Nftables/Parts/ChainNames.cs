using Dataplane.Rules.Shape;

namespace Dataplane.Rules.Nftables.Parts;

/// <summary>The names of chains that more than one part knows, or that a reader of counters and traces knows.</summary>
public static class ChainNames
{
    /// <summary>The end of every judgement that allows: writes the epoch into the connection and accepts.</summary>
    internal const string Stamp = "stamp";

    /// <summary>As <see cref="Stamp"/>, after the connections of the sender have been counted.</summary>
    internal const string Admit = "admit";

    internal const string LogLimit = "log_limit";

    /// <summary>Counts and answers: nobody serves here.</summary>
    public const string Refuse = "refuse";

    private const string Drop = "drop_";

    /// <summary>The chain that counts, logs and drops for a reason.</summary>
    public static string ForReason(string dropReason) => Drop + dropReason.Replace('-', '_');

    /// <summary>The reason of a chain made by <see cref="ForReason"/>; null for any other chain.</summary>
    public static string? ReasonOf(string chain) =>
        chain.StartsWith(Drop, StringComparison.Ordinal) ? chain[Drop.Length..].Replace('_', '-') : null;

    /// <summary>The chain that ends a judgement in favour of the endpoint that opened the connection.</summary>
    internal static string Admitted(NodeShape node) => node.ConnectionsPerPod is null ? Stamp : Admit;
}
