namespace Dataplane.Integration.Dns;

/// <summary>
/// A connection that cannot be taken is nothing to the others. strace lets every second accept4 fail; the
/// synchronous Accept of .NET then closes descriptor 0.
/// </summary>
public sealed class AcceptTests
{
    // A server that takes no connection any more would be waited for for ever.
    [Theory(Timeout = 60_000)]
    [InlineData("ECONNABORTED")]
    [InlineData("EMFILE")]
    public async Task Connections_that_fail_leave_the_others_and_descriptor_0(string error)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/strace"), "strace is not installed");
        using var log = new TempDirectory();
        using var server = new NameServer(
            ["strace", "-D", "-f", "-qq", "-o", log["log"], "-e", "trace=accept4", "-e",
                $"inject=accept4:error={error}:when=1+2"], []);
        var input = InputOf(server);
        // By its socket, and by TCP.
        await server.TellAsync();
        for (var i = 0; i < 5; i++)
            Assert.Equal("10.96.0.1\n", server.Dig($"@10.9.0.1 +tcp +short {NameServer.Web} A").Succeeded());
        Assert.Equal(input, InputOf(server));
        Assert.Contains($"{error} (", await File.ReadAllTextAsync(
            log["log"], TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static string? InputOf(NameServer server) =>
        new FileInfo($"/proc/{server.ProcessId}/fd/0").LinkTarget;
}
