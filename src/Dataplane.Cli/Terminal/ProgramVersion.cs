using System.Reflection;

namespace Dataplane.Cli.Terminal;

internal static class ProgramVersion
{
    /// <summary>As <c>--version</c> prints it: the version and, after a plus sign, the commit.</summary>
    public static string Text { get; } =
        typeof(ProgramVersion).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
