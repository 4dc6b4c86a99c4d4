using System.Diagnostics;
using Dataplane.Integration.Chaos;

namespace Dataplane.Integration.Daemon;

/// <summary>The daemon's socket where the kernel refuses connections that it has announced.</summary>
public sealed class ListenerTests
{
    [Theory]
    [InlineData("ECONNABORTED")]
    [InlineData("EMFILE")]
    public void Connections_that_cannot_be_taken_leave_the_others_and_descriptor_0(string error)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        using var log = new TempDirectory();
        using var daemon = DaemonProcess.Within(
            ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-o", log["log"], "-e", "trace=accept4", "-e",
                $"inject=accept4:error={error}:when=1+2"]);
        var input = InputOf(daemon);
        for (var i = 0; i < 4; i++)
        {
            Tool.Run(new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "dataplane"), $"status --socket {daemon.Socket}")).Succeeded();
        }
        Assert.Equal(input, InputOf(daemon));
        Assert.Contains($"{error} (", File.ReadAllText(log["log"]), StringComparison.Ordinal);
    }

    private static string? InputOf(DaemonProcess daemon) => new FileInfo($"/proc/{daemon.ProcessId}/fd/0").LinkTarget;
}
