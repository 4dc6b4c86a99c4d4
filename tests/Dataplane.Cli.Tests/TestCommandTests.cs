using System.Xml.Linq;

namespace Dataplane.Cli.Tests;

public sealed class TestCommandTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    private const string Expect = """
        expect:
          - { from: x/client, to: x/web, port: 80, want: allow }
          - { from: x/other, to: x/web, port: [80, ICMP], want: deny }

        """;

    /// <summary>
    /// The example with an assertion file beside it; its second expectation does not hold where
    /// <paramref name="wrong"/>.
    /// </summary>
    private string Directory(bool wrong = false)
    {
        var path = _cli.Example();
        _cli.File("expect.yaml",
            wrong ? Expect.Replace("[80, ICMP], want: deny", "80, want: allow", StringComparison.Ordinal) : Expect);
        return path;
    }

    [Fact]
    public void All_as_expected()
    {
        var outcome = _cli.Run("test", Directory());
        Assert.Equal((0, "", "✓ DIR/expect.yaml   3 passed\n\n3 passed, 0 failed\n"),
            (outcome.Exit, outcome.Error, outcome.Out));
    }

    [Fact]
    public void Table_gives_the_reason()
    {
        var outcome = _cli.Run("test", Directory(wrong: true));
        Assert.Equal((1, "", """
            ✗ DIR/expect.yaml   1 passed, 1 failed
              ✗ x/other -> x/web TCP 80   want ALLOWED   got DENIED   DIR/expect.yaml:3
                  x/web (DIR/policy.yaml:1) isolates x/web for ingress; nearest: x/web wants podSelector app=client

            1 passed, 1 failed

            """), (outcome.Exit, outcome.Error, outcome.Out));
    }

    [Fact]
    public void Json_is_as_fixed()
    {
        var outcome = _cli.Run("test", "-o", "json", Directory(wrong: true));
        Assert.Equal((1, """
            {
              "results": [
                {
                  "name": "x/client -> x/web TCP 80",
                  "want": "allow",
                  "got": "allowed",
                  "ok": true,
                  "because": "",
                  "file": "DIR/expect.yaml",
                  "line": 2
                },
                {
                  "name": "x/other -> x/web TCP 80",
                  "want": "allow",
                  "got": "denied",
                  "ok": false,
                  "because": "x/web (DIR/policy.yaml:1) isolates x/web for ingress; nearest: x/web wants podSelector app=client",
                  "file": "DIR/expect.yaml",
                  "line": 3
                }
              ],
              "passed": 1,
              "failed": 1,
              "undecided": 0
            }

            """), (outcome.Exit, outcome.Out));
    }

    [Fact]
    public void Tap() => Assert.Equal("""
        TAP version 14
        1..2
        # DIR/expect.yaml
        ok 1 - x/client -> x/web TCP 80 allow
        not ok 2 - x/other -> x/web TCP 80 allow
          ---
          want: allowed
          got: denied
          because: "x/web (DIR/policy.yaml:1) isolates x/web for ingress; nearest: x/web wants podSelector app=client"
          at: "DIR/expect.yaml:3"
          ...

        """, _cli.Run("test", "-o", "tap", Directory(wrong: true)).Out);

    [Fact]
    public void JUnit_has_the_reason_in_the_body()
    {
        var suite =
            XDocument.Parse(_cli.Run("test", "-o", "junit", Directory(wrong: true)).Out).Root!.Element("testsuite")!;
        Assert.Equal(("DIR/expect.yaml", "2", "1", "0"),
            ((string)suite.Attribute("name")!, (string)suite.Attribute("tests")!, (string)suite.Attribute("failures")!,
                (string)suite.Attribute("errors")!));
        var cases = suite.Elements("testcase").ToList();
        Assert.Empty(cases[0].Elements());
        Assert.Equal("want ALLOWED got DENIED", (string)cases[1].Element("failure")!.Attribute("message")!);
        Assert.StartsWith("x/web (DIR/policy.yaml:1) isolates x/web for ingress", cases[1].Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_reason_for_a_flow_that_should_be_denied()
    {
        _cli.Example();
        var path = _cli.File("out.expect.yaml", "expect: [{ from: x/web, to: 192.0.2.7, port: 443, want: deny }]\n");
        Assert.Contains("      x/web: no policy isolates it for egress\n", _cli.Run("test", path).Out,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_and_defaults()
    {
        _cli.File("pods.yaml", Cli.Pods);
        _cli.File("policy.yaml", Cli.Policy);
        var path = _cli.File("any-name.yaml", """
            manifests: pods.yaml
            steps:
              - name: open
                default: allow
              - manifests: [policy.yaml]
                default: allow
                expect: [{ from: x/other, to: { labels: { app: web } }, port: 80, want: deny }]
            """);
        var outcome = _cli.Run("test", path);
        Assert.Equal((0, "",
            "✓ DIR/any-name.yaml: open   6 passed\n✓ DIR/any-name.yaml: step 2   6 passed\n\n12 passed, 0 failed\n"),
            (outcome.Exit, outcome.Error, outcome.Out));
        Assert.Equal("open", _cli.Run("test", path, "-o", "json").Json["results"]![0]!["step"]!.GetValue<string>());
    }

    [Fact]
    public void What_cannot_be_tested()
    {
        var path = _cli.Example();
        _cli.Run("test", path)
            .ShouldFail(3, "dataplane: DIR: no assertion files; they are called expect.yaml or end in .expect.yaml");
        _cli.Run("test", "/no/such").ShouldFail(3, "dataplane: /no/such: no such file or directory");
        Refused("wants.expect.yaml", "expect: [{ from: x/client, to: x/web, want: maybe }]", "want");
        Refused("nobody.expect.yaml", "expect: [{ from: x/clint, to: x/web, want: allow }]",
            "no pod \"x/clint\"; did you mean \"x/client\"?");
        Refused("missing.expect.yaml", "manifests: [gone.yaml]\ndefault: deny",
            "DIR/gone.yaml: no such file or directory");
        _cli.File("broken.yaml", Cli.Policy.Replace("ingress:", "ingres:", StringComparison.Ordinal));
        Refused("broken.expect.yaml", "manifests: [broken.yaml]\ndefault: deny", "error[K001]: unknown field `ingres`");

        void Refused(string name, string text, string why)
        {
            var outcome = _cli.Run("test", _cli.File(name, text + "\n"));
            Assert.Equal((3, ""), (outcome.Exit, outcome.Out));
            Assert.Contains(why, outcome.Error, StringComparison.Ordinal);
        }
    }
}
