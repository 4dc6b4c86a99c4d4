using System.Diagnostics;

namespace Dataplane.Integration.Capture;

/// <summary>A machine without libpcap: hidden from one program, in a mount namespace of its own.</summary>
public sealed class NoLibpcapTests
{
    private const string Hide =
        """for f in $(PATH=$PATH:/sbin ldconfig -p | sed -n 's/.*libpcap\.so.* => //p'); do mount --bind /dev/null "$f"; done; exec "$@" """;

    [Theory]
    [InlineData("read needs libpcap", "read", "nothing.pcap")]
    [InlineData("--filter needs libpcap", "capture", "x/a", "--filter", "tcp", "-w", "-", "--socket", "/nowhere")]
    public void What_needs_it_names_the_package(string expected, params string[] arguments)
    {
        var outcome = Run(arguments);
        Assert.Equal((2, ""), (outcome.Exit, outcome.Output));
        Assert.Equal($"dataplane: {expected}, which is not installed: apt-get install libpcap0.8 (Fedora: libpcap)\n",
            outcome.Error);
    }

    [Theory]
    [InlineData("--version")]
    [InlineData("capture", "--help")]
    [InlineData("read", "--help")]
    public void The_rest_does_without(params string[] arguments) =>
        Assert.Equal((0, ""), (Run(arguments).Exit, Run(arguments).Error));

    private static (int Exit, string Output, string Error) Run(string[] arguments)
    {
        var start = new ProcessStartInfo("unshare",
            ["--mount", "--propagation", "private", "sh", "-c", Hide, "sh",
                Path.Combine(AppContext.BaseDirectory, "dataplane"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
