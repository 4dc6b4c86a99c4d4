using System.Net.WebSockets;
using Dataplane.Daemon.Programs;
using Dataplane.Runtime.Logs;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>
/// A client that hears what a container writes from now on, until the container's run ends or the client goes. It is
/// read from the log, so a slow client keeps nothing waiting, and misses what the log has dropped.
/// </summary>
internal sealed class AttachSession(ChannelConnection client, StreamRequest asked) : IDisposable
{
    private readonly CancellationTokenSource _gone = new();

    /// <param name="follower">Of the log, behind what was written before.</param>
    /// <param name="isRunning">Whether the run goes on.</param>
    public async Task RunAsync(LogFollower follower, Func<bool> isRunning, CancellationToken stop)
    {
        await using var told = stop.Register(_gone.Cancel);
        var reading = ReadAsync();
        try
        {
            while (true)
            {
                // Before reading: what was written until then is read.
                var isLast = !isRunning();
                foreach (var line in follower.ReadNew()) await SendAsync(line);
                if (isLast) break;
                await Task.Delay(LogAnswer.Pause, _gone.Token);
            }
            await client.EndAsync(ExitStatuses.Success, reading, _gone.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // The client has gone.
        }
        await _gone.CancelAsync();
        await reading;
    }

    public void Dispose() => _gone.Dispose();

    private Task SendAsync(LogLine line)
    {
        var (channel, isWanted) = line.Stream == LogStream.Out ? (ContainerChannel.Output, asked.Output)
            : (ContainerChannel.Errors, asked.Errors);
        return !isWanted ? Task.CompletedTask : client.SendAsync(
            channel, (byte[])[0, .. line.Text.Span, .. line.IsWhole ? "\n"u8 : ""u8], _gone.Token);
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await client.ReadAsync(_gone.Token) is not null)
            {
                // A container hears nothing.
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            // As if it had said so.
        }
        await _gone.CancelAsync();
    }
}
