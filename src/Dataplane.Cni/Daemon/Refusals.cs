using Dataplane.Api;
using Dataplane.Cni.Protocol;

namespace Dataplane.Cni.Daemon;

/// <summary>The daemon's refusals as errors of the CNI specification.</summary>
internal static class Refusals
{
    public static CniException Of(Problem problem)
    {
        var word = problem.Type.StartsWith(Problem.Namespace, StringComparison.Ordinal)
            ? problem.Type[Problem.Namespace.Length..] : problem.Type;
        return new CniException(CodeOf(word, problem.Status), problem.Detail ?? problem.Title,
            problem.Detail is null ? null : problem.Title);
    }

    private static int CodeOf(string word, int status) => word switch
    {
        "taken" => ErrorCode.Taken,
        "not-found" => ErrorCode.UnknownContainer,
        "kernel-refused" => ErrorCode.InputOutput,
        Problem.NoSuchPath => ErrorCode.Internal,
        // Everything is closed, or nothing can be kept: until somebody has helped.
        "state-lost" or "not-stored" or "stopping" or "busy" => ErrorCode.TryAgainLater,
        _ => status >= 500 ? ErrorCode.Internal : ErrorCode.InvalidConfig,
    };
}
