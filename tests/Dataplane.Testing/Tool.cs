using System.ComponentModel;
using System.Diagnostics;

namespace Dataplane.Testing;

/// <summary>What a program printed, and its exit code.</summary>
public readonly record struct ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>Standard output; fails the test with the program's own words where its exit code is not 0.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}");
        return Output;
    }
}

/// <summary>Runs other programs to their end, without a shell.</summary>
public static class Tool
{
    /// <exception cref="Win32Exception">The program does not exist or cannot be run.</exception>
    public static ToolResult Run(string program, params IEnumerable<string> arguments) =>
        Run(new ProcessStartInfo(program, arguments));

    /// <param name="start">Its three standard streams are redirected.</param>
    /// <param name="input">The whole standard input.</param>
    /// <exception cref="Win32Exception">The program does not exist or cannot be run.</exception>
    public static ToolResult Run(ProcessStartInfo start, string input = "")
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return new ToolResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Null where there is no such program.</summary>
    public static ToolResult? TryRun(ProcessStartInfo start)
    {
        try
        {
            return Run(start);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The lines that tcpdump prints; the test is skipped where it is not installed.</summary>
    public static string[] Tcpdump(params IEnumerable<string> arguments)
    {
        const string program = "/usr/bin/tcpdump";
        Assert.SkipUnless(File.Exists(program), "tcpdump is not installed");
        return Run(program, arguments).Succeeded().Split('\n');
    }
}
