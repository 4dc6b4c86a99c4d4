using System.Reflection;

namespace Dataplane.Cli.Terminal;

internal static class ProgramVersion
{
    /// <summary>The version and, after a plus sign, the commit, as <c>--version</c> prints it.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
