namespace Dataplane.Services.Tables;

/// <summary>
/// The entries that one update removes and adds. A replaced entry, such as a pool of another size, is in both.
/// </summary>
public sealed record ServiceChange(ServiceTable Removed, ServiceTable Added)
{
    public static readonly ServiceChange None = new(ServiceTable.Empty, ServiceTable.Empty);
}
