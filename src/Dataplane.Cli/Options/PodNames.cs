using Dataplane.Cli.Terminal;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Cli.Options;

internal static class PodNames
{
    public static CommandFailure Unknown(string name, IEnumerable<string> known) =>
        new(
            ExitCodes.No,
            $"no pod {name}{(Suggest.Nearest(name, known) is { } near ? $"; did you mean {near}?" : "")}");
}
