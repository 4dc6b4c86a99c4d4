using Dataplane.Services.Tables;

namespace Dataplane.Services.Pools;

/// <summary>One half of a <see cref="ServiceChange"/> as it is collected.</summary>
internal sealed class Entries
{
    public List<FrontendEntry> Frontends { get; } = [];
    public List<PoolEntry> Pools { get; } = [];
    public List<SlotEntry> Slots { get; } = [];
    public List<BackendEntry> Backends { get; } = [];
    public List<SourceEntry> Sources { get; } = [];
}
