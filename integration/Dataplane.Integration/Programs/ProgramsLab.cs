using System.Diagnostics;
using Dataplane.Api;
using Dataplane.Daemon.Programs;
using Dataplane.Integration.Chaos;
using Dataplane.Integration.Promises;

namespace Dataplane.Integration.Programs;

/// <summary>A daemon that runs programs in pods, its supervisor, and the command line. All of it goes with the
/// test.</summary>
internal sealed class ProgramsLab : IDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(20);

    /// <param name="manifests">What is applied at once; empty: nothing.</param>
    /// <param name="flags">Further ones of the daemon.</param>
    public ProgramsLab(string manifests, params string[] flags)
    {
        Daemon = new DaemonProcess(["--runtime", "process", .. flags]);
        try
        {
            if (manifests.Length > 0) Daemon.Apply("objects.yaml", manifests);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public DaemonProcess Daemon { get; }

    public static string Pod(string name, string containers, string more = "", string app = "web") =>
        "---\napiVersion: v1\nkind: Pod\n"
        + $"metadata: {{name: {name}, namespace: shop, labels: {{app: {app}}}}}\n"
        + $"spec: {{{(more.Length == 0 ? "" : $"{more}, ")}containers: [{containers}]}}\n";

    /// <summary>A container that runs a script.</summary>
    public static string Script(string script, string more = "") =>
        $"{{name: c, image: busybox, command: [sh, -c, \"{script}\"]{(more.Length == 0 ? "" : $", {more}")}}}";

    /// <summary>One that answers.</summary>
    public static string Answering => "{name: c, image: nginx, ports: [{containerPort: 80}]}";

    /// <summary>One that waits.</summary>
    public static string Waiting => Script("exec sleep 5000");

    public const string WebService = "---\napiVersion: v1\nkind: Service\n"
        + "metadata: {name: web-service, namespace: shop}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n";

    public PodEntry Of(string pod) =>
        Find(pod) ?? throw new InvalidOperationException($"there is no pod {pod}\n{Daemon.Said()}");

    public PodEntry? Find(string pod) => Daemon.Get(ApiPaths.Pods, ApiJson.Default.PodsResponse).Pods
        .SingleOrDefault(p => p.Name == $"shop/{pod}");

    public string Word(string pod) => Of(pod).Summary!.Status;

    /// <summary>Waits until the pod has this word and this many containers are ready.</summary>
    public void Await(string pod, string word, string? ready = null) => Steady.Until(
        () => Find(pod)?.Summary is { } summary && summary.Status == word && (ready is null || summary.Ready == ready),
        () => $"{pod} is {word} {ready}: {Find(pod)?.Summary}\n{Daemon.Said()}");

    public string Netns(string pod) => Of(pod).Netns!;

    /// <summary>The dataplane program.</summary>
    public ToolResult Run(params string[] arguments) => Tool.Run(Start(arguments));

    public ProcessStartInfo Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "dataplane"), arguments);
        start.Environment["DATAPLANE_SOCKET"] = Daemon.Socket;
        return start;
    }

    public ToolResult Exec(string pod, params string[] command) =>
        Run(["exec", $"shop/{pod}", "--", .. command]);

    /// <summary>What a request of one pod finds out: the code of HTTP, or curl's exit code with a minus.</summary>
    public int Curl(string pod, string url)
    {
        var asked = Exec(pod, "curl", "-s", "-m", "2", "-o", "/dev/null", "-w", "%{http_code}", url);
        return asked.ExitCode == 0 ? int.Parse(asked.Output, System.Globalization.CultureInfo.InvariantCulture)
            : -asked.ExitCode;
    }

    public void Dispose()
    {
        if (Daemon is null) return;
        using (var limit = new CancellationTokenSource(EndLimit))
        {
            try
            {
                Daemon.Kill();
                SupervisorPlace.EndAsync(Daemon.NodeName, limit.Token).GetAwaiter().GetResult();
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        Daemon.Dispose();
    }
}
