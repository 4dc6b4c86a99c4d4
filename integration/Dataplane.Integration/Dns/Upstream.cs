using System.Diagnostics;

namespace Dataplane.Integration.Dns;

/// <summary>unbound with names of example.com, at 10.9.0.3 of a name server's namespace.</summary>
internal sealed class Upstream : IDisposable
{
    private const string Program = "/usr/sbin/unbound";

    private readonly TempDirectory _directory = new();
    private Process? _process;

    /// <summary>Returns when it answers; the test is skipped where unbound is not installed.</summary>
    public void Serve(NameServer server)
    {
        Assert.SkipUnless(File.Exists(Program), "unbound is not installed");
        var many = string.Join('\n', Enumerable.Range(1, 100)
            .Select(i => $"  local-data: \"many.example.com. 5 IN A 192.0.3.{i}\""));
        var configuration = _directory.Write("unbound.conf", $"""
            server:
              interface: 10.9.0.3
              access-control: 0.0.0.0/0 allow
              username: ""
              chroot: ""
              directory: "{_directory.Path}"
              pidfile: ""
              use-syslog: no
              do-daemonize: no
              max-udp-size: 512
              local-zone: "example.com." static
              local-data: "www.example.com. 5 IN A 192.0.2.1"
            {many}
            """);
        _process = Process.Start("nsenter",
            [$"--net=/run/netns/{server.Netns}", Program, "-c", configuration, "-d"]);
        Assert.True(SpinWait.SpinUntil(
            () => server.Dig("@10.9.0.3 +short www.example.com A").Output.Trim() == "192.0.2.1", PodSocket.Patience));
    }

    public void Dispose()
    {
        if (_process is { HasExited: false }) _process.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _directory.Dispose();
    }
}
