namespace Dataplane.Cli.Tests;

/// <summary><c>cni</c>: the plugin and its network in the directories of a runtime.</summary>
public sealed class CniTests : IDisposable
{
    private readonly Cli _cli = new();

    private string Programs => Path.Combine(Path.GetDirectoryName(_cli.Socket)!, "bin");

    private string Networks => Path.Combine(Path.GetDirectoryName(_cli.Socket)!, "net.d");

    private string Plugin => Path.Combine(Programs, "dataplane-cni");

    private string Network => Path.Combine(Networks, "10-dataplane.conflist");

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void Install_writes_both_files_and_says_so()
    {
        var first = Run("install");
        Assert.Equal((0, ""), (first.Exit, first.Error));
        Assert.Equal(["DIR/bin/dataplane-cni installed", "DIR/net.d/10-dataplane.conflist installed"], Lines(first));
        Assert.Equal(UnixFileMode.UserExecute, File.GetUnixFileMode(Plugin) & UnixFileMode.UserExecute);
        Assert.Equal(2, Directory.GetFiles(Programs).Length + Directory.GetFiles(Networks).Length);
        Assert.All(Lines(Run("install")), line => Assert.EndsWith(" unchanged", line, StringComparison.Ordinal));
        // Another version of the plugin is replaced, and that is told.
        File.WriteAllText(Plugin, "old");
        Assert.Equal("DIR/bin/dataplane-cni replaced", Lines(Run("install"))[0]);
    }

    [Fact]
    public void Install_does_not_replace_what_somebody_has_edited()
    {
        Run("install");
        var edited = File.ReadAllText(Network).Replace("\"default\"", "\"podman\"", StringComparison.Ordinal);
        File.WriteAllText(Network, edited);
        File.Delete(Plugin);
        var refused = Run("install");
        Assert.Equal((3, ""), (refused.Exit, refused.Out));
        Assert.Contains("--force", refused.Error, StringComparison.Ordinal);
        Assert.Equal(edited, File.ReadAllText(Network));
        // Nothing was done at all.
        Assert.False(File.Exists(Plugin));
        Assert.Equal("DIR/net.d/10-dataplane.conflist replaced", Lines(Run("install", "--force"))[1]);
        Assert.NotEqual(edited, File.ReadAllText(Network));
    }

    [Fact]
    public void Install_into_what_is_no_directory_fails()
    {
        File.WriteAllText(Programs, "");
        Assert.Equal(4, Run("install").Exit);
    }

    [Fact]
    public void Check_says_what_is_missing()
    {
        var found = Run("check");
        Assert.Equal(1, found.Exit);
        Assert.Collection(Lines(found),
            line => Assert.StartsWith("DIR/bin/dataplane-cni: the plugin is missing", line, StringComparison.Ordinal),
            line => Assert.StartsWith("DIR/net.d: no network is for dataplane-cni", line, StringComparison.Ordinal),
            line => Assert.StartsWith("no daemon answers at ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Check_finds_another_version_and_another_network_that_is_first()
    {
        Directory.CreateDirectory(Programs);
        File.WriteAllText(Path.Combine(Programs, "portmap"), "");
        Run("install");
        File.WriteAllText(Path.Combine(Programs, "bridge"), "");
        Assert.Equal(["no daemon answers at"], Told(Run("check")));
        File.AppendAllText(Plugin, "more");
        File.WriteAllText(Path.Combine(Networks, "05-other.conflist"),
            """{"cniVersion": "1.0.0", "name": "other", "plugins": [{"type": "bridge"}]}""");
        Assert.Equal(
        [
            "DIR/bin/dataplane-cni: the plugin of another version",
            "DIR/net.d/05-other.conflist: its name comes before 10-dataplane.conflist", "no daemon answers at",
        ], Told(Run("check")));
        File.Delete(Path.Combine(Programs, "portmap"));
        Assert.Contains("DIR/net.d/10-dataplane.conflist:12:15: plugins[1].type: there is no plugin portmap",
            Run("check").Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"default\"", "\"Default\"", "9:34: plugins[0].dataplane.namespace: \"Default\" is no name")]
    [InlineData("\"labels\": {", "\"labels\": {\"a b\": \"\"", "9:56: plugins[0].dataplane.labels.a b: \"a b\" is no")]
    [InlineData("\"labels\": {", "\"labels\": {\"a\": \"-\"", "9:61: plugins[0].dataplane.labels.a: \"-\" is no value")]
    [InlineData("\"labels\": {", "\"labels\": {\"a\": 1", "9:61: plugins[0].dataplane.labels.a: it must be a text")]
    [InlineData("\"socket\"", "\"sockets\"", "7:7: plugins[0].sockets: not supported")]
    [InlineData("\"ips\"", "\"mac\"", "8:24: plugins[0].capabilities.mac: not supported")]
    [InlineData("\"1.0.0\"", "\"1.7.0\"", "2:17: cniVersion: \"1.7.0\" is no version")]
    [InlineData("\"name\": \"dataplane\",", "", "name is missing")]
    [InlineData("\"plugins\"", "\"plugin\"", "")]
    [InlineData("\"cniVersion\"", "\"version\"", "2:3: version: no member of a list")]
    [InlineData("  ]\n", "", "no valid JSON")]
    [InlineData("\"type\": \"dataplane-cni\",", "", "5:5: plugins[0]: type is missing")]
    public void Check_tells_each_fault_with_its_place(string there, string instead, string told)
    {
        Run("install");
        var text = File.ReadAllText(Network);
        Assert.Contains(there, text, StringComparison.Ordinal);
        File.WriteAllText(Network, text.Replace(there, instead, StringComparison.Ordinal));
        var found = Run("check");
        Assert.Equal(1, found.Exit);
        Assert.Contains(told, found.Out, StringComparison.Ordinal);
        if (told.Length > 0) Assert.Contains("DIR/net.d/10-dataplane.conflist:", found.Out, StringComparison.Ordinal);
    }

    private Outcome Run(string action, params string[] more) => _cli.Run(
        ["cni", action, "--bin-dir", Programs, "--conf-dir", Networks, "--socket", _cli.Socket, .. more]);

    private static string[] Lines(Outcome outcome) => outcome.Out.TrimEnd('\n').Split('\n');

    /// <summary>The beginnings of lines, as far as they say what and not how.</summary>
    private static string[] Told(Outcome outcome) => [.. Lines(outcome).Select(line =>
        line.Split("; ")[0].Split(": containerd")[0].Replace(" DIR/s", "", StringComparison.Ordinal))];
}
