namespace Dataplane.Supervisor;

/// <summary>The options of <c>run</c>.</summary>
/// <param name="Netns">Null: this process is where it is to be.</param>
/// <param name="HasSession">This process leads its session already.</param>
internal sealed record VerbOptions(string Directory, string Socket, string Cgroup, string? Netns, bool HasSession)
{
    private const string Session = "--has-session";

    /// <summary>As for a process that has entered the namespace.</summary>
    public IEnumerable<string> WithoutNetns =>
        ["--directory", Directory, "--socket", Socket, "--cgroup", Cgroup, Session];

    /// <returns>Null: they are none.</returns>
    public static VerbOptions? Of(ReadOnlySpan<string> arguments)
    {
        var options = new VerbOptions("", "", "", null, HasSession: false);
        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i] == Session)
            {
                options = options with { HasSession = true };
                continue;
            }
            if (i + 1 == arguments.Length) return null;
            var value = arguments[i + 1];
            switch (arguments[i++])
            {
                case "--directory": options = options with { Directory = value }; break;
                case "--socket": options = options with { Socket = value }; break;
                case "--cgroup": options = options with { Cgroup = value }; break;
                case "--netns": options = options with { Netns = value }; break;
                default: return null;
            }
        }
        return options is { Directory: "" } or { Socket: "" } or { Cgroup: "" } ? null : options;
    }
}
