using System.CommandLine;
using Dataplane.Cli.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Options;

/// <summary>
/// The options for what is said about manifests beside errors: <c>-v</c>, <c>-q</c>, <c>--ignore</c>.
/// </summary>
internal sealed class RemarkOptions
{
    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "Every note in full; without it kinds that are skipped and workloads are one line on stderr",
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "No notes and no warnings on stderr; errors stay",
    };

    private readonly Option<string[]> _ignored = Ignored();

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_ignored, _verbose, _quiet]) command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_verbose) && result.GetValue(_quiet)) result.AddError("either -v or -q");
        });
    }

    public Remarks Of(ParseResult parsed) => new(
        parsed.GetValue(_verbose), parsed.GetValue(_quiet), (parsed.GetValue(_ignored) ?? []).ToHashSet());

    private static Option<string[]> Ignored()
    {
        var option = new Option<string[]>("--ignore")
        {
            HelpName = "CODE",
            CustomParser = result =>
                [
                    .. result.Tokens
                        .SelectMany(t =>
                            t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                        .Select(c => c.ToUpperInvariant())
                ],
            Description = "Leave out warnings and notes of this code, such as S014; may be repeated, or separated by "
                + "commas.\nAn error is never left out, but for K019 and K043: objects with one of these are, and the "
                + "answers hold without them",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string[]>()?.FirstOrDefault(c => !KnownCodes.All.Contains(c)) is { } unknown)
            {
                var near = Suggest.Nearest(unknown, KnownCodes.All);
                result.AddError($"--ignore {unknown}: no diagnostic has this code"
                    + (near is null ? "" : $"; did you mean {near}?"));
            }
        });
        return option;
    }
}
