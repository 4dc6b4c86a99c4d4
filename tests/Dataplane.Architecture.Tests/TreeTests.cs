using System.Text.RegularExpressions;

namespace Dataplane.Architecture.Tests;

/// <summary>What the tracked files look like.</summary>
public sealed partial class TreeTests
{
    private const int LineLimit = 300, ColumnLimit = 120;

    private static readonly string[] Required =
        ["src", "tests", "integration", "deploy", "native-notes", "Dataplane.sln", "Dockerfile", "Makefile",
            "README.md"];

    private static readonly string[] Allowed =
    [
        .. Required, "docs", "examples", "bench", ".ci", ".dockerignore", ".editorconfig", ".gitignore",
        "Directory.Build.props", "Directory.Packages.props", "global.json", "LICENSE",
    ];

    [Fact]
    public void The_top_level_is_what_everybody_knows()
    {
        var entries = Repository.Files.Select(f => f.Split('/')[0]).ToHashSet();
        Assert.Empty(entries.Except(Allowed));
        Assert.Empty(Required.Except(entries));
    }

    [Fact]
    public void Files_are_short()
    {
        var lengths = Repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal))
            .Select(f => (File: f, Lines: File.ReadLines(Repository.Full(f)).Count())).ToList();
        Assert.NotEmpty(lengths);
        Assert.DoesNotContain(lengths, f => f.Lines > LineLimit);
    }

    /// <summary>What stands inside a raw string literal is data: its columns are not counted.</summary>
    [Fact]
    public void Lines_are_short()
    {
        var files = Repository.Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            from line in RawLiteral().Replace(File.ReadAllText(Repository.Full(file)), Delimiters).Split('\n').Index()
            where line.Item.Length > ColumnLimit
            select $"{file}:{line.Index + 1}: {line.Item.Length} columns");
    }

    /// <summary>Keeps the line breaks, and the place of what follows on the last line.</summary>
    private static string Delimiters(Match literal)
    {
        var lines = literal.Value.Split('\n');
        return lines.Length == 1 ? "" : lines[0] + new string('\n', lines.Length - 1) + lines[^1];
    }

    /// <summary>What waits a while and hopes fails on the day the machine is busy.</summary>
    [Fact]
    public void No_test_sleeps()
    {
        string[] sleeps = [$"{nameof(Thread)}.{nameof(Thread.Sleep)}(", $"{nameof(Task)}.{nameof(Task.Delay)}("];
        var tests = Repository.FilesBelow("tests", ".cs").Concat(Repository.FilesBelow("integration", ".cs")).ToList();
        Assert.NotEmpty(tests);
        Assert.DoesNotContain(tests, f => sleeps.Any(File.ReadAllText(Repository.Full(f)).Contains));
    }

    /// <summary>The tree builds anywhere, and does not tell where it was written.</summary>
    [Fact]
    public void No_file_names_a_path_of_one_machine() =>
        Assert.All(Repository.Files, f => Assert.DoesNotMatch(PersonalPath(), File.ReadAllText(Repository.Full(f))));

    [GeneratedRegex("(\"{3,}).*?\\1", RegexOptions.Singleline)]
    private static partial Regex RawLiteral();

    [GeneratedRegex(@"(?<![\w.$}/-])/(work|home|Users)/\w")]
    private static partial Regex PersonalPath();
}
