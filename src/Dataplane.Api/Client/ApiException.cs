namespace Dataplane.Api.Client;

/// <summary>Why there is no answer.</summary>
public enum ApiFailure
{
    /// <summary>The socket's path is empty or longer than <see cref="ApiPaths.MaxSocketPath"/> bytes.</summary>
    BadSocketPath,

    /// <summary>Nothing listens on the socket.</summary>
    NoDaemon,

    /// <summary>The socket's mode does not let this user connect.</summary>
    NoPermission,

    /// <summary>The connection ended before the answer was complete; the request may have been carried out.</summary>
    BrokenOff,

    /// <summary>No answer within <see cref="ApiClient.Timeout"/>; the request may still be carried out.</summary>
    TimedOut,

    /// <summary>The answer is not the JSON that belongs there.</summary>
    Unreadable,

    /// <summary>The daemon does not serve this path: it is of another version.</summary>
    UnknownPath,

    /// <summary>An HTTP error without problem details.</summary>
    Unexplained,

    /// <summary>The daemon refused; <see cref="ApiException.Problem"/> says why.</summary>
    Refused,
}

/// <summary>
/// A request failed. The only exception of <see cref="ApiClient"/> besides <see cref="OperationCanceledException"/>,
/// which means that the caller cancelled.
/// </summary>
public sealed class ApiException : Exception
{
    internal ApiException(ApiFailure failure, string message, Exception? inner = null) : base(message, inner) =>
        Failure = failure;

    internal ApiException(Problem problem) : this(ApiFailure.Refused, problem.Detail ?? problem.Title) =>
        Problem = problem;

    public ApiFailure Failure { get; }

    /// <summary>Set for <see cref="ApiFailure.Refused"/> only.</summary>
    public Problem? Problem { get; }

    /// <summary>One of <see cref="ExitCodes"/>.</summary>
    public int ExitCode => Failure switch
    {
        ApiFailure.BadSocketPath => ExitCodes.Usage,
        ApiFailure.TimedOut => ExitCodes.Undecided,
        ApiFailure.Unreadable => ExitCodes.Internal,
        ApiFailure.Refused => Problem!.ExitCode is > 0 and < 256 ? Problem.ExitCode : ExitCodes.Internal,
        _ => ExitCodes.NoAccess,
    };
}
