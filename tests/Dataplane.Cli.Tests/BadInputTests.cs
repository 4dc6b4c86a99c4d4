namespace Dataplane.Cli.Tests;

/// <summary>Input that is refused: nothing on stdout, the place and the reason on stderr, exit code 3.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_missing_file() =>
        _cli.Run("matrix", "-f", "/no/such/file.yaml")
            .ShouldFail(3, "dataplane: /no/such/file.yaml: no such file or directory");

    [Fact]
    public void An_empty_file() => Refused(_cli.File("a.yaml", ""), "error[K018]: no Kubernetes objects in DIR/a.yaml");

    [Fact]
    public void Binary_garbage() => Refused(_cli.File("a.yaml", [0x7f, 0x45, 0x4c, 0x46, 0, 1, 0xff, 0xfe]),
        "error[Y005]: not a text file in UTF-8");

    [Fact]
    public void A_yaml_bomb()
    {
        var lines = new List<string> { "a0: &a0 [x, x, x, x, x, x, x, x, x, x]" };
        for (var i = 1; i < 12; i++)
            lines.Add($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]");
        Refused(_cli.File("a.yaml", string.Join('\n', lines)), "error[Y008]");
    }

    [Fact]
    public void The_same_object_twice() =>
        Refused(_cli.File("a.yaml", Cli.Policy + "---\n" + Cli.Policy), "error[K015]");

    [Fact]
    public void Two_pods_that_want_one_address()
    {
        const string Pod = """
            apiVersion: v1
            kind: Pod
            metadata: { name: NAME, namespace: x }
            spec: { containers: [{ name: c, image: i }] }
            status: { podIP: 10.0.0.9 }
            ---

            """;
        Refused(_cli.File("a.yaml",
            Pod.Replace("NAME", "a", StringComparison.Ordinal)
                + Pod.Replace("NAME", "b", StringComparison.Ordinal)), "error[K016]");
    }

    [Fact]
    public void Two_pods_that_want_the_same_two_addresses_are_one_mistake()
    {
        const string pod = """
            apiVersion: v1
            kind: Pod
            metadata: { name: NAME, namespace: x }
            spec: { containers: [{ name: c, image: i }] }
            status: { podIP: 10.0.0.9, podIPs: [{ ip: 10.0.0.9 }, { ip: "fd00::9" }] }
            ---

            """;
        var text = string.Concat(((string[])["a", "b"]).Select(n => pod.Replace("NAME", n, StringComparison.Ordinal)));
        var outcome = _cli.Run("validate", "-o", "json", _cli.File("a.yaml", text));
        Assert.Equal("pods `x/a` and `x/b` both ask for the addresses 10.0.0.9 and fd00::9",
            Assert.Single(outcome.Json["diagnostics"]!.AsArray())!["message"]!.GetValue<string>());
    }

    [Fact]
    public void A_pod_network_that_is_full()
    {
        var outcome = _cli.Run("matrix", "-f", _cli.Example(), "--pod-cidr", "10.9.0.0/30");
        Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
        Assert.StartsWith("error[A001]: the pod network 10.9.0.0/30 is full: no address left for pod x/other\n"
            + "  --> DIR/pods.yaml:11:1\n", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("\ndataplane: 1 error in the manifests; nothing was done\n", outcome.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Notes_go_to_stderr_and_stop_nothing()
    {
        var path =
            _cli.File("a.yaml", Cli.Pods + "---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: s }\n");
        var outcome = _cli.Run("matrix", "-v", "-f", path, "-o", "csv");
        Assert.Equal(0, outcome.Exit);
        Assert.StartsWith("note[K020]: ", outcome.Error, StringComparison.Ordinal);
        Assert.EndsWith("  (DIR/a.yaml:17)\n", outcome.Error, StringComparison.Ordinal);
        Assert.StartsWith("protocol,port", outcome.Out, StringComparison.Ordinal);
    }

    private void Refused(string path, string headline)
    {
        foreach (var command in (string[][])[["matrix"], ["why", "x/a", "x/b"], ["rules"]])
        {
            var outcome = _cli.Run([.. command, "-f", path]);
            Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
            Assert.StartsWith(headline, outcome.Error, StringComparison.Ordinal);
            Assert.EndsWith("nothing was done\n", outcome.Error, StringComparison.Ordinal);
        }
        Assert.Equal(1, _cli.Run("validate", path).Exit);
    }
}
