using System.Globalization;

namespace Dataplane.Cli.Terminal;

internal static class Privilege
{
    /// <summary>linux/capability.h: CAP_NET_ADMIN, CAP_NET_RAW, CAP_SYS_ADMIN.</summary>
    private const ulong OfTheDaemon = 1ul << 12 | 1ul << 13 | 1ul << 21;

    /// <summary>Requires root, which namespaces, links and nf_tables need; called before any change.</summary>
    /// <exception cref="CommandFailure">The user is not root.</exception>
    public static void Require(Shell shell, string command)
    {
        if (!shell.IsRoot)
            throw new CommandFailure(ExitCodes.NoAccess, $"needs root: run it with sudo dataplane {command}");
    }

    /// <summary>Requires the capabilities, whatever the user: root in a container may lack them.</summary>
    /// <exception cref="CommandFailure">A capability is missing.</exception>
    public static void RequireCapabilities(Shell shell, string command)
    {
        if ((shell.Capabilities & OfTheDaemon) != OfTheDaemon)
        {
            throw new CommandFailure(
                ExitCodes.NoAccess,
                $"needs root, or CAP_NET_ADMIN, CAP_NET_RAW and CAP_SYS_ADMIN: run it with sudo dataplane {command}");
        }
    }

    public static ulong EffectiveCapabilities()
    {
        const string Key = "CapEff:";
        var line = File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
        return line is not null
            && ulong.TryParse(
                line.AsSpan(Key.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits)
            ? bits
            : 0;
    }
}
