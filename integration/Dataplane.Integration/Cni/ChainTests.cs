using System.Text.Json;

namespace Dataplane.Integration.Cni;

/// <summary>With Debian's plugins: addresses of another one's, and others behind and before this one.</summary>
public sealed class ChainTests
{
    private const string Debian = "/usr/lib/cni";

    [Fact]
    public async Task Addresses_come_from_the_plugin_that_the_configuration_names()
    {
        Require("host-local");
        await using var lab = await CniLab.Start();
        using var store = new TempDirectory();
        var config = lab.Config(version: "1.0.0", more: ", \"ipam\": {\"type\": \"host-local\", "
            + "\"dataDir\": \"" + store.Path + "\", "
            + "\"ranges\": [[{\"subnet\": \"10.61.7.0/24\"}], [{\"subnet\": \"fd00:61::/64\"}]]}");
        var (one, other) = (lab.Container(), lab.Container());
        var first = CniLab.Add(one, config);
        Assert.Equal(["10.61.7.2", "fd00:61::2"], CniLab.Addresses(first));
        Assert.Contains(" 10.61.7.2/32 ", one.Exec("ip", "address show dev eth0"), StringComparison.Ordinal);
        // host-local itself refuses a second request.
        Assert.Equal(first.GetRawText(), CniLab.Add(one, config).GetRawText());
        Assert.Equal("10.61.7.3", CniLab.Addresses(CniLab.Add(other, config))[0]);
        Assert.Equal("", CniLab.Run("CHECK", Previous(config, first), one.Name).Succeeded());

        // What is assigned and then not used is given back.
        var refused = lab.Container();
        var pod = $"IgnoreUnknown=1;K8S_POD_NAME={one.Name}";
        Assert.Equal(100, CniLab.Fails("ADD", config, refused.Name, ("CNI_ARGS", pod)).Code);
        Assert.Equal(["10.61.7.2", "10.61.7.3"], Held());
        CniLab.Delete(one.Name, config);
        Assert.Equal(["10.61.7.3"], Held());
        CniLab.Delete(one.Name, config);
        CniLab.Delete(other.Name, config, ("CNI_NETNS", ""));
        Assert.Empty(Held());
        Assert.Empty(await lab.Attached());

        IEnumerable<string> Held() => Directory.GetFiles(Path.Combine(store.Path, "net"))
            .Select(f => Path.GetFileName(f)).Where(f => f.StartsWith("10.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_words_of_the_other_plugin_are_passed_on()
    {
        Require("host-local");
        await using var lab = await CniLab.Start();
        var container = lab.Container();
        var config = lab.Config(
            version: "1.0.0", more: ", \"ipam\": {\"type\": \"host-local\", \"subnet\": \"nonsense\"}");
        Assert.Contains("nonsense", CniLab.Fails("ADD", config, container.Name).Message, StringComparison.Ordinal);
        Assert.Empty(await lab.Attached());
    }

    [Fact]
    public async Task Static_addresses_and_those_that_a_runtime_asks_for()
    {
        Require("static");
        await using var lab = await CniLab.Start();
        var (one, other) = (lab.Container(), lab.Container());
        var fixedOne = lab.Config(version: "1.0.0",
            more: ", \"ipam\": {\"type\": \"static\", \"addresses\": [{\"address\": \"10.62.0.9/24\"}]}");
        Assert.Equal(["10.62.0.9"], CniLab.Addresses(CniLab.Add(one, fixedOne)));
        // The same for another pod: refused, and the pods of both stay what they are.
        Assert.Equal(7, CniLab.Fails("ADD", fixedOne, other.Name).Code);
        var asked = lab.Config(more: ", \"runtimeConfig\": {\"ips\": [\"10.244.7.7/16\", \"fd00:10:244::77\"]}");
        Assert.Equal(["10.244.7.7", "fd00:10:244::77"], CniLab.Addresses(CniLab.Add(other, asked)));
        Assert.Equal(2, (await lab.Attached()).Count);
    }

    /// <summary>Debian's tuning gets the result of ours.</summary>
    [Fact]
    public async Task Results_are_passed_on_to_plugins_behind_and_taken_from_those_before()
    {
        Require("tuning");
        await using var lab = await CniLab.Start();
        var container = lab.Container();
        var config = lab.Config(version: "1.0.0");
        var result = CniLab.Add(container, config);
        var tuning = $$"""
            {"cniVersion": "1.0.0", "name": "net", "type": "tuning",
             "sysctl": {"net.ipv4.conf.IFNAME.arp_ignore": "2"}, "prevResult": {{result.GetRawText()}}}
            """;
        var after = JsonDocument.Parse(Debians("tuning", "ADD", tuning, container)).RootElement;
        Assert.True(JsonElement.DeepEquals(result.GetProperty("ips"), after.GetProperty("ips")), after.GetRawText());
        Assert.Equal("", Debians("tuning", "DEL", tuning, container));
        CniLab.Delete(container.Name, Previous(config, after));

        // Behind another one: its interface stays in the result, and ours is counted behind it.
        const string Before = """
            {"cniVersion": "1.0.0", "interfaces": [{"name": "lo", "mac": "00:00:00:00:00:00", "sandbox": "/x"}],
             "ips": [{"interface": 0, "address": "127.0.0.1/8"}], "routes": [{"dst": "192.0.2.0/24"}]}
            """;
        var both = CniLab.Add(container, $"{config.TrimEnd()[..^1]}, \"prevResult\": {Before}}}");
        var interfaces = both.GetProperty("interfaces").EnumerateArray().Select(i => i.GetProperty("name").GetString());
        Assert.Equal(["lo", "eth0"], interfaces);
        var places = both.GetProperty("ips").EnumerateArray().Select(i => i.GetProperty("interface").GetInt32());
        Assert.Equal([0, 1, 1], places);
        Assert.Equal("192.0.2.0/24", both.GetProperty("routes")[0].GetProperty("dst").GetString());
        Assert.Equal(7, CniLab.Fails("ADD", $"{config.TrimEnd()[..^1]}, \"prevResult\": {both.GetRawText()}}}",
            lab.Container().Name).Code);
    }

    private static string Debians(string plugin, string command, string config, TestNetns container)
    {
        var start = new System.Diagnostics.ProcessStartInfo($"{Debian}/{plugin}");
        start.Environment["CNI_COMMAND"] = command;
        start.Environment["CNI_CONTAINERID"] = container.Name;
        start.Environment["CNI_IFNAME"] = "eth0";
        start.Environment["CNI_NETNS"] = $"/run/netns/{container.Name}";
        start.Environment["CNI_PATH"] = Debian;
        var result = Tool.Run(start, config);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    private static string Previous(string config, JsonElement result) =>
        $"{config.TrimEnd()[..^1]}, \"prevResult\": {result.GetRawText()}}}";

    private static void Require(string plugin) =>
        Assert.SkipUnless(File.Exists($"{Debian}/{plugin}"), "containernetworking-plugins is not installed");
}
