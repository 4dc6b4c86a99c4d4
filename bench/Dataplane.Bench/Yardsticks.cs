using System.Diagnostics;
using System.Globalization;
using Dataplane.Linux.Namespaces;
namespace Dataplane.Bench;

/// <summary>
/// The programs that ours are measured beside: C from bench/yardsticks, which bench/run builds, and Debian's own tools.
/// </summary>
internal static class Yardsticks
{
    public static string Path(string program) =>
        System.IO.Path.Combine(Environment.GetEnvironmentVariable("DATAPLANE_YARDSTICKS") ?? "bench/yardsticks/bin",
            program);

    /// <summary>Runs a C program and reads what it prints: words and numbers in turn.</summary>
    /// <exception cref="InvalidOperationException">It failed; its reason is on stderr.</exception>
    public static Dictionary<string, double> Run(string program, params string[] arguments)
    {
        using var process =
            Process.Start(new ProcessStartInfo(Path(program), arguments) { RedirectStandardOutput = true })!;
        var words = process.StandardOutput.ReadToEnd().Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
        return words.Chunk(2).ToDictionary(w => w[0], w => double.Parse(w[1], CultureInfo.InvariantCulture));
    }

    /// <summary>A namespace of this process, as another one can open it while it is open here.</summary>
    public static string File(Netns netns) => $"/proc/{Environment.ProcessId}/fd/{netns.Handle.DangerousGetHandle()}";

    /// <summary>Whether one of Debian's programs is installed.</summary>
    public static bool Has(string command) => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin".Split(':')
        .Any(d => System.IO.File.Exists(System.IO.Path.Combine(d, command)));
}
