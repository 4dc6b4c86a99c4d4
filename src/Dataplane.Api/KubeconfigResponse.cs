namespace Dataplane.Api;

/// <summary>The configuration of kubectl for the Kubernetes API of the daemon.</summary>
/// <param name="Path">Where it is as a file, which root alone can read.</param>
/// <param name="Text">With the token in it.</param>
public sealed record KubeconfigResponse(string Path, string Text);
