namespace Dataplane.Integration.KubernetesSessions;

/// <summary>
/// The same sessions with a kubectl of 2021, as far as it can. A class of its own runs beside the other; all but the
/// first session are for <c>make soak</c>.
/// </summary>
public sealed class OlderSessionTests
{
    private const string First = "policies";

    /// <summary>helm is of one version, and is no older beside an older kubectl.</summary>
    public static TheoryData<string> Sessions() => [.. SessionRun.Names.Where(n => n is not ("helm" or First))];

    [Fact]
    public Task An_older_client_prints_the_first_session() => SessionRun.AssertAsync(First, "1.20");

    [Theory(Explicit = true)]
    [MemberData(nameof(Sessions))]
    public Task An_older_client_prints_what_was_recorded(string name) => SessionRun.AssertAsync(name, "1.20");
}
