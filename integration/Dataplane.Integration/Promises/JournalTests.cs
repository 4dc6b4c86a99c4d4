using System.Diagnostics;
using Dataplane.Node.Layout;
using Dataplane.Node.Live;

namespace Dataplane.Integration.Promises;

/// <summary>
/// What the daemon writes to standard error where systemd says that the journal reads it, and where it does not.
/// </summary>
public sealed class JournalTests
{
    [Theory]
    [InlineData("$(stat -Lc %d:%i \"$0\")", "<6>")]
    [InlineData("$(stat -Lc %d:%i /dev/null)", "")]
    [InlineData("no-stream", "")]
    public void Priorities_are_for_the_journal(string stream, string prefix)
    {
        using var directory = new TempDirectory();
        var (name, file) = (RunName.Next(), directory.Write("stderr", ""));
        var start = new ProcessStartInfo("sh",
        [
            "-c", $"exec 2>\"$0\"; JOURNAL_STREAM={stream} exec \"$@\"", file,
            Path.Combine(AppContext.BaseDirectory, "dataplane"), "daemon", "--node", "simulated", "--node-name", name,
            "--socket", directory["run/s"], "--state-dir", directory["state"],
        ]);
        using var daemon = Process.Start(start)!;
        try
        {
            Steady.Until(
                () => daemon.HasExited || Lines().Any(l => l.Contains(" listening on ", StringComparison.Ordinal)),
                () => File.ReadAllText(file));
            Process.Start("kill", $"-TERM {daemon.Id}").WaitForExit();
            Assert.True(daemon.WaitForExit(PodSocket.Patience), "the daemon does not stop");
            Assert.NotEmpty(Lines());
            Assert.All(Lines(), l => Assert.Matches($"^{prefix}[0-9]{{4}}-[^<]* info ", l));
        }
        finally
        {
            if (!daemon.HasExited) daemon.Kill();
            daemon.WaitForExit();
            LiveNode.Destroy(name);
        }

        string[] Lines() => File.ReadAllText(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
