using System.Buffers;
using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Diagnostics;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Completion;

/// <summary>A candidate for the word at the cursor.</summary>
internal readonly record struct Candidate(string Word, string? Description = null);

/// <summary>
/// Finds the candidates for the word at the cursor: commands, options, their values, and names from the daemon. An
/// empty result lets the shell complete files.
/// </summary>
internal sealed class Completer(Shell shell, RootCommand root)
{
    /// <summary>Longest wait for the daemon, short enough for interactive completion.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Characters of a name that no shell treats specially.</summary>
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@");

    /// <param name="words">The words after the program's name up to the cursor; the last one is incomplete and may be
    /// empty.</param>
    public IEnumerable<Candidate> Complete(IReadOnlyList<string> words)
    {
        // bash also splits words at = and at :, and passes these as words.
        var before = Joined(words.Where(w => w != "="));
        var typed = "";
        if (words.Count > 0 && words[^1] != "=")
        {
            typed = before[^1];
            before.RemoveAt(before.Count - 1);
        }
        // It replaces the last of the words that it passed.
        var kept = words.Count == 0 || words[^1] == "=" ? 0 : words[^1] == ":" ? typed.Length
            : typed.Length - words[^1].Length;
        return Find(before, typed, out var prefix).Where(c =>
            c.Word.StartsWith(typed[prefix.Length..], StringComparison.Ordinal))
            .Select(c => c with { Word = (prefix + c.Word)[kept..] })
            .DistinctBy(c => c.Word)
            .OrderBy(c => c.Word, StringComparer.Ordinal);
    }

    /// <summary>With the words on both sides of a : that stands alone made one.</summary>
    private static List<string> Joined(IEnumerable<string> words)
    {
        var joined = new List<string>();
        var isOpen = false;
        foreach (var word in words)
        {
            if (joined.Count > 0 && (word == ":" || isOpen)) joined[^1] += word;
            else joined.Add(word);
            isOpen = word == ":";
        }
        return joined;
    }

    private IEnumerable<Candidate> Find(List<string> before, string typed, out string prefix)
    {
        prefix = "";
        if (before.Contains("--")) return [];
        if (before is []) return typed.StartsWith('-') ? Options(root, before) : Commands();
        if (root.Subcommands.FirstOrDefault(c => c.Name == before[0]) is not { } command) return [];
        if (typed.StartsWith("--", StringComparison.Ordinal)
            && typed.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
        {
            prefix = typed[..(equals + 1)];
            return Named(command, typed[..equals]) is { } given ? Values(given, before) : [];
        }
        if (before.Count > 1 && Named(command, before[^1]) is { } option && TakesValue(option))
            return Values(option, before);
        return typed.StartsWith('-') ? Options(command, before) : Arguments(command, before);
    }

    private IEnumerable<Candidate> Commands() =>
        root.Subcommands.Where(c => !c.Hidden).Select(c => new Candidate(c.Name, Brief(c.Description)));

    /// <summary>The long names, and the short ones that start with the typed text.</summary>
    private IEnumerable<Candidate> Options(Command command, List<string> before) =>
        from option in command.Options.Concat(command == root ? [] : root.Options.Where(o => o.Name == "--help"))
        where !option.Hidden
            && (option.Arity.MaximumNumberOfValues > 1
                || !before.Exists(w => w == option.Name || option.Aliases.Contains(w)))
        from name in option.Aliases.Append(option.Name)
        select new Candidate(name, Brief(option.Description));

    private IEnumerable<Candidate> Values(Option option, List<string> before) => option.Name switch
    {
        "--namespace" => Names(before, "Namespace"),
        "--pod" => Names(before, "Pod"),
        _ when option.HelpName == "POD" => Names(before, "Pod"),
        "--from" => Sources(before),
        "--to" => Destinations(before),
        "--probe" or "--port" => Words("TCP:", "UDP:", "SCTP:", "ICMP"),
        "--ignore" => Words([.. KnownCodes.All]),
        _ when option.HelpName?.Contains('|', StringComparison.Ordinal) is true => Words(option.HelpName.Split('|')),
        _ => [],
    };

    private IEnumerable<Candidate> Arguments(Command command, List<string> before)
    {
        var given = Positional(command, before);
        var arguments = command.Arguments.Where(a => !a.Hidden).ToList();
        var at = Math.Min(given.Count, arguments.Count - 1);
        if (at < 0 || (given.Count > at && arguments[at].Arity.MaximumNumberOfValues <= 1)) return [];
        return arguments[at].HelpName switch
        {
            "KIND" => ObjectKinds.All.Select(k => new Candidate(k.Plural)).Append(new Candidate(KindNames.Everything)),
            "NAME" when given.Count > 0
                && ObjectKinds.All.FirstOrDefault(k => k.Spellings().Contains(given[0])) is { } kind =>
                Names(before, kind.Name),
            "POD" => Names(before, "Pod"),
            "SRC" => Sources(before),
            "DST" => Destinations(before),
            { } words when words.Contains('|', StringComparison.Ordinal) => Words(words.Split('|')),
            _ => [],
        };
    }

    private IEnumerable<Candidate> Sources(List<string> before) =>
        Names(before, "Pod").Append(new Candidate(NodeEndpoint.Word));

    private IEnumerable<Candidate> Destinations(List<string> before) => Sources(before)
        .Concat(Names(before, ObjectKinds.Service.Name).Select(c => new Candidate($"service:{c.Word}")));

    /// <summary>The words after the command that are neither options nor their values.</summary>
    private static List<string> Positional(Command command, List<string> before)
    {
        var found = new List<string>();
        for (var i = 1; i < before.Count; i++)
        {
            if (!before[i].StartsWith('-')) found.Add(before[i]);
            else if (Named(command, before[i]) is { } option && TakesValue(option)) i++;
        }
        return found;
    }

    /// <summary>
    /// Names from the daemon; empty if no daemon answers. bash writes candidates into the command line as they are, so
    /// a name that a shell would take for more than a word is no candidate.
    /// </summary>
    private IEnumerable<Candidate> Names(List<string> before, string kind) =>
        Asked(before, kind).Where(c => !c.Word.AsSpan().ContainsAnyExcept(Plain) && !c.Word.StartsWith('-'));

    private IEnumerable<Candidate> Asked(List<string> before, string kind)
    {
        var given = before.IndexOf("--socket") is >= 0 and var at && at + 1 < before.Count ? before[at + 1] : null;
        using var client = new DaemonClient(shell, DaemonChoice.SocketPath(shell, given), null) { Timeout = Patience };
        try
        {
            return kind == "Pod"
                ? [.. client.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods.Select(p => new Candidate(p.Name))]
                : [
                    .. client.Get($"{ApiPaths.Objects}?kind={kind}", ApiJson.Default.ObjectsResponse).Objects
                        .Select(o => new Candidate(o.Name))
                ];
        }
        catch (CommandFailure)
        {
            return [];
        }
    }

    private static Option? Named(Command command, string word) =>
        command.Options.FirstOrDefault(o => o.Name == word || o.Aliases.Contains(word));

    /// <summary>True if the following word is the option's value; --wait takes a value only with =.</summary>
    private static bool TakesValue(Option option) => option.ValueType != typeof(bool) && option.Name != "--wait";

    private static IEnumerable<Candidate> Words(params IEnumerable<string> words) =>
        words.Select(w => new Candidate(w));

    private static string? Brief(string? text) =>
        text?.Split(["\n", ". ", ": "], 2, StringSplitOptions.None)[0].TrimEnd('.');
}
