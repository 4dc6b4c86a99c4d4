using Dataplane.Api;
using Dataplane.Control.Refusals;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Daemon.Host;

/// <summary>
/// Every way a request can fail, RFC 9457: the one place that gives a refusal its name, HTTP status and exit code.
/// </summary>
internal static class Problems
{
    /// <summary>A refusal by the core.</summary>
    public static Problem Of(RefusalException refusal) => Of(refusal.Kind) with
    {
        Detail = refusal.Message, Diagnostics = refusal.Diagnostics.ToEntries(),
    };

    private static Problem Of(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid =>
            New("invalid-manifests", "the manifests have errors; nothing was done", 422, ExitCodes.Input),
        RefusalKind.Conflict => New("conflict", "an object has two sources; nothing was done", 409, ExitCodes.Input),
        RefusalKind.Taken => New("taken", "it is attached already, in another way", 409, ExitCodes.Input),
        RefusalKind.Changed => New("changed", "another change came first", 409, ExitCodes.Input),
        RefusalKind.NotFound => New("not-found", "there is no such object", 404, ExitCodes.No),
        RefusalKind.StateLost =>
            New("state-lost", "the stored state was damaged, and everything is closed", 409, ExitCodes.Input),
        RefusalKind.Kernel =>
            New("kernel-refused", "the kernel refused, everything is as it was", 500, ExitCodes.Kernel),
        RefusalKind.NotStored =>
            New("not-stored", "the change cannot be stored, everything is as it was", 500, ExitCodes.Kernel),
        RefusalKind.NotProven =>
            New("not-proven", "the kernel has the change, but no packet proved it", 504, ExitCodes.Undecided),
        RefusalKind.Stopping => New("stopping", "the daemon is stopping", 503, ExitCodes.NoAccess),
        _ => OfStatus(500),
    };

    /// <summary>A refusal by the server itself.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        400 => New("bad-request", "the request is not understood", status, ExitCodes.Input),
        404 => New(Problem.NoSuchPath, "there is no such path", status, ExitCodes.Input),
        405 => New("method-not-allowed", "the path has no such method", status, ExitCodes.Input),
        408 => New("too-slow", "the request did not arrive in time", status, ExitCodes.Input),
        413 =>
            New("too-large", "the request is too large", status, ExitCodes.Input,
                $"at most {ManifestLoader.MaxFileBytes >> 20} MiB"),
        415 => New("unsupported-media-type", "the request is not JSON", status, ExitCodes.Input),
        >= 500 => New("internal", "a fault of the daemon; its log says more", status, ExitCodes.Internal),
        _ => New("refused", "the request was refused", status, ExitCodes.Input),
    };

    public static ApiProblem BadRequest(string detail) =>
        new(New("bad-request", "the request is not understood", 400, ExitCodes.Input, detail));

    public static ApiProblem NoPod(string name) =>
        new(New("not-found", "there is no such pod", 404, ExitCodes.No, $"no pod \"{name}\" is attached to this node"));

    public static ApiProblem NotReady(long generation, string why) =>
        new(New("not-ready", "the kernel has the change, but not all pods are ready", 504, ExitCodes.Undecided,
            $"generation {generation} is enforced; {why}"));

    /// <summary>In the words of a kubelet, or of the API server before it.</summary>
    public static ApiProblem NoLog(string detail) =>
        new(New("no-log", "there is no such log", 400, ExitCodes.No, detail));

    /// <inheritdoc cref="NoLog"/>
    public static ApiProblem NoPodLog(string detail) =>
        new(New("not-found", "there is no such pod", 404, ExitCodes.No, detail));

    public static ApiProblem NoKubernetesApi() => new(New("no-kubernetes-api", "no Kubernetes API is served", 409,
        ExitCodes.No, "start the daemon with --kubernetes-api 127.0.0.1:6443"));

    public static ApiProblem Untraceable(string why) =>
        new(New("untraceable", "no packet can be sent for this question", 422, ExitCodes.Input, why));

    public static ApiProblem Simulated() => new(New("simulated", "the node is simulated", 409, ExitCodes.Input,
        "its pods have no network: nothing can be sent, seen or run there; ask a daemon without --node simulated"));

    public static ApiProblem Forbidden(string detail) =>
        new(New("forbidden", "permission denied", 403, ExitCodes.NoAccess, detail));

    public static ApiProblem Busy(string detail) =>
        new(New("busy", "the daemon is busy", 503, ExitCodes.Undecided, detail));

    public static ApiProblem Moved(int done, int flows) => new(New(
        "moved", "the state changed while it was verified", 409, ExitCodes.Undecided,
        $"{done} of {flows} flows had been verified; ask again"));

    private static Problem New(string type, string title, int status, int exit, string? detail = null) =>
        new(Problem.Namespace + type, title, status) { Detail = detail, ExitCode = exit };
}
