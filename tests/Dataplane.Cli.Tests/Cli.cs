using System.Collections;
using System.Text;
using System.Text.Json.Nodes;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests;

/// <summary>What one run of the program said.</summary>
internal sealed record Outcome(int Exit, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;

    /// <summary>Nothing on stdout, and every line of stderr as given.</summary>
    public void ShouldFail(int exit, params string[] lines)
    {
        Assert.Equal("", Out);
        Assert.Equal(lines, Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(exit, Exit);
    }
}

/// <summary>Runs the program in this process, in a directory of its own files, as a user other than root.</summary>
internal sealed class Cli : IDisposable
{
    private readonly TempDirectory _directory = new();

    /// <summary>Two pods, one policy that lets only <c>x/client</c> in on TCP 80.</summary>
    public const string Pods = """
        apiVersion: v1
        kind: Pod
        metadata: { name: web, namespace: x, labels: { app: web } }
        spec: { containers: [{ name: c, image: i, ports: [{ containerPort: 80 }] }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: client, namespace: x, labels: { app: client } }
        spec: { containers: [{ name: c, image: i }] }
        ---
        apiVersion: v1
        kind: Pod
        metadata: { name: other, namespace: x }
        spec: { containers: [{ name: c, image: i }] }

        """;

    public const string Policy = """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata: { name: web, namespace: x }
        spec:
          podSelector: { matchLabels: { app: web } }
          ingress:
            - from: [{ podSelector: { matchLabels: { app: client } } }]
              ports: [{ port: 80 }]

        """;

    /// <returns>The path of a new file.</returns>
    public string File(string name, string text) => _directory.Write(name, text);

    public string File(string name, byte[] bytes)
    {
        System.IO.File.WriteAllBytes(_directory[name], bytes);
        return _directory[name];
    }

    /// <summary>The directory, with <see cref="Pods"/> and <see cref="Policy"/> in it.</summary>
    public string Example()
    {
        File("pods.yaml", Pods);
        File("policy.yaml", Policy);
        return _directory.Path;
    }

    /// <summary>Where this directory's programs look for a daemon.</summary>
    public string Socket => _directory["s"];

    /// <summary>Root, for commands that check it before they ask.</summary>
    public bool IsRoot { get; init; }

    public bool OutIsTerminal { get; init; }

    /// <summary>More environment variables.</summary>
    public Dictionary<string, string> Variables { get; } = [];

    /// <summary>Paths of this directory read <c>DIR/</c> in the outcome.</summary>
    public Outcome Run(params string[] args) => Run("", args);

    public Outcome RunWithInput(string input, params string[] args) => Run(input, args);

    public void Dispose() => _directory.Dispose();

    private Outcome Run(string input, string[] args)
    {
        var output = new MemoryStream();
        var error = new StringWriter { NewLine = "\n" };
        int exit;
        using (var shell = new Shell(output, error, new StringReader(input))
        {
            Environment = new Hashtable(Variables) { [DaemonChoice.Variable] = Socket },
            IsRoot = IsRoot,
            OutIsTerminal = OutIsTerminal,
        })
        {
            exit = App.Run(args, shell);
        }
        return new Outcome(exit, Clean(Encoding.UTF8.GetString(output.ToArray())), Clean(error.ToString()));
    }

    private string Clean(string text) => text.Replace(_directory.Path, "DIR", StringComparison.Ordinal);
}
