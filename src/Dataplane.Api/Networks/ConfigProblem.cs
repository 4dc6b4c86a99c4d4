namespace Dataplane.Api.Networks;

/// <summary>What is wrong with a network configuration.</summary>
/// <param name="Path">Of the field, such as <c>dataplane.labels.app</c>; empty: of the whole.</param>
/// <param name="Line">From 1, as <paramref name="Column"/>.</param>
public sealed record ConfigProblem(string Path, int Line, int Column, string Message)
{
    public string? Help { get; init; }

    /// <summary>The field, or what it asks for, is one that is not supported.</summary>
    public bool IsUnsupported { get; init; }

    public override string ToString() =>
        $"{Line}:{Column}: {(Path.Length == 0 ? "" : $"{Path}: ")}{Message}{(Help is null ? "" : $"; {Help}")}";
}

/// <summary>A network configuration has errors.</summary>
public sealed class ConfigException(IReadOnlyList<ConfigProblem> problems) : Exception($"{problems[0]}")
{
    /// <summary>At least one.</summary>
    public IReadOnlyList<ConfigProblem> Problems => problems;
}
