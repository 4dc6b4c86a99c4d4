using System.CommandLine;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Policy.Assertions;
using Dataplane.Policy.Matrix;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;
using Dataplane.Policy.Services;

namespace Dataplane.Cli.Matrix;

/// <summary>Which rows and columns of a matrix are asked for.</summary>
internal sealed class MatrixSelection
{
    private readonly Option<string[]>
        _from = Ends("--from", "SRC",
            "Only these sources: namespace/pod, namespace/workload, NAMESPACE/{app=x} for a pod that is not loaded, an "
                + "IP address, a CIDR or node; a name alone is of the namespace that -n names; may be repeated"),
        _to = Ends("--to", "DST", "Only these destinations, written the same, or service:namespace/name");

    private readonly Option<LabelFilter> _labels = LabelFilter.Option();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_from, _to, _labels]) command.Add(option);
    }

    /// <summary>True if destinations are named.</summary>
    public bool NamesDestinations(ParseResult parsed) => IsGiven(parsed, _to);

    /// <summary>True if sources are named and no destinations.</summary>
    public bool IsBySource(ParseResult parsed) => IsGiven(parsed, _from) && !IsGiven(parsed, _to);

    /// <param name="ns">The namespace that the command line names; null: none.</param>
    /// <param name="externals">Addresses that are rows and columns too.</param>
    /// <exception cref="CommandFailure">A name means nothing, or no pod is left.</exception>
    public MatrixEnds Of(
        ParseResult parsed, QuestionNames names, string? ns, IReadOnlyList<ExternalEndpoint> externals)
    {
        var cluster = names.Cluster;
        var all = MatrixEnds.All(cluster, externals);
        var labels = parsed.GetValue(_labels);
        return new MatrixEnds(End(_from, all.Sources), End(_to, all.Destinations));

        IReadOnlyList<Endpoint> End(Option<string[]> option, IReadOnlyList<Endpoint> every)
        {
            if (IsGiven(parsed, option))
            {
                return MatrixEnds.Sorted(parsed.GetRequiredValue(option)
                    .Where(text => option != _to || Service(names, text) is null)
                    .SelectMany(text => Named(names, option.Name, text, isDestination: option == _to)));
            }
            if (ns is null && labels is null) return every;
            IReadOnlyList<Endpoint> left = [.. every.Where(e => e is not PodEndpoint pod
                || ((ns is null || pod.Pod.Namespace == ns) && labels?.Matches(pod.Pod.Labels) is not false))];
            return left.Any(e => e is PodEndpoint) || cluster.Pods.Count == 0 ? left
                : throw new CommandFailure(ExitCodes.Usage, $"no pod{(ns is null ? "" : $" in namespace {ns}")}"
                    + (labels is null ? "" : " has the labels of --selector"));
        }
    }

    /// <summary>Those that --to names; without it all, or those of the namespace.</summary>
    /// <exception cref="CommandFailure">There is no such Service.</exception>
    public IReadOnlyList<PlacedService> Services(ParseResult parsed, QuestionNames names, string? ns) =>
        IsGiven(parsed, _to)
            ? [.. parsed.GetRequiredValue(_to).Select(text => Service(names, text)).OfType<PlacedService>().Distinct()
                .OrderBy(service => service.Name, StringComparer.Ordinal)]
            : [.. names.Cluster.Services.Where(service => ns is null || service.Object.Namespace == ns)];

    private static PlacedService? Service(QuestionNames names, string text)
    {
        var service = names.Service(text, out var error);
        error ??= service is null ? null : Addressless.Why(names.Cluster, service);
        return error is null ? service : throw new CommandFailure(ExitCodes.Usage, $"--to {text}: {error}");
    }

    private static IReadOnlyList<Endpoint> Named(QuestionNames names, string option, string text, bool isDestination)
    {
        var found = EndpointWords.Find(names, text, isDestination, out var error);
        return error is null ? found : throw new CommandFailure(ExitCodes.Usage, $"{option} {text}: {error}");
    }

    private static bool IsGiven(ParseResult parsed, Option<string[]> option) =>
        parsed.GetValue(option) is { Length: > 0 };

    private static Option<string[]> Ends(string name, string word, string description) =>
        new(name) { HelpName = word, Description = description };
}
