using Dataplane.Services.Tables;

namespace Dataplane.Services.Tests.Compilation;

/// <summary>A table kept by what updates say.</summary>
internal sealed class ToldTable
{
    private readonly HashSet<object> _items = [];

    public void Apply(ServiceChange change)
    {
        foreach (var item in Items(change.Removed)) Assert.True(_items.Remove(item), $"{item} was not there");
        foreach (var item in Items(change.Added)) Assert.True(_items.Add(item), $"{item} was there already");
    }

    public void MustBe(ServiceTable table) =>
        Assert.Equal(Items(table).Select(i => $"{i}").Order(), _items.Select(i => $"{i}").Order());

    public static IEnumerable<object> Items(ServiceTable table) =>
    [
        .. table.Frontends, .. table.Pools, .. table.Slots, .. table.Backends, .. table.Sources,
        .. table.Refused.Select(a => ("refused", a)),
    ];
}
