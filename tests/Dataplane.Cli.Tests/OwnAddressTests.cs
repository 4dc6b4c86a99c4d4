namespace Dataplane.Cli.Tests;

/// <summary>Addresses of the networks of pods and Services that nobody has.</summary>
public sealed class OwnAddressTests : IDisposable
{
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("10.244.200.9")]
    [InlineData("10.96.200.9")]
    [InlineData("fd00:10:96::9999")]
    public void What_nobody_has_of_the_own_networks_is_denied_and_is_nothing_outside(string address)
    {
        Assert.Contains("nobody has this address of the networks of pods and Services: packets to it are dropped",
            _cli.Run("why", "x/other", address, "-f", _cli.Example(), "--expect", "deny").Out,
            StringComparison.Ordinal);
        Assert.Equal("nobody", (string?)_cli.Run("why", "x/other", address, "-f", _cli.Example(), "-o", "json")
            .Json["sides"]![1]!["basis"]);
        var matrix = _cli.Run("matrix", "-f", _cli.Example(), "--external", address);
        Assert.Equal((2, $"dataplane: --external {address}: an address of the networks of pods and Services, which is "
            + "not outside\n"), (matrix.Exit, matrix.Error));
    }
}
