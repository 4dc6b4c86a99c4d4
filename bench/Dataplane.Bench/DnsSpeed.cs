using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Dataplane.Dns.Feeding;
using Dataplane.Linux.Namespaces;
using Dataplane.Services.Names;

namespace Dataplane.Bench;

/// <summary>
/// Answers of the name server and of unbound with one thread, 10,000 names, both on one CPU by UDP; dnsperf asks from
/// another one, with 200 queries under way.
/// </summary>
internal static partial class DnsSpeed
{
    private const int Names = 10_000, Rounds = 9;

    private const string What = "DNS, time for an answer on one core";

    private const string Server = "1", Client = "0";

    public static void Run()
    {
        if (!Yardsticks.Has("dnsperf") || !Yardsticks.Has("unbound") || Environment.ProcessorCount < 2)
        {
            Figures.Skipped(What, "needs two CPUs, and dnsperf and unbound: apt install dnsperf unbound");
            return;
        }
        using var directory = new TempDirectory();
        var name = $"dpbench-{Environment.ProcessId}-dns";
        using var netns = Netns.Create(name);
        try
        {
            Inside("ip", "link", "set", "lo", "up").WaitForExit();
            var queries = directory.Write("queries", string.Concat(Range().Select(i => $"{Name(i)} A\n")));
            var feed = directory["feed"];
            using var ours = Inside("taskset", "-c", Server, BenchDaemon.Program, "dns-server", "--address",
                "127.0.0.1", "--feed", feed, "--limit", "100000000");
            ours.StandardOutput.ReadLine();
            Tell(feed).GetAwaiter().GetResult();
            using var unbound = Inside("taskset", "-c", Server, "unbound", "-d", "-c",
                directory.Write("unbound.conf", Configuration(directory.Path)));
            // The first round of each warms up: the code is compiled, and unbound has read its names.
            while (Ask("127.0.0.2") is null) { }
            Ask("127.0.0.1");
            var (us, them) = (new List<double>(), new List<double>());
            for (var i = 0; i < Rounds; i++)
            {
                us.Add(1e6 / Ask("127.0.0.1")!.Value);
                them.Add(1e6 / Ask("127.0.0.2")!.Value);
            }
            Figures.Line("DNS answers a second, 10,000 names", $"{1e6 / Figures.Median(us):N0}",
                $"unbound, one thread: {1e6 / Figures.Median(them):N0}");
            Figures.Bar(What, us, "unbound, one thread", them, 2, "us");
            ours.Kill();
            unbound.Kill();
            ours.WaitForExit();
            unbound.WaitForExit();

            double? Ask(string address)
            {
                using var dnsperf = Inside("taskset", "-c", Client, "dnsperf", "-s", address, "-d", queries, "-l", "2",
                    "-c", "20", "-q", "200");
                var found = Rate().Match(dnsperf.StandardOutput.ReadToEnd());
                dnsperf.WaitForExit();
                var rate = found.Success ? double.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
                return rate > 0 ? rate : null;
            }
        }
        finally
        {
            Netns.Delete(name);
        }

        Process Inside(params string[] command) => Process.Start(
            new ProcessStartInfo("nsenter", [$"--net=/run/netns/{name}", .. command])
            {
                RedirectStandardOutput = true, RedirectStandardError = command.Contains("dnsperf"),
            })!;
    }

    private static async Task Tell(string feed)
    {
        using var client = await FeedClient.ConnectAsync(feed, CancellationToken.None);
        await client.SnapshotAsync(1, Range().Select(i => NameRecord.Of(Name(i), Address(i))), CancellationToken.None);
    }

    private static IEnumerable<int> Range() => Enumerable.Range(0, Names);

    private static string Name(int number) => $"svc{number}.ns{number % 50}.svc.cluster.local";

    private static IPAddress Address(int number) => new([10, 96, (byte)(number >> 8), (byte)number]);

    private static string Configuration(string directory) => $"""
        server:
          interface: 127.0.0.2
          username: ""
          chroot: ""
          directory: "{directory}"
          pidfile: ""
          use-syslog: no
          do-daemonize: no
          num-threads: 1
          local-zone: "cluster.local." static
        {string.Join('\n', Range().Select(i => $"  local-data: \"{Name(i)}. 5 IN A {Address(i)}\""))}
        """;

    [GeneratedRegex(@"Queries per second: +([0-9.]+)")]
    private static partial Regex Rate();
}
