using System.Diagnostics;
using System.Text.Json;
using Dataplane.Api;
using Dataplane.Integration.Daemon;

namespace Dataplane.Integration.Cni;

/// <summary>A daemon, and container runtimes' way to it: the plugin as a process, run as a runtime runs it.</summary>
internal sealed class CniLab : IAsyncDisposable
{
    private readonly List<TestNetns> _containers = [];

    private CniLab(RunningDaemon daemon) => Daemon = daemon;

    public RunningDaemon Daemon { get; }

    /// <summary>As it is built for tests, or with DATAPLANE_CNI another one, such as the published.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("DATAPLANE_CNI")
        ?? Path.Combine(AppContext.BaseDirectory, "dataplane-cni");

    public static async Task<CniLab> Start(params string[] manifests)
    {
        var lab = new CniLab(await RunningDaemon.Start());
        if (manifests.Length > 0) await lab.Daemon.Apply("a.yaml", manifests);
        return lab;
    }

    /// <summary>A network namespace, as a runtime makes one for a container.</summary>
    public TestNetns Container()
    {
        var container = TestNetns.Create();
        _containers.Add(container);
        return container;
    }

    /// <summary>A configuration for the daemon, with more members.</summary>
    public string Config(string labels = "{}", string more = "", string version = "1.1.0") => $$"""
        {
          "cniVersion": "{{version}}", "name": "net", "type": "dataplane-cni", "socket": "{{Daemon.Socket}}",
          "dataplane": {"namespace": "x", "labels": {{labels}} }{{more}}
        }
        """;

    /// <summary>Runs the plugin to its end.</summary>
    /// <param name="netns">Its name is the container's, too; null: none is given.</param>
    public static ToolResult Run(string command, string config, string? netns,
        params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Program);
        foreach (var (name, value) in Variables(command, netns).Concat(variables))
        {
            if (value.Length > 0) start.Environment[name] = value;
            else start.Environment.Remove(name);
        }
        return Tool.Run(start, config);
    }

    /// <summary>ADD succeeds.</summary>
    public static JsonElement Add(TestNetns container, string config, params (string Name, string Value)[] variables)
    {
        var result = Run("ADD", config, container.Name, variables);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>DEL succeeds, and says nothing.</summary>
    public static void Delete(string container, string config, params (string Name, string Value)[] variables) =>
        Assert.Equal("", Run("DEL", config, container, variables).Succeeded());

    /// <summary>The error that a request ends with.</summary>
    public static (int Code, string Message) Fails(string command, string config, string? netns,
        params (string Name, string Value)[] variables)
    {
        var result = Run(command, config, netns, variables);
        Assert.Equal((1, ""), (result.ExitCode, result.Error));
        var error = JsonDocument.Parse(result.Output).RootElement;
        return (error.GetProperty("code").GetInt32(), error.GetProperty("msg").GetString()!);
    }

    /// <summary>What the daemon has attached.</summary>
    public async Task<IReadOnlyList<AttachmentEntry>> Attached() =>
        (await Daemon.Get(ApiPaths.Attachments, ApiJson.Default.AttachmentsResponse)).Attachments;

    /// <summary>The addresses of a result, without prefix lengths.</summary>
    public static string[] Addresses(JsonElement result) =>
    [
        .. result.GetProperty("ips").EnumerateArray()
            .Select(i => i.GetProperty("address").GetString()!.Split('/')[0]),
    ];

    public async ValueTask DisposeAsync()
    {
        await Daemon.DisposeAsync();
        foreach (var container in _containers) container.Dispose();
    }

    private static IEnumerable<(string Name, string Value)> Variables(string command, string? netns) =>
    [
        ("CNI_COMMAND", command), ("CNI_CONTAINERID", netns ?? "nobody"), ("CNI_IFNAME", "eth0"),
        ("CNI_NETNS", netns is null ? "" : $"/run/netns/{netns}"), ("CNI_PATH", "/usr/lib/cni"),
    ];
}
