namespace Dataplane.Cli.Exec;

/// <summary>Programs of this machine, which are those of every pod, and the Debian packages that have them.</summary>
internal static class Programs
{
    /// <summary>Where execvp(3) searches if PATH is not set.</summary>
    private const string DefaultPath = "/bin:/usr/bin";

    /// <summary>A package, then the programs of it that people run in pods.</summary>
    private static readonly string[][] Packages =
    [
        ["curl", "curl"],
        ["wget", "wget"],
        ["bind9-dnsutils", "nslookup", "dig", "nsupdate", "mdig"],
        ["bind9-host", "host"],
        ["iputils-ping", "ping", "ping4", "ping6"],
        ["iputils-tracepath", "tracepath"],
        ["iputils-arping", "arping"],
        ["netcat-openbsd", "nc", "netcat", "nc.openbsd"],
        ["ncat", "ncat"],
        ["nmap", "nmap", "nping"],
        ["socat", "socat"],
        ["telnet", "telnet"],
        ["tcpdump", "tcpdump"],
        ["tshark", "tshark"],
        ["iperf3", "iperf3"],
        ["iperf", "iperf"],
        ["iproute2", "ip", "ss", "tc", "bridge", "nstat"],
        ["net-tools", "ifconfig", "netstat", "route", "arp"],
        ["traceroute", "traceroute", "traceroute6"],
        ["mtr-tiny", "mtr"],
        ["nftables", "nft"],
        ["iptables", "iptables", "ip6tables", "iptables-save"],
        ["ipset", "ipset"],
        ["conntrack", "conntrack"],
        ["ethtool", "ethtool"],
        ["openssh-client", "ssh", "scp", "sftp"],
        ["openssl", "openssl"],
        ["python3", "python3"],
        ["httpie", "http", "https"],
        ["jq", "jq"],
        ["busybox", "busybox"],
        ["lsof", "lsof"],
        ["strace", "strace"],
        ["apache2-utils", "ab"],
        ["postgresql-client", "psql", "pg_isready"],
        ["default-mysql-client", "mysql", "mysqladmin"],
        ["redis-tools", "redis-cli"],
    ];

    /// <summary>Says what is missing; null if the program is found, or if its name is a path.</summary>
    /// <param name="path">The variable PATH; null if it is not set.</param>
    public static string? Missing(string program, string? path)
    {
        if (program.Length == 0 || program.Contains('/', StringComparison.Ordinal)) return null;
        // An empty directory of PATH is the working directory.
        var isFound = (path ?? DefaultPath).Split(':')
            .Any(directory => File.Exists(Path.Combine(directory.Length == 0 ? "." : directory, program)));
        if (isFound) return null;
        var package = Array.Find(Packages, p => p.AsSpan(1).Contains(program))?[0];
        return $"{program}: no such program on this machine, whose files a pod uses"
            + (package is null ? "" : $"; Debian has it in {package}: sudo apt install {package}");
    }
}
