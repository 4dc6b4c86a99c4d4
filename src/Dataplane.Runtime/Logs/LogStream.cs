namespace Dataplane.Runtime.Logs;

/// <summary>Where a container wrote a line.</summary>
public enum LogStream
{
    Out,
    Error,
}
