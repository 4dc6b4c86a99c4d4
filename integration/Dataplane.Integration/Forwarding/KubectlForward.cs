using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dataplane.Integration.Programs;

namespace Dataplane.Integration.Forwarding;

/// <summary>kubectl port-forward, which listens; ends with the test.</summary>
internal sealed class KubectlForward : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    /// <param name="port">In the pod.</param>
    public KubectlForward(ProgramsLab lab, string pod, int port)
    {
        var start = new ProcessStartInfo(KubernetesClients.Kubectl(),
            ["port-forward", "-n", "shop", "--address", "127.0.0.1", $"pod/{pod}", $":{port}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(lab.Daemon.StateDirectory, "kubernetes-api", "kubeconfig");
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) =>
        {
            lock (_errors) _errors.AppendLine(e.Data);
        };
        _process.BeginErrorReadLine();
        // Forwarding from 127.0.0.1:PORT -> 80
        var line = _process.StandardOutput.ReadLine();
        if (line is null)
        {
            _process.WaitForExit(Patience);
            var said = Errors;
            Dispose();
            throw new InvalidOperationException($"kubectl does not listen: {said}\n{lab.Daemon.Said()}");
        }
        Port = int.Parse(line.Split("127.0.0.1:")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public int Port { get; }

    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
