namespace Dataplane.Linux.Files;

/// <summary>While a file keeps its stamp, its content is taken to be unchanged.</summary>
/// <param name="Written">UTC.</param>
/// <param name="Length">In bytes.</param>
public readonly record struct FileStamp(FileIdentity File, DateTime Written, long Length);
