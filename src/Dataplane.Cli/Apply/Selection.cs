using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Kinds;

namespace Dataplane.Cli.Apply;

/// <summary>Objects to delete by <c>--all</c> or <c>-l</c>, which the daemon's list of objects resolves.</summary>
/// <param name="ns">The command's <c>-n</c>.</param>
internal sealed class Selection(Option<string> ns)
{
    private readonly Option<bool> _all = new("--all") { Description = "All objects of KIND in the namespace" };
    private readonly Option<bool> _everywhere = ObjectScope.AllNamespaces();
    private readonly Option<LabelFilter> _labels = LabelFilter.Option();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_all, _labels, _everywhere]) command.Add(option);
    }

    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_all) || parsed.GetValue(_labels) is not null;

    /// <exception cref="CommandFailure">There is no kind, or a name as well; or no daemon answers.</exception>
    public IReadOnlyList<ObjectReference> Find(DaemonClient client, ParseResult parsed, string? kind, string[] names)
    {
        if (kind is null) throw new CommandFailure(ExitCodes.Usage, "which kind? --all and -l are for one: KIND --all");
        var scope = Scope(parsed, kind);
        if (names is not [] || scope.Asked.Name is not null)
            throw new CommandFailure(ExitCodes.Usage, "either names, or --all, or -l");
        var objects = client.Get(ApiPaths.Objects, ApiJson.Default.ObjectsResponse).Objects;
        return [.. objects.Where(scope.Contains).Select(o => new ObjectReference(o.Kind, o.Name))];
    }

    /// <summary>
    /// Counts the selected pods that stay: a workload that stays makes them. Names of a workload's pods begin with its
    /// name.
    /// </summary>
    public static int Left(IReadOnlyList<ObjectReference> selected, ChangeResponse answer) => selected.Count(o =>
        !answer.Objects.Any(gone => (gone.Kind, gone.Name) == (o.Kind, o.Name)
            || (gone.Kind != ObjectKinds.Pod.Name && o.Name.StartsWith($"{gone.Name}-", StringComparison.Ordinal))));

    /// <summary>Says that nothing is selected.</summary>
    public string None(ParseResult parsed, string kind) => Scope(parsed, kind).None();

    private ObjectScope Scope(ParseResult parsed, string kind) => new(
        ObjectNames.Parse(kind, null, null),
        parsed.GetValue(_everywhere) ? null : parsed.GetValue(ns) ?? ObjectNames.DefaultNamespace,
        parsed.GetValue(_labels));
}
