using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Kinds;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Options;

/// <summary>Parses kinds by every name that kubectl has for them.</summary>
internal static class KindNames
{
    /// <summary>The word for all kinds.</summary>
    public const string Everything = "all";

    /// <summary>All names of a kind, the short names first.</summary>
    public static IEnumerable<string> Spellings(this ObjectKind kind) =>
        [.. kind.ShortNames, kind.Singular, kind.Plural];

    public static bool IsPolicy(this ObjectKind kind) => kind.Name.EndsWith("Policy", StringComparison.Ordinal);

    /// <summary>Finds the kind of an object in the daemon's answer; an unknown kind is shown by its name.</summary>
    public static ObjectKind Named(string name) =>
        ObjectKinds.Find(name) ?? new ObjectKind("", "", name, name.ToLowerInvariant() + "s", [], true);

    /// <summary>True for a kind, several kinds, all kinds, or <c>KIND/NAME</c>.</summary>
    public static bool StartsWithKind(string word) => word.Split('/')[0] is var kinds && (kinds == Everything
        || kinds.Split(',').All(k => Find(k) is not null));

    /// <exception cref="CommandFailure">The kind is unknown.</exception>
    public static ObjectKind Parse(string text)
    {
        if (Find(text) is { } kind) return kind;
        if (OtherWords.SkippedKind(text) is { } skipped)
        {
            throw new CommandFailure(
                ExitCodes.Usage,
                $"no kind \"{text}\" here; {skipped} are skipped: they do not decide which pods may talk");
        }
        var hint = Suggest.Nearest(text, ObjectKinds.All.SelectMany(Spellings)) is { } near
            ? $"did you mean {near}?"
            : $"there are {string.Join(", ", ObjectKinds.All.Select(k => k.Plural))}";
        throw new CommandFailure(ExitCodes.Usage, $"no kind \"{text}\"; {hint}");
    }

    private static ObjectKind? Find(string text) => ObjectKinds.All.FirstOrDefault(k =>
        k.Spellings().Contains(text, StringComparer.OrdinalIgnoreCase));

    /// <summary>Parses a list of kinds: <c>po</c>, <c>po,netpol</c> or <c>all</c>.</summary>
    /// <exception cref="CommandFailure">The kind is unknown.</exception>
    public static IReadOnlyList<ObjectKind> ParseList(string text) => text == Everything ? ObjectKinds.All
        : [
            .. text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(Parse)
                .Distinct()
        ];
}
