using System.Diagnostics;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration;

/// <summary>A namespace with a generated name that goes with the test, pass or fail.</summary>
public sealed class TestNetns : IDisposable
{
    private TestNetns(string name) => (Name, Netns) = (name, Netns.Create(name));

    public string Name { get; }

    public Netns Netns { get; }

    public static TestNetns Create() => new($"dptest-{Guid.NewGuid().ToString("N")[..10]}");

    /// <summary>Runs a program inside, without a shell; fails the test with its own words when it fails.</summary>
    public string Exec(string program, string arguments, string? input = null)
    {
        var start = new ProcessStartInfo("nsenter", $"--net=/run/netns/{Name} {program} {arguments}")
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {arguments}: {error.Result}");
        return output.Result;
    }

    public void Dispose()
    {
        Netns.Dispose();
        Netns.Delete(Name);
    }
}
