using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Linux.Native;

namespace Dataplane.Control.Refusals;

/// <summary>
/// A change or a question was refused. The message says why, in one line; nothing has changed unless the kind says so.
/// </summary>
public sealed class RefusalException : Exception
{
    /// <summary>The code of the diagnostic for an object with two sources; docs/diagnostics.md describes it.</summary>
    public const string TwoSources = "D001";

    private RefusalException(RefusalKind kind, string message, Exception? cause = null) : base(message, cause) =>
        Kind = kind;

    public RefusalKind Kind { get; }

    /// <summary>
    /// Findings about the manifests; empty for kinds other than <see cref="RefusalKind.Invalid"/> and <see
    /// cref="RefusalKind.Conflict"/>.
    /// </summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; private init; } = [];

    /// <param name="diagnostics">At least one error.</param>
    public static RefusalException Invalid(IReadOnlyList<Diagnostic> diagnostics)
    {
        var errors = diagnostics.Where(d => d.Severity == Severity.Error).ToList();
        var more = errors.Count > 1 ? $", and {errors.Count - 1} more" : "";
        return new RefusalException(RefusalKind.Invalid, $"{errors[0].Position}: {errors[0].Message}{more}")
        {
            Diagnostics = diagnostics,
        };
    }

    /// <summary>An applied manifest names an object of the manifest directory.</summary>
    /// <param name="name">The object's kind and name.</param>
    /// <param name="file">The file that declares it at <paramref name="there"/>.</param>
    public static RefusalException Watched(string name, SourcePosition here, SourcePosition there, string file) =>
        Conflict(
            here,
            $"{name} is given in {here} and in {there} of the manifest directory",
            $"change {file} instead, or remove it there");

    /// <summary>An object of the manifest directory cannot be deleted by a request.</summary>
    public static RefusalException WatchedDelete(string name, SourcePosition there, string file) => Conflict(there,
        $"{name} is given in {there} of the manifest directory", $"remove it from {file}: it would come back");

    /// <summary>
    /// A file of the manifest directory names an object that was applied, or that another file declares.
    /// </summary>
    public static RefusalException Applied(string name, SourcePosition here, SourcePosition there) => Conflict(here,
        $"{name} is given in {here} and already in {there}", "delete one of the two");

    /// <param name="name">The object's kind and name.</param>
    public static RefusalException NotFound(string name) => new(RefusalKind.NotFound, $"there is no {name}");

    /// <inheritdoc cref="NotFound"/>
    public static RefusalException Changed(string name) =>
        new(RefusalKind.Changed, $"{name} was changed by another request meanwhile");

    /// <inheritdoc cref="NotFound"/>
    public static RefusalException BuiltIn(string name) => new(RefusalKind.NotFound,
        $"there is no {name} to delete: where there are Services it is built in, "
            + "unless the daemon runs with --dns off");

    public static RefusalException StateLost(string why) => new(RefusalKind.StateLost, StateLostText(why));

    /// <summary>Why everything is closed, and what ends it.</summary>
    public static string StateLostText(string why) =>
        $"{why}; everything is closed until the complete desired state is given again: dataplane apply --prune -f PATH";

    public static RefusalException Kernel(Exception cause) => new(RefusalKind.Kernel,
        cause is LinuxException ? cause.Message : cause.Message.ReplaceLineEndings(" "), cause);

    public static RefusalException NotStored(Exception cause) =>
        new(RefusalKind.NotStored, cause.Message.ReplaceLineEndings(" "), cause);

    public static RefusalException NotProven(long generation, string why) =>
        new(RefusalKind.NotProven, $"generation {generation}: {why}");

    /// <summary>A container is to be a pod that has the node's network.</summary>
    public static RefusalException HostNetwork(string pod, SourcePosition there) => new(RefusalKind.Taken,
        $"pod {pod} has hostNetwork, in {there}: a container in a network of its own is another pod");

    /// <summary>A container is attached already, but not as it is asked for now.</summary>
    public static RefusalException AttachedOtherwise(string name, string pod) => new(RefusalKind.Taken,
        $"{name} is attached already, as pod {pod}, with another network namespace, address or label; delete it first");

    /// <summary>A container is to be a pod that another one is.</summary>
    public static RefusalException PodTaken(string pod, string other) =>
        new(RefusalKind.Taken, $"pod {pod} is {other}; delete that first, or give one of the two another name");

    /// <summary>Nobody waits for the answer any more.</summary>
    public static RefusalException Abandoned() => new(RefusalKind.Stopping, "whoever asked has gone");

    public static RefusalException Stopping() => new(RefusalKind.Stopping, "ask again when it is back");

    private static RefusalException Conflict(SourcePosition at, string message, string help) =>
        new(RefusalKind.Conflict, $"{message}: {help}")
        {
            Diagnostics = [new Diagnostic(TwoSources, Severity.Error, message, at, Help: help)],
        };
}
