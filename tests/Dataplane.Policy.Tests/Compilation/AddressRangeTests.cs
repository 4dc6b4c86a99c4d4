using System.Net;
using Dataplane.Policy.Model;

namespace Dataplane.Policy.Tests.Compilation;

public sealed class AddressRangeTests
{
    [Fact]
    public void A_network_is_its_first_and_last_address()
    {
        Assert.Equal(new AddressRange(0x0a000000, 0x0affffff), Of("10.0.0.0/8"));
        Assert.Equal(new AddressRange(0, uint.MaxValue), Of("0.0.0.0/0"));
        Assert.Equal(new AddressRange(0, UInt128.MaxValue), Of("::/0"));
        Assert.Equal(new AddressRange(1, 1), Of("::1/128"));
    }

    [Fact]
    public void Overlapping_and_adjacent_ranges_are_one() => Assert.Equal(
        [new AddressRange(1, 9), new AddressRange(11, 12)],
        AddressRange.Merge([new(5, 6), new(11, 12), new(1, 4), new(2, 9)]));

    [Fact]
    public void Also_at_the_highest_address() =>
        Assert.Equal([Of("::/0")], AddressRange.Merge([Of("::/0"), Of("2001:db8::/32"), Of("ffff::/16")]));

    [Theory]
    [InlineData("10.0.0.0/30", "10.0.0.1/32", "0a000000-0a000000", "0a000002-0a000003")]
    [InlineData("10.0.0.0/30", "10.0.0.0/31", "0a000002-0a000003")]
    [InlineData("10.0.0.0/30", "10.0.0.2/31", "0a000000-0a000001")]
    [InlineData("10.0.0.0/30", "10.0.0.0/30")]
    [InlineData("10.0.0.0/30", "0.0.0.0/0")]
    [InlineData("10.0.0.0/30", "10.0.0.8/30", "0a000000-0a000003")]
    [InlineData("10.0.0.0/30", "9.0.0.0/8", "0a000000-0a000003")]
    public void Without_a_hole(string whole, string hole, params string[] rest) =>
        Assert.Equal(rest, AddressRange.Subtract(Of(whole), [Of(hole)]).Select(r => $"{r.First:x8}-{r.Last:x8}"));

    private static AddressRange Of(string network) => AddressRange.Of(IPNetwork.Parse(network));
}
