using System.Diagnostics;

namespace Dataplane.Integration.Dns;

/// <summary>unbound with names of example.com; whoever asks for one of silent.example is not answered.</summary>
internal sealed class Upstream : IDisposable
{
    private const string Program = "/usr/sbin/unbound";

    private readonly TempDirectory _directory = new();
    private Process? _process;

    /// <summary>Returns when it answers; the test is skipped where unbound is not installed.</summary>
    /// <param name="netns">The name of the namespace in which it answers.</param>
    public void Serve(string netns, params string[] addresses)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/dig"), "dig is not installed");
        Assert.SkipUnless(File.Exists(Program), "unbound is not installed");
        var many = string.Join('\n', Enumerable.Range(1, 100)
            .Select(i => $"  local-data: \"many.example.com. 5 IN A 192.0.3.{i}\""));
        var configuration = _directory.Write("unbound.conf", $"""
            server:
            {string.Join('\n', addresses.Select(a => $"  interface: {a}"))}
              access-control: 0.0.0.0/0 allow
              access-control: ::/0 allow
              username: ""
              chroot: ""
              directory: "{_directory.Path}"
              pidfile: ""
              use-syslog: no
              do-daemonize: no
              max-udp-size: 512
              local-zone: "example.com." static
              local-zone: "silent.example." deny
              local-data: "www.example.com. 5 IN A 192.0.2.1"
            {many}
            """);
        _process = Process.Start("nsenter",
            [$"--net=/run/netns/{netns}", Program, "-c", configuration, "-d"]);
        Assert.All(addresses, address => Assert.True(SpinWait.SpinUntil(() => InNetns.Try(
            netns, "dig", $"@{address} +tries=1 +time=5 +short www.example.com A").Output.Trim() == "192.0.2.1",
            PodSocket.Patience)));
    }

    public void Dispose()
    {
        if (_process is { HasExited: false }) _process.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _directory.Dispose();
    }
}
