using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Native;
using Microsoft.Win32.SafeHandles;

namespace Dataplane.Node.Ports;

/// <summary>
/// A network namespace that another program has made for a pod and keeps. It is used as it is, and never renamed or
/// deleted. Detaching the pod restores its previous state.
/// </summary>
internal sealed record ForeignNetns
{
    private readonly string? _path;
    private readonly SafeFileHandle? _descriptor;

    private ForeignNetns(string? name, string? path, SafeFileHandle? descriptor) =>
        (Name, _path, _descriptor) = (name, path, descriptor);

    /// <summary>The name or path by which it was given; null: by a descriptor.</summary>
    public string? Given => Name ?? _path;

    /// <summary>The name below /run/netns; null if it was given by path or descriptor.</summary>
    public string? Name { get; }

    /// <param name="given">A name below /run/netns or an absolute path; null: no namespace, null is returned.</param>
    public static ForeignNetns? Named(string? given) =>
        given is null ? null : given.StartsWith('/') ? At(given) : new ForeignNetns(given, null, null);

    /// <param name="path">Any path that a namespace is mounted on, or <c>/proc/PID/ns/net</c>.</param>
    public static ForeignNetns At(string path) => new(null, path, null);

    /// <param name="descriptor">
    /// An open descriptor of the namespace. It stays the caller's: it must stay open as long as the pod is attached,
    /// and is never closed here.
    /// </param>
    public static ForeignNetns Of(SafeFileHandle descriptor) => new(null, null, descriptor);

    /// <summary>Whether the name or path still leads to this namespace. What was given by a descriptor stays.</summary>
    public bool LeadsTo(Netns netns)
    {
        try
        {
            using var found = Open();
            return found.Is(netns);
        }
        catch (LinuxException)
        {
            return false;
        }
    }

    /// <summary>Opens the namespace; the caller disposes it.</summary>
    /// <exception cref="LinuxException">ENOENT: there is none.</exception>
    public Netns Open()
    {
        if (Name is not null) return Netns.Open(Name);
        return _path is not null ? Netns.OpenPath(_path) : Netns.Duplicate(_descriptor!);
    }
}
