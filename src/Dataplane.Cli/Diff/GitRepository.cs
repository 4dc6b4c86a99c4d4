using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Diff;

/// <summary>A file of a revision.</summary>
/// <param name="Path">From the root of the repository, with slashes.</param>
internal readonly record struct GitEntry(string Path, string Id, bool IsLink);

/// <summary>
/// A git repository, read by the program git: without a shell, and with words that git cannot take for options.
/// </summary>
/// <param name="root">The directory of its work tree.</param>
/// <param name="prefix">See <see cref="Prefix"/>.</param>
internal sealed class GitRepository(string root, string prefix)
{
    private const string LinkMode = "120000";

    /// <summary>
    /// Variables that git sets for its hooks: they would make another repository, or another place in it, of the
    /// directory.
    /// </summary>
    private static readonly string[] OfHooks =
        ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_NAMESPACE"];

    /// <summary>The directory that was asked for, from the root of the repository: empty, or with a slash at the
    /// end.</summary>
    public string Prefix => prefix;

    /// <param name="path">The path that the user named, for messages.</param>
    /// <exception cref="CommandFailure">The directory is in no repository that may be read.</exception>
    public static GitRepository Of(string directory, string path)
    {
        var (exit, output, error) = Run(directory, "rev-parse", "--show-toplevel", "--show-prefix");
        if (exit != 0)
        {
            throw new CommandFailure(ExitCodes.Input, error.Contains("not a git repository", StringComparison.Ordinal)
                ? $"{path}: not in a git repository" : $"{path}: git: {error}");
        }
        var lines = Encoding.UTF8.GetString(output).Split('\n');
        return new GitRepository(lines[0], lines.ElementAtOrDefault(1) ?? "");
    }

    /// <summary>The commit of a revision: a branch, a tag, <c>HEAD~2</c>, a number.</summary>
    /// <exception cref="CommandFailure">There is no such revision.</exception>
    public string Resolve(string revision)
    {
        var (exit, output, _) = Run(
            root, "rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{commit}}");
        return exit == 0
            ? Encoding.UTF8.GetString(output).Trim()
            : throw new CommandFailure(
                ExitCodes.Input, $"git:{revision}: no such revision in {root}; git log --oneline lists some");
    }

    /// <summary>The files at a path, or below it.</summary>
    /// <param name="inside">From the root of the repository; empty for all files.</param>
    public IEnumerable<GitEntry> List(string commit, string inside)
    {
        string[] where = inside.Length == 0 ? [] : ["--", inside];
        var (exit, output, error) = Run(root, ["ls-tree", "-r", "-z", "--full-tree", commit, .. where]);
        if (exit != 0) throw Failure(error);
        foreach (var line in Encoding.UTF8.GetString(output).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            // MODE SP TYPE SP ID TAB PATH; another repository inside this one is a commit.
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (line[..tab].Split(' ') is [var mode, "blob", var id])
                yield return new GitEntry(line[(tab + 1)..], id, mode == LinkMode);
        }
    }

    /// <summary>Writes the contents of files, by one process for all of them.</summary>
    /// <param name="files">Each with the path to write to, whose directory exists.</param>
    public void Copy(IReadOnlyList<(string Id, string Target)> files)
    {
        if (files.Count == 0) return;
        using var git = Start(root, "cat-file", "--batch");
        using var output = new BufferedStream(git.StandardOutput.BaseStream);
        var error = git.StandardError.ReadToEndAsync();
        foreach (var (id, target) in files)
        {
            git.StandardInput.Write($"{id}\n");
            git.StandardInput.Flush();
            // ID SP TYPE SP SIZE LF, the content, LF; an object that is not there: ID SP missing LF.
            var header = Line(output);
            if (header.Split(' ') is not [_, "blob", var size])
            {
                git.StandardInput.Close();
                throw Failure(header.Length > 0 ? header : FirstLine(error.GetAwaiter().GetResult()));
            }
            var content = new byte[int.Parse(size, CultureInfo.InvariantCulture)];
            output.ReadExactly(content);
            output.ReadByte();
            File.WriteAllBytes(target, content);
        }
        git.StandardInput.Close();
        git.WaitForExit();
    }

    private static string Line(Stream stream)
    {
        var line = new StringBuilder();
        while (stream.ReadByte() is not (-1 or '\n') and var next) line.Append((char)next);
        return line.ToString();
    }

    private static CommandFailure Failure(string error) => new(ExitCodes.Input, $"git: {error}");

    private static (int Exit, byte[] Output, string Error) Run(string directory, params string[] words)
    {
        using var git = Start(directory, words);
        git.StandardInput.Close();
        var error = git.StandardError.ReadToEndAsync();
        using var output = new MemoryStream();
        git.StandardOutput.BaseStream.CopyTo(output);
        git.WaitForExit();
        return (git.ExitCode, output.ToArray(), FirstLine(error.GetAwaiter().GetResult()));
    }

    /// <exception cref="CommandFailure">There is no git.</exception>
    private static Process Start(string directory, params string[] words)
    {
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var word in (string[])["-C", directory, "--literal-pathspecs", "--no-replace-objects", .. words])
            start.ArgumentList.Add(word);
        foreach (var name in OfHooks) start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        start.Environment["GIT_OPTIONAL_LOCKS"] = "0";
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        // What a partial clone lacks is not fetched.
        start.Environment["GIT_NO_LAZY_FETCH"] = "1";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new CommandFailure(
                ExitCodes.Input,
                $"--against git:REV needs git, which cannot be started: {e.Message}; install it with: apt install git");
        }
    }

    private static string FirstLine(string text)
    {
        var line = text.Split('\n')[0];
        return line.StartsWith("fatal: ", StringComparison.Ordinal) ? line["fatal: ".Length..] : line;
    }
}
