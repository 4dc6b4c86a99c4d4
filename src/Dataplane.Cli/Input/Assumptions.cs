using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Cli.Input;

/// <summary>What a question supposes beside what is loaded: namespaces, and pods that are not there.</summary>
internal sealed class Assumptions
{
    private readonly Option<AssumedNamespace[]> _namespaces = new("--assume-namespace")
    {
        HelpName = "NAME:K=V,...",
        CustomParser = Parse,
        Description = "The labels of a namespace that is not loaded; may be repeated",
    };

    public void AddTo(Command command) => command.Add(_namespaces);

    /// <summary>The cluster with the namespaces of the command line.</summary>
    /// <exception cref="CommandFailure">A namespace is loaded with other labels.</exception>
    public Cluster Apply(ParseResult parsed, Cluster cluster)
    {
        foreach (var assumed in parsed.GetValue(_namespaces) ?? [])
        {
            cluster = assumed.AddTo(cluster, out var error)
                ?? throw new CommandFailure(ExitCodes.Usage, $"--assume-namespace: {error}");
        }
        return cluster;
    }

    /// <summary>Names of a question about the cluster with the namespaces of the command line.</summary>
    /// <exception cref="CommandFailure">As <see cref="Apply"/>.</exception>
    public QuestionNames Names(ParseResult parsed, Cluster cluster, PerFamily<IPNetwork> networks, string ns) =>
        new(Apply(parsed, cluster), networks, ns);

    /// <summary>Says what was supposed about pods that are not there.</summary>
    public static void Tell(Shell shell, IEnumerable<string> notes)
    {
        foreach (var note in notes) shell.Error.WriteLine($"note: {note}");
    }

    private static AssumedNamespace[] Parse(ArgumentResult result)
    {
        var all = new List<AssumedNamespace>();
        foreach (var token in result.Tokens)
        {
            if (!AssumedNamespace.TryParse(token.Value, out var assumed, out var error))
                result.AddError($"--assume-namespace {token.Value}: {error}");
            else if (all.Exists(a => a.Name == assumed.Name))
                result.AddError($"--assume-namespace {token.Value}: {assumed.Name} is given twice");
            else all.Add(assumed);
        }
        return [.. all];
    }
}
