namespace Dataplane.Daemon.Configuration;

/// <summary>The daemon cannot be started with these options; the message is one line that names the option.</summary>
public sealed class OptionException(string message) : Exception(message);
