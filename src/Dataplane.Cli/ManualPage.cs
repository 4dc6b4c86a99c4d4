using System.CommandLine;
using System.Text;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli;

/// <summary>
/// A page for man(1), in the macros of man(7), from what <c>--help</c> prints: the same input gives the same bytes.
/// </summary>
internal static class ManualPage
{
    public const string Section = "1";

    /// <summary><c>dataplane</c> or <c>dataplane-COMMAND</c>.</summary>
    public static string Name(Command command) =>
        command is RootCommand ? "dataplane" : $"dataplane-{command.Name}";

    public static string Of(Command command)
    {
        var page = new StringBuilder();
        var version = ProgramVersion.Text.Split('+')[0];
        page.AppendLine($".TH {Name(command).ToUpperInvariant()} {Section} \"\" \"dataplane {version}\" \"Dataplane\"");
        Head(page, "NAME");
        page.AppendLine($"{Text(Name(command))} \\- {Text(HelpPage.FirstSentence(command.Description))}");
        Head(page, "SYNOPSIS");
        page.AppendLine(Text(command is RootCommand
            ? "dataplane COMMAND [OPTION]..."
            : HelpPage.Usage(command)));
        Head(page, "DESCRIPTION");
        Paragraph(page, command.Description ?? "");
        if (command is HelpfulCommand helpful) Write(page, helpful);
        else WriteRoot(page, command);
        return page.Replace("\r", "").ToString();
    }

    private static void Write(StringBuilder page, HelpfulCommand command)
    {
        List(page, "ARGUMENTS", HelpPage.Arguments(command));
        List(page, "OPTIONS", HelpPage.Options(command));
        if (command.Remarks.Count > 0) Head(page, "NOTES");
        foreach (var remark in command.Remarks) Paragraph(page, remark);
        List(page, "EXIT STATUS", command.Exits.Select(e => ($"{e.Code}", e.Meaning)));
        List(page, "EXAMPLES", command.Examples.Select(e => (e.Line, e.Purpose)));
        Head(page, "SEE ALSO");
        page.AppendLine($".BR dataplane ({Section})");
    }

    private static void WriteRoot(StringBuilder page, Command root)
    {
        List(page, "COMMANDS", HelpPage.Commands(root).Select(c => ($"dataplane-{c.Left}({Section})", c.Right)));
        List(page, "OPTIONS", HelpPage.Options(root));
        List(page, "EXIT STATUS", HelpPage.Exits.Select(e => ($"{e.Code}", e.Meaning)));
    }

    private static void Head(StringBuilder page, string title) => page.AppendLine($".SH {title}");

    private static void List(StringBuilder page, string title, IEnumerable<(string Left, string Right)> rows)
    {
        var list = rows.ToList();
        if (list.Count == 0) return;
        Head(page, title);
        foreach (var (left, right) in list)
            page.AppendLine(".TP").AppendLine($".B {Text(left)}").AppendLine(Lines(right));
    }

    /// <summary>A remark may be a small table: its line breaks stay.</summary>
    private static void Paragraph(StringBuilder page, string text) =>
        page.AppendLine(".PP").AppendLine(Lines(text));

    private static string Lines(string text) => string.Join("\n.br\n", text.Split('\n').Select(Text));

    /// <summary>Without what roff(7) takes for requests, escapes and hyphens.</summary>
    private static string Text(string text)
    {
        var plain = text.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return plain.StartsWith('.') || plain.StartsWith('\'') ? $"\\&{plain}" : plain;
    }
}
