using System.Diagnostics;

namespace Dataplane.Integration;

/// <summary>What a program that was run in a namespace said.</summary>
internal readonly record struct ProgramResult(int ExitCode, string Output, string Error);

/// <summary>Runs other programs inside named namespaces, without a shell: the foreign processes of these tests.</summary>
internal static class InNetns
{
    public static ProgramResult Try(string netns, string program, string arguments, string? input = null)
    {
        var start = new ProcessStartInfo("nsenter", $"--net=/run/netns/{netns} {program} {arguments}")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        return new ProgramResult(process.ExitCode, output.Result, error.Result);
    }

    /// <summary>Fails the test with the program's own words when the program fails.</summary>
    public static string Exec(string netns, string program, string arguments, string? input = null)
    {
        var result = Try(netns, program, arguments, input);
        Assert.True(result.ExitCode == 0, $"{program} {arguments}: {result.Error}");
        return result.Output;
    }
}
