using Dataplane.Daemon.Api;
using Dataplane.Daemon.State;
using Dataplane.Kubernetes.Loading;
using Dataplane.Kubernetes.Text;
using Dataplane.Linux.Native;

namespace Dataplane.Daemon.Host;

/// <summary>Every way a request can end badly, RFC 9457. The exit codes are the commands'.</summary>
internal static class Problems
{
    private const string Namespace = "urn:dataplane:problem:";
    private const int No = 1, Input = 3, Access = 4, Kernel = 5, Undecided = 6, Internal = 70;

    public static ApiProblem BadRequest(string detail) => Of("bad-request", "the request is not understood", 400, Input, detail);

    public static ApiProblem InvalidQuery(string detail) => Of("bad-request", "the request is not understood", 400, Input, detail);

    public static ApiProblem Invalid(IReadOnlyList<DiagnosticEntry> diagnostics)
    {
        var errors = diagnostics.Where(d => d.Severity == "error").ToList();
        return new ApiProblem(New("invalid-manifests", "the manifests have errors; nothing was done", 422, Input,
            errors is [] ? null : $"{errors[0].File}:{errors[0].Line}:{errors[0].Column}: {errors[0].Message}{(errors.Count > 1 ? $", and {errors.Count - 1} more" : "")}") with
        {
            Diagnostics = diagnostics,
        });
    }

    public static ApiProblem Watched(ObjectKey key, SourcePosition here, SourcePosition there, string file) => Conflict(here,
        $"{key} is given in {here} and in {there} of the manifest directory", $"change {file} instead, or remove it there");

    public static ApiProblem WatchedDelete(ObjectKey key, SourcePosition there, string file) => Conflict(there,
        $"{key} is given in {there} of the manifest directory", $"remove it from {file}: it would come back");

    public static ApiProblem Applied(ObjectKey key, SourcePosition here, SourcePosition there) => Conflict(here,
        $"{key} is given in {here} and already in {there}", "delete one of the two");

    public static ApiProblem NoPod(string name) => Of("not-found", "there is no such pod", 404, No, $"no pod \"{name}\" is attached to this node");

    public static ApiProblem Untraceable(string why) => Of("untraceable", "no packet can be sent for this question", 422, Input, why);

    public static ApiProblem Simulated() => Of("simulated", "the node is simulated", 409, Input,
        "its pods have no network: nothing can be sent, seen or run there; ask a daemon without --node simulated");

    public static ApiProblem NotFound(ObjectKey key) => Of("not-found", "there is no such object", 404, No, $"there is no {key}");

    public static ApiProblem StateLost(string why) => Of("state-lost", "the stored state was damaged, and everything is closed", 409, Input,
        $"{why}; give the complete desired state again: dataplane apply --prune -f PATH");

    public static ApiProblem Forbidden(string detail) => Of("forbidden", "permission denied", 403, Access, detail);

    public static ApiProblem KernelRefused(Exception refusal) => Of("kernel-refused", "the kernel refused, everything is as it was", 500, Kernel,
        refusal is LinuxException linux ? linux.Message : refusal.Message.ReplaceLineEndings(" "));

    public static ApiProblem NotStored(Exception failure) => Of("not-stored", "the change cannot be stored, everything is as it was", 500, Kernel,
        failure.Message.ReplaceLineEndings(" "));

    public static ApiProblem NotProven(long generation, string detail) => Of("not-proven", "the kernel has the change, but no packet proved it", 504, Undecided,
        $"generation {generation}: {detail}");

    public static ApiProblem Busy(string detail) => Of("busy", "the daemon is busy", 503, Undecided, detail);

    public static ApiProblem Moved(int done, int flows) => Of("moved", "the state changed while it was verified", 409, Undecided,
        $"{done} of {flows} flows had been verified; ask again");

    public static ApiProblem Stopping() => Of("stopping", "the daemon is stopping", 503, Access, "ask again when it is back");

    /// <summary>For answers of the server itself.</summary>
    public static Problem OfStatus(int status) => status switch
    {
        400 => New("bad-request", "the request is not understood", status, Input, null),
        404 => New("no-such-path", "there is no such path", status, Input, null),
        405 => New("method-not-allowed", "the path has no such method", status, Input, null),
        408 => New("too-slow", "the request did not arrive in time", status, Input, null),
        413 => New("too-large", "the request is too large", status, Input, $"at most {ManifestLoader.MaxFileBytes >> 20} MiB"),
        415 => New("unsupported-media-type", "the request is not JSON", status, Input, null),
        >= 500 => New("internal", "a fault of the daemon; its log says more", status, Internal, null),
        _ => New("refused", "the request was refused", status, Input, null),
    };

    private static ApiProblem Conflict(SourcePosition at, string message, string help) => new(
        New("conflict", "an object has two sources; nothing was done", 409, Input, $"{message}: {help}") with
        {
            Diagnostics = [new DiagnosticEntry(DiagnosticEntries.TwoSources, "error", message, at.File, at.Line, at.Column) { Help = help }],
        });

    private static ApiProblem Of(string type, string title, int status, int exit, string? detail) => new(New(type, title, status, exit, detail));

    private static Problem New(string type, string title, int status, int exit, string? detail) =>
        new(Namespace + type, title, status) { Detail = detail, ExitCode = exit };
}
