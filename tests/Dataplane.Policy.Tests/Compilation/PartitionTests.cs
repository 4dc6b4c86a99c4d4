using Dataplane.Policy.Compilation;

namespace Dataplane.Policy.Tests.Compilation;

public sealed class PartitionTests
{
    [Fact]
    public void What_lies_in_the_same_sets_shares_a_class()
    {
        var partition = new Partition(6);
        partition.Refine(Set(6, 0, 1, 2, 3));
        partition.Refine(Set(6, 2, 3, 4));
        Assert.Equal(4, partition.Count);
        Assert.Equal(partition[0], partition[1]);
        Assert.Equal(partition[2], partition[3]);
        Assert.Equal(4, new[] { partition[0], partition[2], partition[4], partition[5] }.Distinct().Count());
        Assert.Equal(0, partition[5]);
        Assert.Equal(new[] { partition[0], partition[2] }.Order(), partition.Classes(Set(6, 0, 1, 2, 3)));
    }

    [Fact]
    public void Nothing_is_split_twice()
    {
        var partition = new Partition(4);
        partition.Refine(Set(4, 0, 1, 2));
        partition.Refine(Set(4, 2));
        partition.Refine(Set(4, 0, 1));
        Assert.Equal(3, partition.Count);
    }

    /// <summary>Class 0 is "in no set", also when nothing is left in it.</summary>
    [Fact]
    public void Everything_in_a_set_is_not_nothing_in_any()
    {
        var partition = new Partition(3);
        partition.Refine(Set(3, 0, 1, 2));
        Assert.NotEqual(0, partition[0]);
        Assert.Equal(2, partition.Count);
    }

    private static AddressSet Set(int capacity, params int[] items)
    {
        var set = new AddressSet(capacity);
        foreach (var item in items) set.Add(item);
        return set;
    }
}
