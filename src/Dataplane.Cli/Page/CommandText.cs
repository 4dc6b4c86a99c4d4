using System.CommandLine;

namespace Dataplane.Cli.Page;

/// <summary>Command lines as a shell reads them, to be copied.</summary>
internal static class CommandText
{
    public static string Of(ParseResult parsed) => string.Join(' ',
        parsed.Tokens.Select(token => Quoted(token.Value)).Prepend("dataplane"));

    /// <summary><c>-f PATH</c> for each.</summary>
    public static string Input(IEnumerable<string> paths) =>
        string.Join(' ', paths.Select(path => $"-f {Quoted(path)}"));

    private static string Quoted(string word) => word.Length > 0 && word.All(IsPlain) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsPlain(char c) =>
        char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal);
}
