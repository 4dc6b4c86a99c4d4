using System.Diagnostics;
using Dataplane.Linux.Namespaces;

namespace Dataplane.Integration;

/// <summary>
/// Runs other programs inside named namespaces, without a shell: the foreign processes of these tests.
/// </summary>
internal static class InNetns
{
    /// <summary>How a program is started in a namespace; it becomes the program itself.</summary>
    public static ProcessStartInfo Start(string netns, params IEnumerable<string> command) =>
        new("nsenter", [$"--net=/run/netns/{netns}", .. command]);

    public static ToolResult Try(string netns, string program, string arguments, string? input = null) =>
        Tool.Run(new ProcessStartInfo("nsenter", $"--net=/run/netns/{netns} {program} {arguments}"), input ?? "");

    /// <summary>In a namespace that may have no name: by the descriptor that this process has of it.</summary>
    public static string Exec(Netns netns, string program, string arguments)
    {
        var file = $"/proc/{Environment.ProcessId}/fd/{netns.Handle.DangerousGetHandle()}";
        var result = Tool.Run(new ProcessStartInfo("nsenter", $"--net={file} {program} {arguments}"), "");
        Assert.True(result.ExitCode == 0, $"{program} {arguments}: {result.Error}");
        return result.Output;
    }

    /// <summary>Fails the test with the program's own words when the program fails.</summary>
    public static string Exec(string netns, string program, string arguments, string? input = null)
    {
        var result = Try(netns, program, arguments, input);
        Assert.True(result.ExitCode == 0, $"{program} {arguments}: {result.Error}");
        return result.Output;
    }
}
