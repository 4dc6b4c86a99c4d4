namespace Dataplane.Integration.KubernetesSessions;

/// <summary>Recorded sessions with the newest kubectl, and with helm.</summary>
public sealed class SessionTests
{
    public static TheoryData<string> Sessions() => [.. SessionRun.Names];

    [Theory]
    [MemberData(nameof(Sessions))]
    public Task What_clients_print_is_what_was_recorded(string name)
    {
        if (name == "helm") KubernetesClients.Helm();
        return SessionRun.AssertAsync(name, SessionRun.Newest);
    }

    /// <summary>What is not run is said in one place, and nothing is said there of what is.</summary>
    [Fact]
    public void Every_step_that_is_not_run_has_a_reason()
    {
        var reasons = File.ReadLines(Path.Combine(SessionRun.Folder, "not-yet.txt"))
            .Where(l => l.Length > 0 && !l.StartsWith('#')).Select(l => l.Split(": ", 2)[0]);
        var used = SessionRun.Names
            .SelectMany(n => SessionFile.Read(Path.Combine(SessionRun.Folder, $"{n}.session")).Steps)
            .Select(s => s.NotYet).OfType<string>().Distinct();
        Assert.Equal(reasons.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }
}
