using Dataplane.Api;

namespace Dataplane.Daemon.Host;

/// <summary>Ends a request with problem details.</summary>
internal sealed class ApiProblem(Problem problem) : Exception($"{problem.Title}: {problem.Detail}")
{
    public Problem Problem => problem;
}
