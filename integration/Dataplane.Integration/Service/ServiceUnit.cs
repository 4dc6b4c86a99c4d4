namespace Dataplane.Integration.Service;

/// <summary>deploy/dataplane.service, and a process started as systemd starts it: what the unit says is read from
/// it.</summary>
internal sealed class ServiceUnit
{
    private readonly ILookup<string, string> _settings = File.ReadAllLines(SourceTree.Full("deploy/dataplane.service"))
        .Where(l => l.Contains('=', StringComparison.Ordinal) && l[0] != '#')
        .ToLookup(l => l[..l.IndexOf('=', StringComparison.Ordinal)], l =>
            l[(l.IndexOf('=', StringComparison.Ordinal) + 1)..]);

    public string this[string name] => _settings[name].Single();

    public IReadOnlyList<string> Capabilities => this["CapabilityBoundingSet"].Split(' ');

    /// <summary>The arguments of the program.</summary>
    public IReadOnlyList<string> Arguments => this["ExecStart"].Split(' ')[1..];

    /// <summary>
    /// A shell line that becomes the program: in a mount namespace of its own, whose /run and /var/lib are empty but
    /// for the directories of the unit, with the unit's capabilities, umask and limits, and the filter of system calls
    /// where one is given.
    /// </summary>
    /// <param name="filter">A file of struct sock_filter; null: none.</param>
    public string CommandLine(string program, IEnumerable<string> capabilities, string? filter)
    {
        var set = string.Concat(capabilities.Select(c => $",+{c["CAP_".Length..].ToLowerInvariant()}"));
        var guarded = filter is null ? program : $"perl -e '{Loader}' {filter} {program}";
        return $"""
            set -e
            mount -t tmpfs none /run
            mount -t tmpfs none /var/lib
            mkdir -m {this["RuntimeDirectoryMode"]} /run/{this["RuntimeDirectory"]}
            mkdir -m {this["StateDirectoryMode"]} /var/lib/{this["StateDirectory"]}
            umask {this["UMask"]}
            ulimit -n {this["LimitNOFILE"]} 2>/dev/null || true # a container may not raise it
            exec setpriv --no-new-privs --bounding-set=-all{set} {guarded} {string.Join(' ', Arguments)}
            """;
    }

    /// <summary>PR_SET_SECCOMP with SECCOMP_MODE_FILTER, prctl(2), x86-64.</summary>
    private const string Loader = """
        open F, "<:raw", shift; local $/; $f = <F>; $p = pack("S x6 P", length($f) / 8, $f);
        syscall(157, 22, 2, $p) == 0 or die "seccomp: $!"; exec @ARGV;
        """;
}
