namespace Dataplane.Control.State;

public enum ChangeKind { Created, Configured, Unchanged, Deleted }

/// <summary>What a change does to one object.</summary>
public readonly record struct ObjectChange(ObjectKey Key, ChangeKind Kind);
