using System.Text.RegularExpressions;
using Dataplane.Cli.Terminal;
using Dataplane.Node.Diagnosis;

namespace Dataplane.Cli.Tests;

/// <summary>What an administrator reads and installs says the same as the program.</summary>
public sealed class InstallationTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void The_unit_grants_the_capabilities_that_the_program_needs()
    {
        var unit = File.ReadAllLines(SourceTree.Full("deploy/dataplane.service"));
        var granted = unit.Single(l => l.StartsWith("CapabilityBoundingSet=", StringComparison.Ordinal))
            .Split('=')[1].Split(' ');
        Assert.Equal([.. All.Select(c => c.Name)], granted);
    }

    [Fact]
    public void Help_and_readme_name_each_with_its_purpose()
    {
        var help = _cli.Run("daemon", "--help").Out;
        var readme = Regex.Replace(File.ReadAllText(SourceTree.Full("deploy/README.md"))
            .Replace("`", "", StringComparison.Ordinal), "\\s+", " ");
        foreach (var capability in All)
        {
            Assert.Matches($"{capability.Name} +{Regex.Escape(capability.Purpose)}", help);
            Assert.Contains($"{capability.Name} "
                + $"{(capability == NodeCapabilities.ForGroups ? "is only for " : "")}{capability.Purpose}", readme,
                StringComparison.Ordinal);
        }
        Assert.Equal([.. All.Select(c => c.Name).Order(StringComparer.Ordinal)],
            Regex.Matches(help, "CAP_[A-Z_]+").Select(m => m.Value).Distinct().Order(StringComparer.Ordinal));
    }

    /// <summary>linux/capability.h, which the numbers come from.</summary>
    [Fact]
    public void The_numbers_are_the_kernels()
    {
        const string header = "/usr/include/linux/capability.h";
        Assert.SkipUnless(File.Exists(header), "linux-libc-dev is not installed");
        var numbers = File.ReadAllText(header);
        Assert.All(All, c => Assert.Matches($"#define {c.Name}\\s+{c.Bit}\\s", numbers));
    }

    [Fact]
    public void Each_command_has_a_manual_page_that_is_the_same_every_time()
    {
        var (first, second) = (Path.Combine(_cli.Example(), "first"), Path.Combine(_cli.Example(), "second"));
        var written = _cli.Run("__manual", first).Out.TrimEnd('\n').Split('\n');
        _cli.Run("__manual", second);
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        Assert.Equal(
            ["dataplane.1", .. CommandTree.Build(shell).Subcommands.Where(c => !c.Hidden)
                .Select(c => $"dataplane-{c.Name}.1")], written);
        foreach (var page in written)
        {
            var text = File.ReadAllText(Path.Combine(first, page));
            Assert.Equal(text, File.ReadAllText(Path.Combine(second, page)));
            Assert.StartsWith($".TH {page[..^2].ToUpperInvariant()} 1 \"\" \"dataplane ", text,
                StringComparison.Ordinal);
            Assert.Contains("\n.SH NAME\n", text, StringComparison.Ordinal);
            Assert.Contains("\n.SH EXIT STATUS\n", text, StringComparison.Ordinal);
            Assert.True(text.All(char.IsAscii), page);
            // A line that begins with a dot is a request that man(7) has, or .br.
            Assert.All(text.Split('\n').Where(l => l.StartsWith('.')),
                l => Assert.Matches("^\\.(TH|SH|PP|TP|B|BR|br)( |$)", l));
        }
    }

    /// <summary>roff's own warnings, where it is installed.</summary>
    [Fact]
    public void Manual_pages_are_roff()
    {
        const string groff = "/usr/bin/groff";
        Assert.SkipUnless(File.Exists(groff), "groff is not installed");
        var directory = Path.Combine(_cli.Example(), "man");
        foreach (var page in _cli.Run("__manual", directory).Out.TrimEnd('\n').Split('\n'))
        {
            var said = Tool.Run(groff, "-man", "-Tascii", "-ww", "-z", Path.Combine(directory, page));
            Assert.Equal((0, ""), (said.ExitCode, said.Error));
        }
    }

    private static IEnumerable<NodeCapability> All => NodeCapabilities.Needed
        .Append(NodeCapabilities.ForGroups).Concat(NodeCapabilities.ForNames);
}
