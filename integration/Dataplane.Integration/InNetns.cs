using System.Diagnostics;

namespace Dataplane.Integration;

/// <summary>
/// Runs other programs inside named namespaces, without a shell: the foreign processes of these tests.
/// </summary>
internal static class InNetns
{
    public static ToolResult Try(string netns, string program, string arguments, string? input = null) =>
        Tool.Run(new ProcessStartInfo("nsenter", $"--net=/run/netns/{netns} {program} {arguments}"), input ?? "");

    /// <summary>Fails the test with the program's own words when the program fails.</summary>
    public static string Exec(string netns, string program, string arguments, string? input = null)
    {
        var result = Try(netns, program, arguments, input);
        Assert.True(result.ExitCode == 0, $"{program} {arguments}: {result.Error}");
        return result.Output;
    }
}
