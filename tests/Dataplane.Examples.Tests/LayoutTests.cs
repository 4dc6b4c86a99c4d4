using System.Text.RegularExpressions;
using Dataplane.Api;
using Dataplane.Testing.Examples;

namespace Dataplane.Examples.Tests;

/// <summary>What belongs to an example, and that what is written about it is so.</summary>
public sealed partial class LayoutTests
{
    public static TheoryData<string> Examples => [.. ExampleFolder.Names];

    [Theory, MemberData(nameof(Examples))]
    public void An_example_has_all_its_files(string example)
    {
        Assert.Matches(Numbered(), example);
        foreach (var file in (string[])["README.md", "expect.yaml", "manifests/pods.yaml"])
        {
            Assert.True(File.Exists(ExampleFolder.Full($"{example}/{file}")), $"{example} has no {file}");
        }
        var broken = ExampleFolder.Full($"{example}/broken");
        if (Directory.Exists(broken))
        {
            var files = Directory.GetFiles(broken).Select(f => Path.GetFileName(f)).ToList();
            Assert.NotEmpty(files);
            Assert.Equal(files.Where(f => f.EndsWith(".yaml", StringComparison.Ordinal))
                .Select(f => Path.ChangeExtension(f, ".txt"))
                .Order(),
                files.Where(f => !f.EndsWith(".yaml", StringComparison.Ordinal)).Order());
        }
    }

    /// <summary>A manifest that no step names is not tested.</summary>
    [Theory, MemberData(nameof(Examples))]
    public void Every_manifest_is_part_of_a_step(string example)
    {
        var expected = File.ReadAllText(ExampleFolder.Full($"{example}/expect.yaml"));
        foreach (var folder in Directory.GetDirectories(ExampleFolder.Full(example))
            .Select(d => Path.GetFileName(d))
            .Where(f => f != "broken"))
        {
            Assert.Contains(folder, expected, StringComparison.Ordinal);
        }
    }

    [Theory, MemberData(nameof(Examples))]
    public void The_index_names_it(string example) =>
        Assert.Single(File.ReadLines(ExampleFolder.Full("README.md")),
            line => line.Contains($"]({example}/)", StringComparison.Ordinal));

    [Fact]
    public void The_index_names_nothing_else() =>
        Assert.Equal([.. ExampleFolder.Names.Append("demo").Order(StringComparer.Ordinal)],
            Linked().Matches(File.ReadAllText(ExampleFolder.Full("README.md")))
                .Select(m => m.Groups[1].Value).Order(StringComparer.Ordinal));

    /// <summary>
    /// Commands are given from the root of the tree. <c>why --expect</c> must come out as expected, <c>validate</c> may
    /// find errors, and no other may fail; those that need root are run by the integration tests in their own way.
    /// </summary>
    [Theory, MemberData(nameof(Examples))]
    public void The_commands_of_its_page_work(string example)
    {
        var commands = File.ReadLines(ExampleFolder.Full($"{example}/README.md"))
            .Where(line => line.StartsWith("dataplane ", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var arguments = command.Split(' ')[1..];
            var (exit, _, error) = CommandLine.Run(arguments);
            Assert.True(exit == ExitCodes.Yes || (exit == ExitCodes.No && arguments[0] is "validate" or "diff"),
                $"{command}\nended with {exit}\n{error}");
        }
    }

    [GeneratedRegex("^[0-9]{2}-[a-z0-9-]+$")]
    private static partial Regex Numbered();

    [GeneratedRegex(@"\]\(([a-z0-9-]+)/\)")]
    private static partial Regex Linked();
}
