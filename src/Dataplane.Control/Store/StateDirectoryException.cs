namespace Dataplane.Control.Store;

/// <summary>The state directory cannot be used; the message says why, in one line.</summary>
public sealed class StateDirectoryException(string directory, Exception cause)
    : IOException($"the state directory {directory} cannot be used: {cause.Message.ReplaceLineEndings(" ")}", cause);
