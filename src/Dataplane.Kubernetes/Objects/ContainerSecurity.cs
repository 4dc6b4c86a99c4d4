namespace Dataplane.Kubernetes.Objects;

/// <summary>core/v1 SecurityContext of a container, with that of its pod where it says nothing itself.</summary>
public sealed record ContainerSecurity
{
    public static readonly ContainerSecurity Default = new();

    /// <summary>0 to 2147483647; null: that of the image.</summary>
    public int? User { get; init; }

    /// <summary>0 to 2147483647; null: that of the image.</summary>
    public int? Group { get; init; }

    /// <summary>Further groups of its processes.</summary>
    public EqualList<int> Groups { get; init; } = EqualList<int>.None;

    /// <summary>A container that would run as root is not to be started.</summary>
    public bool MustNotBeRoot { get; init; }

    /// <summary>All capabilities of the machine.</summary>
    public bool IsPrivileged { get; init; }

    /// <summary>False: no_new_privs, prctl(2).</summary>
    public bool MayGain { get; init; } = true;

    /// <summary>Names as in the manifest, with or without <c>CAP_</c>; <c>ALL</c> is all.</summary>
    public EqualList<string> Added { get; init; } = EqualList<string>.None;

    /// <summary>As <see cref="Added"/>.</summary>
    public EqualList<string> Dropped { get; init; } = EqualList<string>.None;
}
