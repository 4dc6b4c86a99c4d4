using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Tests;

/// <summary>
/// Every option and argument of every command that is a path, with paths that cannot be meant: one clear line and an
/// exit code that the help has, no fault of the program. A new command or path is in the table by itself.
/// </summary>
public sealed class HostilePathTests : IDisposable
{
    private static readonly string[] PathNames = ["PATH", "FILE", "DIR"];

    /// <summary>What each command needs beside the path.</summary>
    private static readonly Dictionary<string, string[]> Beside = new()
    {
        ["why"] = ["x/a", "x/b"], ["trace"] = ["x/a", "x/b"], ["capture"] = ["x/a"], ["exec"] = ["x/a", "--", "true"],
        ["describe"] = ["pod", "x/a"], ["get"] = ["pods"], ["delete"] = ["pod", "x/a"], ["read"] = ["GOOD"],
            ["apply"] = ["-f", "GOOD"],
        ["test"] = ["GOOD"], ["validate"] = ["GOOD"], ["diff"] = ["-f", "GOOD"], ["completion"] = ["bash"],
    };

    private readonly Cli _cli = new();

    public static TheoryData<string, string> Paths()
    {
        using var shell = new Shell(Stream.Null, TextWriter.Null, TextReader.Null);
        var data = new TheoryData<string, string>();
        foreach (var command in CommandTree.Build(shell).Subcommands.Where(c => !c.Hidden))
        {
            foreach (var option in command.Options.Where(o => PathNames.Contains(o.HelpName)))
                data.Add(command.Name, option.Name);
            foreach (var _ in command.Arguments.Where(a => PathNames.Contains(a.HelpName)))
                data.Add(command.Name, "");
        }
        return data;
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [MemberData(nameof(Paths))]
    public void No_path_is_a_fault_of_the_program(string command, string option)
    {
        var good = _cli.Example();
        foreach (var path in Hostile(good))
        {
            // 64 MiB of zeros are read as manifests once.
            if (path == "/dev/full" && command != "validate" && option is "--filename" or "--against") continue;
            string[] rest = [.. Beside.GetValueOrDefault(command, []).Select(w => w == "GOOD" ? good : w)];
            if (option.Length == 0) rest = [];
            string[] line = option.Length == 0 ? [command, path] : [command, option, path, .. rest];
            var outcome = _cli.Run(line);
            var said =
                $"{string.Join(' ', line.Select(w => w.Length > 100 ? w[..100] : w))}: {outcome.Exit}\n{outcome.Error}";
            Assert.DoesNotContain("internal error", outcome.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("\n   at ", outcome.Error, StringComparison.Ordinal);
            Assert.True(outcome.Exit is >= 0 and <= 6 or 70, said);
            // What is refused is refused in words.
            if (outcome.Exit > 1) Assert.True(outcome.Error.Length > 0, said);
        }
    }

    private IEnumerable<string> Hostile(string directory)
    {
        var loop = Path.Combine(directory, "loop");
        if (!Path.Exists(loop) && new FileInfo(loop).LinkTarget is null) File.CreateSymbolicLink(loop, loop);
        var binary = _cli.File("binary", [0xff, 0xfe, 0, 1, 2, 0x80]);
        return
        [
            "", " ", "/proc/x", "/proc/self/mem", "/sys/x", "/dev/null", "/dev/null/x", "/dev/full", "/nowhere/at/all",
                loop, binary,
            directory, $"{binary}/x", "\u0001\u001b[31m", "*", "~", "file:///etc/passwd", "http://example.com/a.yaml",
            $"/{new string('x', 300)}", string.Concat(Enumerable.Repeat("/y", 3000)), "-",
        ];
    }
}
