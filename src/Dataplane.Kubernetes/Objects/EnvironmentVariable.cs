namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 EnvVar.</summary>
/// <param name="Value">With references such as <c>$(NAME)</c>; the key of a label where <paramref name="Field"/> is
/// <see cref="PodField.Label"/>.</param>
/// <param name="Field">What the value is taken from; null: it is <paramref name="Value"/>.</param>
public readonly record struct EnvironmentVariable(string Name, string Value, PodField? Field = null);
