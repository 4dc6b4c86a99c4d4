using Microsoft.Extensions.Logging;

namespace Dataplane.Control.Reconcile;

/// <summary>Log messages about the node; event ids from 100.</summary>
internal static partial class Log
{
    [LoggerMessage(100, LogLevel.Information, "generation {Generation} is enforced: {Pods} pods")]
    public static partial void EnforcedAtStart(ILogger log, long generation, int pods);

    [LoggerMessage(101, LogLevel.Error,
        "generation {Generation} is not enforced: {Reason}; tried again in {Seconds} s")]
    public static partial void NotEnforced(ILogger log, long generation, string reason, double seconds);

    [LoggerMessage(102, LogLevel.Information,
        "generation {Generation}: {Requests} requests, {Elements} elements, {Cut} connections cut, "
        + "{Milliseconds:0.0} ms")]
    public static partial void Changed(
        ILogger log, long generation, int requests, int elements, int cut, double milliseconds);

    [LoggerMessage(103, LogLevel.Error, "the kernel refused a change: {Reason}")]
    public static partial void Refused(ILogger log, string reason);

    [LoggerMessage(104, LogLevel.Error, "a change cannot be stored: {Reason}")]
    public static partial void NotStored(ILogger log, string reason);

    [LoggerMessage(105, LogLevel.Warning, "repaired: {What}, found {Found}")]
    public static partial void Repaired(ILogger log, string what, string found);

    [LoggerMessage(106, LogLevel.Error, "what somebody else changed cannot be repaired: {Reason}")]
    public static partial void RepairFailed(ILogger log, string reason);

    [LoggerMessage(107, LogLevel.Critical, "the stored state is damaged: {Damage}")]
    public static partial void StoreDamaged(ILogger log, string damage);

    [LoggerMessage(108, LogLevel.Critical, "the reconciler failed")]
    public static partial void ReconcilerFailed(ILogger log, Exception exception);

    [LoggerMessage(109, LogLevel.Error, "a change failed in a way nobody thought of; what is stored is enforced anew")]
    public static partial void ChangeFailed(ILogger log, Exception exception);

    [LoggerMessage(110, LogLevel.Warning,
        "generation {Generation} is enforced, and something of the state before is still there: {Reason}")]
    public static partial void Unfinished(ILogger log, long generation, string reason);

    [LoggerMessage(111, LogLevel.Warning,
        "the stored state cannot be written in one piece, and stays in many: {Reason}")]
    public static partial void NoSnapshot(ILogger log, string reason);

    [LoggerMessage(112, LogLevel.Warning,
        "the ports of pods have no guard, so fragments from pods are dropped: {Reason}")]
    public static partial void NoGuard(ILogger log, string reason);

    [LoggerMessage(113, LogLevel.Debug, "programs: {Told} pods told of, {Gone} have ended, {Elements} elements")]
    public static partial void Followed(ILogger log, int told, int gone, int elements);

    [LoggerMessage(114, LogLevel.Error,
        "what is known of programs cannot be enforced now: {Reason}; it is tried again")]
    public static partial void NotFollowed(ILogger log, string reason);
}
