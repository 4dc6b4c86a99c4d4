namespace Dataplane.Daemon;

/// <summary>The daemon cannot be started so; the message is one line that names the option.</summary>
public sealed class OptionException(string message) : Exception(message);
