using System.Globalization;
using Dataplane.Daemon.KubernetesApi.Forwarding;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Daemon.Endpoints;
using Dataplane.Daemon.Host;
using Dataplane.Daemon.Programs;
using Dataplane.Linux.Native;
using Dataplane.Runtime.Launching;
using Dataplane.Runtime.Logs;
using Dataplane.Runtime.Supervision;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>The subresources of pods that stream: exec, attach, portforward and log.</summary>
internal sealed partial class PodStreams(DaemonContext context)
{
    /// <summary>Maximum number of clients of exec and attach at a time.</summary>
    private const int MaxSessions = 32;

    private readonly Streaming _sessions = new(MaxSessions, "clients run or hear programs already (exec, attach)");
    private readonly PortForwarding _forwarding = new(context);
    private readonly ILogger _log = context.Logs.CreateLogger<PodStreams>();

    /// <exception cref="StatusException">It cannot be run.</exception>
    public Task Exec(HttpContext http, string ns, string name) => Refusing(async () =>
    {
        var asked = StreamRequest.Of(http);
        if (asked.Command is not [{ Length: > 0 }, ..])
            throw StatusException.BadRequest("you must specify at least one command for the container");
        var (programs, chosen) = Chosen(ns, name, asked);
        var (report, process) = RunningIn(programs, $"{ns}/{name}", chosen.Name);
        await _sessions.Run(http, async stop =>
        {
            using var client = await ChannelConnection.AcceptAsync(http);
            var directory = report.Order.Programs.Init.Concat(report.Order.Programs.Containers)
                .FirstOrDefault(c => c.Name == chosen.Name)?.WorkingDirectory;
            var start = new BesideStart(process.Id, process.StartTicks, directory, asked.Command, asked.HasTerminal);
            Began(_log, $"{ns}/{name}", chosen.Name, asked.Command[0], Who(http));
            int? code;
            try
            {
                using var program = ExecProgram.Start(context.Options.Supervisor, start, asked);
                using var session = new ExecSession(client, program, asked.HasTerminal);
                code = await session.RunAsync(stop);
            }
            catch (LinuxException e)
            {
                await client.EndAsync(new StatusException(StatusReason.InternalError, e.Message).ToStatus(),
                    Task.CompletedTask, stop);
                return;
            }
            if (code is { } ended) Ended(_log, $"{ns}/{name}", chosen.Name, asked.Command[0], ended);
            else Left(_log, $"{ns}/{name}", chosen.Name, asked.Command[0]);
        });
    });

    /// <exception cref="StatusException">It cannot be heard.</exception>
    public Task Attach(HttpContext http, string ns, string name) => Refusing(async () =>
    {
        var asked = StreamRequest.Of(http);
        if (asked.Input)
        {
            throw StatusException.BadRequest($"the containers of pod {name} have no input: attach without --stdin, or "
                + $"run a program beside: kubectl exec -it {name} -- sh");
        }
        var (programs, chosen) = Chosen(ns, name, asked);
        RunningIn(programs, $"{ns}/{name}", chosen.Name);
        await _sessions.Run(http, async stop =>
        {
            using var follower = new LogFollower(programs.Files.LogOf(ns, name, chosen.Name));
            foreach (var _ in follower.ReadNew())
            {
                // It was written before.
            }
            using var client = await ChannelConnection.AcceptAsync(http);
            using var session = new AttachSession(client, asked);
            await session.RunAsync(follower, () => chosen.IsRunning(programs.Pods), stop);
        });
    });

    /// <inheritdoc cref="PortForwarding.Run"/>
    public Task PortForward(HttpContext http, string ns, string name) => _forwarding.Run(http, ns, name);

    /// <exception cref="StatusException">There is no such log, in the words of the API server.</exception>
    public Task Log(HttpContext http, string ns, string name) => Refusing(() => LogAnswer.Write(
        http, context.Reconciler.Current, context.Programs, ns, name, LogParameters.Of(http)));

    private (ProgramRunner Programs, ChosenContainer Container) Chosen(string ns, string name, StreamRequest asked)
    {
        var programs = context.Programs ?? throw StatusException.BadRequest(
            $"nothing runs in pod {ns}/{name}: start the daemon with --runtime process");
        return (programs,
            ChosenContainer.Of(context.Reconciler.Current, programs.Pods, $"{ns}/{name}", asked.Container));
    }

    private static (PodReport Report, ContainerProcess Process) RunningIn(
        ProgramRunner programs, string pod, string container)
    {
        var report = programs.Pods.Report(pod);
        var process = report?.Processes.FirstOrDefault(p => p.Container == container);
        return process is not null ? (report!, process) : throw new StatusException(StatusReason.NotFound,
            $"unable to upgrade connection: container not found (\"{container}\")");
    }

    private static async Task Refusing(Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (ApiProblem problem)
        {
            var reason = problem.Problem.Status switch
            {
                StatusCodes.Status404NotFound => StatusReason.NotFound,
                StatusCodes.Status503ServiceUnavailable => StatusReason.TooManyRequests,
                _ => StatusReason.BadRequest,
            };
            throw new StatusException(reason, problem.Problem.Detail ?? problem.Problem.Title);
        }
    }

    private static string Who(HttpContext http) => string.Create(CultureInfo.InvariantCulture,
        $"{http.Connection.RemoteIpAddress}:{http.Connection.RemotePort} ({http.Request.Headers.UserAgent})");

    [LoggerMessage(350, LogLevel.Information,
        "exec: {Program} begins in container {Container} of pod {Pod}, for {Who}")]
    private static partial void Began(ILogger log, string pod, string container, string program, string who);

    [LoggerMessage(351, LogLevel.Information,
        "exec: {Program} in container {Container} of pod {Pod} ended with exit code {Code}")]
    private static partial void Ended(ILogger log, string pod, string container, string program, int code);

    [LoggerMessage(352, LogLevel.Information,
        "exec: {Program} in container {Container} of pod {Pod} was ended: its client has gone")]
    private static partial void Left(ILogger log, string pod, string container, string program);
}
