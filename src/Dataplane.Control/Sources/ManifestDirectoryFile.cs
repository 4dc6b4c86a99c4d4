using Dataplane.Kubernetes.Loading;
using Dataplane.Linux.Files;

namespace Dataplane.Control.Sources;

/// <summary>A file of the manifest directory as it was read last.</summary>
/// <param name="Documents">The last content without errors.</param>
/// <param name="Error">Why the present content is not enforced; null: it is.</param>
/// <param name="Retry">Another change may resolve the error: the file is read again at each scan.</param>
internal sealed record ManifestDirectoryFile(
    FileStamp Stamp, IReadOnlyList<ManifestDocument> Documents, string? Error, bool Retry);
