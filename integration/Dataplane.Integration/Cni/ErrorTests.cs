using System.Text.Json;

namespace Dataplane.Integration.Cni;

/// <summary>What is wrong is told as the CNI specification says: JSON on standard output with a code.</summary>
public sealed class ErrorTests
{
    [Theory]
    [InlineData("CNI_COMMAND", "", 4)]
    [InlineData("CNI_COMMAND", "MAKE", 4)]
    [InlineData("CNI_CONTAINERID", "", 4)]
    [InlineData("CNI_CONTAINERID", "-a", 4)]
    [InlineData("CNI_CONTAINERID", "a/b", 4)]
    [InlineData("CNI_IFNAME", "", 4)]
    [InlineData("CNI_IFNAME", "sixteen-letters-x", 4)]
    [InlineData("CNI_IFNAME", "net1", 7)]
    [InlineData("CNI_NETNS", "", 4)]
    [InlineData("CNI_NETNS", "run/netns/x", 4)]
    [InlineData("CNI_NETNS", "/run/netns/dptest-nobody", 3)]
    [InlineData("CNI_NETNS", "/etc/passwd", 5)]
    [InlineData("CNI_NETNS", "/proc/self/ns/mnt", 5)]
    [InlineData("CNI_NETNS", "/proc/1/ns/net", 5)]
    [InlineData("CNI_ARGS", "nonsense", 4)]
    [InlineData("CNI_ARGS", "WHAT=1", 4)]
    [InlineData("CNI_ARGS", "K8S_POD_NAMESPACE=X_Y;K8S_POD_NAME=a", 7)]
    public async Task A_wrong_environment(string variable, string value, int code)
    {
        await using var lab = await CniLab.Start();
        var container = lab.Container();
        Assert.Equal(code, CniLab.Fails("ADD", lab.Config(), container.Name, (variable, value)).Code);
        Assert.Empty(await lab.Attached());
        Assert.DoesNotContain("eth0", container.Exec("ip", "-o link"), StringComparison.Ordinal);
        // Nothing is left that would be in the way.
        CniLab.Add(container, lab.Config());
    }

    [Theory]
    [InlineData("\"cniVersion\": \"1.1.0\"", "\"cniVersion\": \"9.9.9\"", 1, "9.9.9")]
    [InlineData("\"cniVersion\": \"1.1.0\",", "", 7, "1:1: cniVersion is missing")]
    [InlineData("\"name\": \"net\",", "", 7, "name is missing")]
    [InlineData("\"name\": \"net\"", "\"name\": \"a/b\"", 7, "2:34: name: \"a/b\"")]
    [InlineData("\"name\": \"net\"", "\"name\": 5", 7, "2:34: name: it must be a text")]
    [InlineData("\"dataplane\": {", "\"dataplan\": {", 2, "3:3: dataplan: not supported")]
    [InlineData("\"namespace\"", "\"namespaces\"", 2, "dataplane.namespaces: not supported, with the value \"x\"")]
    [InlineData("\"labels\": {}", "\"labels\": {\"a\": 1}", 7, "dataplane.labels.a: it must be a text")]
    [InlineData("\"labels\": {}", "\"labels\": {\"a b\": \"c\"}", 7, "a b")]
    [InlineData("}}", "}, \"ipam\": {}, \"runtimeConfig\": {\"mac\": \"02:00:00:00:00:01\"}}", 2, "runtimeConfig.mac")]
    [InlineData("}}", "}, \"runtimeConfig\": {\"portMappings\": [{\"hostPort\": 1}]}}", 2, "portmap")]
    [InlineData("}}", "}, \"runtimeConfig\": {\"ips\": [\"nonsense\"]}}", 7, "nonsense")]
    [InlineData("}}", "}, \"runtimeConfig\": {\"ips\": [\"127.0.0.1\"]}}", 7, "127.0.0.1")]
    [InlineData("}}", "}, \"ipam\": {\"type\": \"no-such-plugin\"}}", 7, "no-such-plugin")]
    [InlineData("}}", "}, \"ipam\": {\"kind\": \"host-local\"}}", 7, "ipam: type is missing")]
    [InlineData("}}", "}", 6, "no valid JSON")]
    [InlineData("{\n", "[\n", 6, "no valid JSON")]
    public async Task A_wrong_configuration(string there, string instead, int code, string message)
    {
        await using var lab = await CniLab.Start();
        var container = lab.Container();
        // One line less: braces that follow each other.
        var config = lab.Config().Replace("{} }\n}", "{}}}", StringComparison.Ordinal);
        Assert.Contains(there, config, StringComparison.Ordinal);
        var at = config.LastIndexOf(there, StringComparison.Ordinal);
        var found = CniLab.Fails("ADD", config[..at] + instead + config[(at + there.Length)..], container.Name);
        Assert.Equal(code, found.Code);
        Assert.Contains(message, found.Message, StringComparison.Ordinal);
        Assert.Empty(await lab.Attached());
    }

    [Fact]
    public async Task Without_a_daemon_the_runtime_is_to_try_again_and_the_pod_is_closed()
    {
        await using var lab = await CniLab.Start();
        var (container, before) = (lab.Container(), lab.Container());
        CniLab.Add(before, lab.Config());
        await lab.Daemon.Stop();
        Assert.Equal(11, CniLab.Fails("ADD", lab.Config(), container.Name).Code);
        Assert.Equal(11, CniLab.Fails("DEL", lab.Config(), before.Name).Code);
        Assert.Equal(11, CniLab.Fails("GC", lab.Config(more: ", \"cni.dev/valid-attachments\": []"), null).Code);
        Assert.Equal(50, CniLab.Fails("STATUS", lab.Config(), null).Code);
        Assert.DoesNotContain("eth0", container.Exec("ip", "-o link"), StringComparison.Ordinal);
        await lab.Daemon.StartAgain();
        Assert.Equal("", CniLab.Run("STATUS", lab.Config(), null).Succeeded());
        CniLab.Add(container, lab.Config());
        CniLab.Delete(before.Name, lab.Config());
        Assert.Equal(container.Name, Assert.Single(await lab.Attached()).Container);
    }

    [Theory]
    [InlineData("0.1.0", "ip4", null)]
    [InlineData("0.2.0", "ip4", null)]
    [InlineData("0.3.0", "ips", "4")]
    [InlineData("0.3.1", "ips", "4")]
    [InlineData("0.4.0", "ips", "4")]
    [InlineData("1.0.0", "ips", null)]
    [InlineData("1.1.0", "ips", null)]
    public async Task Each_version_has_its_format(string version, string member, string? family)
    {
        await using var lab = await CniLab.Start();
        var container = lab.Container();
        var config = lab.Config(version: version);
        var result = CniLab.Add(container, config);
        Assert.Equal(version, result.GetProperty("cniVersion").GetString());
        var found = result.GetProperty(member);
        if (member == "ip4")
        {
            Assert.EndsWith("/32", found.GetProperty("ip").GetString(), StringComparison.Ordinal);
            Assert.Equal("0.0.0.0/0", found.GetProperty("routes")[0].GetProperty("dst").GetString());
            Assert.False(result.TryGetProperty("interfaces", out _));
        }
        else
        {
            Assert.Equal(family, found[0].TryGetProperty("version", out var told) ? told.GetString() : null);
            Assert.Single(result.GetProperty("interfaces").EnumerateArray());
            Assert.Equal("::/0", result.GetProperty("routes")[1].GetProperty("dst").GetString());
        }
        var checks = CniLab.Run("CHECK", Previous(config, result), container.Name);
        if (version is "0.4.0" or "1.0.0" or "1.1.0") Assert.Equal("", checks.Succeeded());
        else Assert.Equal(1, Code(checks));
        var collects = CniLab.Run("GC", Previous(config, "cni.dev/valid-attachments", "[]"), null);
        if (version == "1.1.0") Assert.Equal("", collects.Succeeded());
        else Assert.Equal(1, Code(collects));
        Assert.Equal(version == "1.1.0" ? 0 : 1, (await lab.Attached()).Count);
        CniLab.Delete(container.Name, config);
    }

    [Theory]
    [InlineData("{\"cniVersion\": \"0.3.1\"}", "0.3.1")]
    [InlineData("{\"cniVersion\": \"9.0.0\"}", "1.1.0")]
    [InlineData("", "1.1.0")]
    public void It_says_which_versions_there_are(string input, string version)
    {
        var answer = JsonDocument.Parse(CniLab.Run("VERSION", input, null).Succeeded()).RootElement;
        Assert.Equal(version, answer.GetProperty("cniVersion").GetString());
        Assert.Equal(["0.1.0", "0.2.0", "0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"],
            answer.GetProperty("supportedVersions").EnumerateArray().Select(v => v.GetString()));
    }

    [Fact]
    public async Task Garbage_is_collected_and_what_is_valid_stays()
    {
        await using var lab = await CniLab.Start();
        TestNetns[] containers = [lab.Container(), lab.Container(), lab.Container()];
        foreach (var container in containers) CniLab.Add(container, lab.Config());
        var valid = $$"""[{"containerID": "{{containers[1].Name}}", "ifname": "eth0"}]""";
        // Of another network, it does not concern these.
        var other = lab.Config(more: ", \"cni.dev/valid-attachments\": []")
            .Replace("\"net\"", "\"other\"", StringComparison.Ordinal);
        Assert.Equal("", CniLab.Run("GC", other, null).Succeeded());
        Assert.Equal(3, (await lab.Attached()).Count);
        // Without the list, everything would go.
        Assert.Equal(7, CniLab.Fails("GC", lab.Config(), null).Code);
        var config = lab.Config(more: $", \"cni.dev/valid-attachments\": {valid}");
        Assert.Equal("", CniLab.Run("GC", config, null).Succeeded());
        Assert.Equal(containers[1].Name, Assert.Single(await lab.Attached()).Container);
    }

    private static string Previous(string config, JsonElement result) =>
        Previous(config, "prevResult", result.GetRawText());

    private static string Previous(string config, string name, string value) =>
        $"{config.TrimEnd()[..^1]}, \"{name}\": {value}}}";

    private static int Code(ToolResult result) =>
        JsonDocument.Parse(result.Output).RootElement.GetProperty("code").GetInt32();
}
