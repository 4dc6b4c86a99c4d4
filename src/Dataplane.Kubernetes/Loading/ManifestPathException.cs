namespace Dataplane.Kubernetes.Loading;

/// <summary>A path that cannot be read. The message is one line that names the path and the reason.</summary>
public sealed class ManifestPathException : Exception
{
    public ManifestPathException()
    {
    }

    public ManifestPathException(string message)
        : base(message)
    {
    }

    public ManifestPathException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
