namespace Dataplane.Integration.KubernetesSessions;

/// <summary>One command of a session, and what is expected of it.</summary>
/// <param name="Before">The lines of prose and layout above it, as they stand in the file.</param>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Command">Lines of bash.</param>
/// <param name="Wanted">What every client prints that has no words of its own in <paramref name="Other"/>.</param>
/// <param name="Other">What a client of this version prints.</param>
/// <param name="NotRun">The reasons why it is not run with a client of this version.</param>
/// <param name="NotYet">A key of <c>not-yet.txt</c>: why it is run with no client; null: it is run.</param>
internal sealed record SessionStep(
    string[] Before, int Line, string[] Command, Wanted Wanted, IReadOnlyDictionary<string, Wanted> Other,
    IReadOnlyDictionary<string, string> NotRun, string? NotYet)
{
    public Wanted For(string version) => Other.GetValueOrDefault(version, Wanted);

    /// <summary>The same with what a client of this version has printed.</summary>
    /// <param name="isForAll">Also of every other client that has no words of its own.</param>
    public SessionStep Recorded(string version, bool isForAll, Wanted said)
    {
        var (wanted, other) = (isForAll ? said : Wanted, new Dictionary<string, Wanted>(Other));
        if (!isForAll) other[version] = said;
        return this with { Wanted = wanted, Other = other.Where(o => !o.Value.Is(wanted)).ToDictionary() };
    }
}

/// <summary>What a command prints, on both streams, and its exit code.</summary>
internal sealed record Wanted(string[] Lines, int ExitCode)
{
    public bool Is(Wanted other) => ExitCode == other.ExitCode && Lines.SequenceEqual(other.Lines);

    /// <summary>Whether it is this that was printed: see <see cref="Placeholders"/>.</summary>
    public bool Allows(string output, int exitCode) =>
        exitCode == ExitCode && Placeholders.Pattern(Lines).IsMatch(Placeholders.Even(output));
}
