using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Kubernetes.Tests;

/// <summary>K012 and K040: each slip in a CIDR has its own words and the block that was meant.</summary>
public sealed class CidrSlipTests
{
    private static Diagnostic Only(string cidr, string code) =>
        Given.IngressRule($"from: [{{ipBlock: {{cidr: \"{cidr}\"}}}}]").Only(code);

    [Theory]
    [InlineData("10.0.0.0/8 ", "a blank at the end", "10.0.0.0/8")]
    [InlineData(" 10.0.0.0/8", "a blank in front", "10.0.0.0/8")]
    [InlineData("10.0.0.0 / 8", "a blank inside", "10.0.0.0/8")]
    [InlineData("10.0.0.0/8\\t", "a blank at the end", "10.0.0.0/8")]
    [InlineData("10.0.0.1", "an address without prefix length", "10.0.0.1/32")]
    [InlineData("0.0.0.0", "an address without prefix length, that no host has", "0.0.0.0/0")]
    [InlineData("::", "an address without prefix length, that no host has", "::/0")]
    [InlineData("fd00::1", "an address without prefix length", "fd00::1/128")]
    [InlineData("010.0.0.0/8", "leading zeros are read as octal by some programs", "10.0.0.0/8")]
    [InlineData("10/8", "an IPv4 address has four numbers", "10.0.0.0/8")]
    [InlineData("10.0.0.0/255.255.0.0", "a mask in place of a prefix length", "10.0.0.0/16")]
    [InlineData("10.0.0.0/0.0.255.255", "a mask in place of a prefix length", "10.0.0.0/16")]
    [InlineData("::ffff:0:0/96", "IPv4 addresses written as IPv6", "0.0.0.0/0")]
    [InlineData("::ffff:10.0.0.0/104", "IPv4 addresses written as IPv6", "10.0.0.0/8")]
    [InlineData("::ffff:10.0.0.1", "an address without prefix length, in another spelling", "10.0.0.1/32")]
    [InlineData("192.168.*", "a block has no wildcards", "192.168.0.0/16")]
    [InlineData("any", "no address", "0.0.0.0/0")]
    [InlineData("10.0.0.1:443", "an address with a port", "10.0.0.1/32")]
    [InlineData("10.0.0.0-10.0.0.255", "a range, and a block has a prefix length", "10.0.0.0/24")]
    [InlineData("10.0.0.4-7", "a range, and a block has a prefix length", "10.0.0.4/30")]
    public void A_slip_is_named_with_the_block_that_was_meant(string cidr, string label, string meant)
    {
        var found = Only(cidr, Codes.InvalidIpBlock);
        Assert.Equal(label, found.Label);
        Assert.Contains($"`{meant}`", found.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10.0.0.0/8, 192.168.0.0/16", "`10.0.0.0/8` and `192.168.0.0/16`")]
    [InlineData("10.0.0.0/8 192.168.0.1", "`10.0.0.0/8` and `192.168.0.1/32`")]
    [InlineData("10.0.0.0/8;fd00::/8", "`10.0.0.0/8` and `fd00::/8`")]
    public void Two_blocks_in_one_text_become_two_items(string cidr, string meant)
    {
        var found = Only(cidr, Codes.InvalidIpBlock);
        Assert.Equal(("2 blocks in one text", $"write one item for each: {meant}"), (found.Label, found.Help));
    }

    [Theory]
    [InlineData("10.0.0.0/33", "the prefix length of an IPv4 block is 0 to 32")]
    [InlineData("fd00::/129", "the prefix length of an IPv6 block is 0 to 128")]
    [InlineData("example.com", "a name, and packets carry addresses")]
    [InlineData("https://example.com", "a name, and packets carry addresses")]
    [InlineData("10.0.0.256/24", "not an IPv4 address: four numbers 0 to 255")]
    public void What_was_meant_is_not_made_up(string cidr, string label) =>
        Assert.Equal(label, Only(cidr, Codes.InvalidIpBlock).Label);

    [Theory]
    [InlineData("10.0.0.1/8", "write `10.0.0.0/8` for the block, `10.0.0.1/32` for the address alone")]
    [InlineData("fd00::1/64", "write `fd00::/64` for the block, `fd00::1/128` for the address alone")]
    [InlineData("10.0.0.0/0", "write `0.0.0.0/0` for the block, `10.0.0.0/32` for the address alone")]
    [InlineData("0.0.0.0/24", "write `0.0.0.0/0` for every IPv4 address")]
    public void A_block_that_is_masked_is_a_warning(string cidr, string help)
    {
        var found = Only(cidr, Codes.AmbiguousBlock);
        Assert.Equal((Severity.Warning, help), (found.Severity, found.Help));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "all of it: the block would be empty")]
    [InlineData("0.0.0.0/0", "more than all of it: the block would be empty")]
    [InlineData("11.0.0.0/16", "not a part of it")]
    [InlineData("fd00::/64", "of the other address family")]
    public void An_exception_that_cannot_be_one_says_why(string except, string label) => Assert.Equal(label,
        Given.IngressRule($"from: [{{ipBlock: {{cidr: 10.0.0.0/8, except: [\"{except}\"]}}}}]")
            .Only(Codes.InvalidIpBlock).Label);

    [Theory]
    [InlineData("10.0.0.0/8")]
    [InlineData("0.0.0.0/0")]
    [InlineData("10.0.0.1/32")]
    [InlineData("::/0")]
    public void Blocks_as_they_should_be_are_silent(string cidr) =>
        Given.IngressRule($"from: [{{ipBlock: {{cidr: \"{cidr}\"}}}}]").Clean();
}
