namespace Dataplane.Integration.Promises;

/// <summary>
/// No command ends with a stack trace, whatever its streams, its user and its paths are: one line, and an exit code.
/// What is refused has made nothing.
/// </summary>
public sealed class LastResortTests : IDisposable
{
    private const string Nobody = "setpriv --reuid=65534 --regid=65534 --clear-groups";

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "dataplane");

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Doctor_of_somebody_who_is_not_root_says_what_needs_root_and_examines_the_rest()
    {
        // The program's files are root's: whoever runs it must be able to read them.
        var said = Run($"{Nobody} {Copy()} doctor");
        Assert.Equal((1, ""), (said.ExitCode, said.Error));
        Assert.Contains("missing: CAP_NET_BROADCAST", said.Output, StringComparison.Ordinal);
        Assert.Contains("enforcement: not examined, that needs root", said.Output, StringComparison.Ordinal);
        Assert.Contains("routes: not examined, that needs root", said.Output, StringComparison.Ordinal);
        Assert.Contains("conntrack: ", said.Output, StringComparison.Ordinal);
        Assert.Contains("open files: ", said.Output, StringComparison.Ordinal);
        Assert.Matches("[0-9]+ ok, [0-9]+ warnings?, 5 failed\n$", said.Output);
    }

    [Theory]
    [InlineData("validate - <&-", 1)]
    [InlineData("matrx 2>&-", 2)]
    [InlineData("--help >&-", 0)]
    [InlineData("--help >/dev/full", 70, "dataplane: No space left on device")]
    [InlineData("matrx 2>/dev/full", 70)]
    [InlineData("matrix -f - <&- >&- 2>&-", 3)]
    [InlineData("apply -f - <&- >&- 2>&-", 3)]
    [InlineData("--help | true", 0)]
    [InlineData("doctor --state-dir /proc/x >/dev/full", 70, "dataplane: No space left on device")]
    public void Streams_that_are_closed_or_full(string line, int exit, string error = "")
    {
        var said = Run($"set -o pipefail; {Program} {line}");
        Assert.True(exit == said.ExitCode && (error.Length == 0 || said.Error.Trim() == error),
            $"{said.ExitCode} {said.Error}");
        AssertNoTrace(said);
    }

    [Theory]
    [InlineData("--state-dir /proc/x", 5, "the state directory /proc/x cannot be used: ")]
    [InlineData("--state-dir /sys/x", 5, "the state directory /sys/x cannot be used: ")]
    [InlineData("--state-dir /etc/passwd", 5, "the state directory /etc/passwd cannot be used: ")]
    [InlineData("--state-dir /dev/null/x", 5, "the state directory /dev/null/x cannot be used: ")]
    [InlineData("--socket /proc/x/s", 70, "socket: nothing can be made in /proc: ")]
    [InlineData("--socket /etc/passwd", 2, "socket: /etc/passwd exists and is no socket; choose another path")]
    [InlineData("--socket /etc", 2, "socket: /etc exists and is no socket; choose another path")]
    [InlineData("--socket /etc/passwd/s", 2, "socket: /etc/passwd is no directory")]
    [InlineData("--socket /tmp/s", 2, "socket: others than root can write to /tmp; choose a directory of its own")]
    [InlineData("--config /dev/full", 2, "/dev/full: larger than 64 KiB")]
    public void A_daemon_that_cannot_be_used_is_refused_before_anything_is_made(string options, int exit, string line)
    {
        var name = $"late-{Environment.ProcessId}";
        var (socket, state) = (_directory["new/s"], _directory["state"]);
        // The option that is tested comes last and wins.
        var given = string.Join(' ', new[] { $"--socket {socket}", $"--state-dir {state}" }
            .Where(o => o.Split(' ')[0] != options.Split(' ')[0]));
        var said = Run($"{Program} daemon --node-name {name} {given} {options}");
        AssertNoTrace(said);
        Assert.Equal(exit, said.ExitCode);
        Assert.StartsWith($"dataplane: {line}", said.Error, StringComparison.Ordinal);
        Assert.Single(said.Error.TrimEnd('\n').Split('\n'));
        Assert.Empty(NodeNames.Of(name));
        Assert.False(Path.Exists($"/run/dataplane/{name}.lock"));
        Assert.DoesNotContain(Directory.GetFileSystemEntries(_directory.Path), p => p != state);
    }

    /// <summary>A read-only file system is what a container without --privileged has.</summary>
    [Fact]
    public void A_read_only_machine_is_refused_in_one_line()
    {
        var said = Run("unshare --mount --propagation private sh -c 'mount -t tmpfs -o ro none /var/lib && "
            + $"exec {Program} daemon --node-name late --socket {_directory["s"]} --state-dir /var/lib/dataplane'");
        AssertNoTrace(said);
        Assert.Equal(5, said.ExitCode);
        Assert.StartsWith("dataplane: the state directory /var/lib/dataplane cannot be used: Read-only file system",
            said.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Capabilities_that_are_missing_are_named_before_anything_is_made()
    {
        var name = $"late-{Environment.ProcessId}";
        var said = Run($"setpriv --bounding-set=-net_broadcast,-net_raw {Program} daemon --node-name {name} --socket "
            + $"{_directory["new/s"]} "
            + $"--state-dir {_directory["state"]}");
        Assert.Equal((4,
            "dataplane: root lacks CAP_NET_BROADCAST, CAP_NET_RAW here: the service's unit, or whoever started the "
            + "container, must grant them\n"), (said.ExitCode, said.Error));
        Assert.Empty(Directory.GetFileSystemEntries(_directory.Path));
        Assert.Empty(NodeNames.Of(name));
    }

    /// <summary>The program's folder where others may read it.</summary>
    private string Copy()
    {
        var folder = _directory["program"];
        Run($"cp -r {AppContext.BaseDirectory} {folder} && chmod -R a+rX {_directory.Path}").Succeeded();
        return Path.Combine(folder, "dataplane");
    }

    private static ToolResult Run(string line) => Tool.Run("bash", ["-c", line]);

    private static void AssertNoTrace(ToolResult said)
    {
        Assert.DoesNotContain("   at ", said.Output + said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", said.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", said.Error, StringComparison.Ordinal);
    }
}
