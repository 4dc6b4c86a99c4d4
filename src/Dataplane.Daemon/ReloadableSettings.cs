using Dataplane.Daemon.Configuration;
using Dataplane.Daemon.Host;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon;

/// <summary>The options that a reload (SIGHUP) may change: who has access, and what is logged.</summary>
internal sealed partial class ReloadableSettings(DaemonOptions options, LineLogger lines, ILogger log)
{
    private volatile AccessPolicy _access = AccessPolicy.From(options);

    public AccessPolicy Access => _access;

    /// <summary>Lets those in who have access.</summary>
    public void OpenSocket()
    {
        if (SocketFile.Open(options.Socket, _access) is { } obstacle) Unreachable(log, obstacle);
    }

    /// <summary>
    /// Reads the options again. Whatever is wrong with them, the settings stay as they are and the daemon runs on.
    /// </summary>
    public void Reload()
    {
        if (options.ReadAgain is not { } readAgain) return;
        try
        {
            var fresh = readAgain();
            _access = AccessPolicy.From(fresh);
            OpenSocket();
            lines.Level = fresh.LogLevel;
            Reloaded(log);
        }
        // Also where the socket's file was removed: a signal must not end the daemon.
        catch (Exception e) when (e is OptionException or IOException or UnauthorizedAccessException)
        {
            NotReloaded(log, e.Message);
        }
    }

    [LoggerMessage(3, LogLevel.Information, "the configuration is read again")]
    private static partial void Reloaded(ILogger log);

    [LoggerMessage(6, LogLevel.Warning, "{Obstacle}")]
    private static partial void Unreachable(ILogger log, string obstacle);

    [LoggerMessage(4, LogLevel.Error, "everything stays as it was: {Reason}")]
    private static partial void NotReloaded(ILogger log, string reason);
}
