using System.Net.Sockets;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Input;

/// <summary>The probes of a command: those of <c>--probe</c>, else the default ones.</summary>
internal static class AskedProbes
{
    /// <summary>A warning on stderr says which default probes were left out.</summary>
    /// <param name="given">The probes of <c>--probe</c>; null or empty: none were given.</param>
    /// <param name="externals">Number of addresses outside that take part.</param>
    /// <param name="mostFlows">See <see cref="DefaultProbes.Of"/>.</param>
    public static IReadOnlyList<Probe> Of(
        Shell shell, Probe[]? given, Cluster cluster, int externals, AddressFamily? only, long mostFlows)
    {
        if (given is { Length: > 0 }) return Probes.Sorted(given);
        var found = DefaultProbes.Of(cluster, externals, only, mostFlows);
        if (found.Cut is { } cut) shell.Error.WriteLine($"warning: {cut}");
        return found.Probes;
    }
}
