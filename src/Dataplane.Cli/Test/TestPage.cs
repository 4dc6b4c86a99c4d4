using Dataplane.Cli.Page;
using Dataplane.Policy.Assertions;

namespace Dataplane.Cli.Test;

/// <summary>
/// A test as a page: every result with the lines that ask for it, and of failures why it is so. The rest of the page is
/// about the manifests of the last step.
/// </summary>
internal static class TestPage
{
    /// <summary>Largest number of failures that are explained, and of lines that are shown.</summary>
    private const int MostExplained = 500;

    public static PageDocument Of(PageDocument head, TestReport report)
    {
        var last = report.Cases[^1].Case;
        var page = new PageBuilder(last.Cluster, last.Sources);
        var answers = new List<PageAnswer?>();
        var explained = 0;
        foreach (var (tested, results) in report.Cases)
        {
            foreach (var result in results)
            {
                var isShown = !result.Ok && explained++ < MostExplained;
                answers.Add(isShown ? Answer(tested, result) : null);
                if (isShown && tested.Source is { } source) page.Files.AddAround(source, result.Position.Line);
            }
            page.AddPolicies(tested.Cluster, tested.Sources);
        }
        return page.Build(head with
        {
            Test = new PageTest(TestData.ToDocument(report), answers),
            Control = report.ControlFailure,
        });
    }

    private static PageAnswer? Answer(AssertionCase tested, AssertionResult result) =>
        tested.Plan.Checks.FirstOrDefault(c => c.Position == result.Position && c.Name == result.Name)
            is { Reaches.Count: 0, Flows: [var flow, ..] } ? PageReasons.Answer(tested.Cluster, flow) : null;
}
