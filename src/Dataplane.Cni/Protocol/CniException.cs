namespace Dataplane.Cni.Protocol;

/// <summary>A request that fails: what the runtime is told, CNI specification, "Error".</summary>
/// <param name="code">One of <see cref="ErrorCode"/>.</param>
/// <param name="details">What helps; null: nothing more.</param>
internal sealed class CniException(int code, string message, string? details = null) : Exception(message)
{
    public int Code => code;

    public string? Details => details;
}

/// <summary>The codes of the CNI specification; those from 100 on are ours.</summary>
internal static class ErrorCode
{
    public const int IncompatibleVersion = 1, UnsupportedField = 2, UnknownContainer = 3, InvalidEnvironment = 4,
        InputOutput = 5, Undecodable = 6, InvalidConfig = 7, TryAgainLater = 11;

    /// <summary>No container can come.</summary>
    public const int NotAvailable = 50;

    /// <summary>No container can come, and those that are there may have no connections.</summary>
    public const int LimitedConnectivity = 51;

    /// <summary>The container, or its pod, is attached already, in another way.</summary>
    public const int Taken = 100;

    /// <summary>CHECK has found something else than ADD had made.</summary>
    public const int Differs = 101;

    /// <summary>A fault of this program or of the daemon.</summary>
    public const int Internal = 999;
}
