using System.Net.WebSockets;
using System.Text;
using Dataplane.ApiMachinery.Statuses;
using Dataplane.Linux.Programs;
using Dataplane.Runtime.Launching;

namespace Dataplane.Daemon.KubernetesApi.Streams;

/// <summary>
/// A client and the program that it runs in a container, until either ends. When the client goes, the program is hung
/// up: its input ends, and a terminal sends SIGHUP; after a grace it is killed with its process group. When the program
/// ends, what it has written is sent, and what it has left behind stays in the container.
/// </summary>
internal sealed class ExecSession(ChannelConnection client, ExecProgram program, bool hasTerminal)
    : IDisposable
{
    private const int BufferBytes = 32 << 10;

    /// <summary>Between hanging up and SIGKILL.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    private readonly CancellationTokenSource _gone = new(), _over = new();
    private Task _reading = Task.CompletedTask, _writing = Task.CompletedTask;

    /// <returns>The exit code; null: the client went before.</returns>
    public async Task<int?> RunAsync(CancellationToken stop)
    {
        await using var told = stop.Register(_gone.Cancel);
        try
        {
            return await AnsweredAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException)
        {
            return null;
        }
        finally
        {
            program.Streams.Dispose();
            await ((Task)program.Ended).WaitAsync(Grace, CancellationToken.None)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            program.Kill();
            await program.Ended;
            await _gone.CancelAsync();
            await Task.WhenAll(_reading, _writing);
        }
    }

    public void Dispose()
    {
        _gone.Dispose();
        _over.Dispose();
    }

    private async Task<int> AnsweredAsync()
    {
        _reading = Guarded(ReadAsync);
        if (await program.BegunAsync(_gone.Token) is { Length: > 0 } failure)
            return await RefuseAsync(failure, await program.Ended);
        _writing = Task.WhenAll(Guarded(() => PumpAsync(program.Streams.Output, ContainerChannel.Output)),
            Guarded(() => PumpAsync(program.Streams.Errors, ContainerChannel.Errors)));
        var end = await program.Ended.WaitAsync(_gone.Token);
        // What a session has open is taken from all when its leader ends, unless that had given the terminal up.
        if (hasTerminal) await _writing.WaitAsync(Grace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _over.CancelAsync();
        await _writing;
        _gone.Token.ThrowIfCancellationRequested();
        // Who reads it now is not the program.
        program.Streams.Input?.Dispose();
        await client.EndAsync(ExitStatuses.Of(end), _reading, _gone.Token);
        return ExitStatuses.CodeOf(end);
    }

    private async Task<int> RefuseAsync(string failure, ProgramEnd end)
    {
        var message = $"unable to start container process: {failure}";
        var isMissing = end.Code is BesideLauncher.NotFound or BesideLauncher.NotExecutable;
        if (isMissing)
        {
            var channel = hasTerminal ? ContainerChannel.Output : ContainerChannel.Errors;
            var line = hasTerminal ? $"{message}\r\n" : $"{message}\n";
            await client.SendAsync(channel, (byte[])[0, .. Encoding.UTF8.GetBytes(line)], _gone.Token);
        }
        await client.EndAsync(isMissing ? ExitStatuses.NotZero(end.Code, message)
            : new StatusException(StatusReason.InternalError, message).ToStatus(), _reading, _gone.Token);
        return end.Code;
    }

    /// <summary>Ends when the client has closed the connection.</summary>
    private async Task ReadAsync()
    {
        while (await client.ReadAsync(_gone.Token) is { } part)
        {
            switch (part.Channel)
            {
                case ContainerChannel.Input when program.Streams.Input is { } input:
                    // Where it fails the program has closed it, and may go on.
                    await input.WriteAsync(part.Bytes, _gone.Token);
                    break;
                case ContainerChannel.Close when !hasTerminal:
                    program.Streams.Input?.Dispose();
                    break;
                case ContainerChannel.Resize:
                    program.Streams.Resize(part.Columns, part.Rows);
                    break;
                default:
                    break;
            }
        }
        await _gone.CancelAsync();
    }

    private async Task PumpAsync(ProgramStream? from, ContainerChannel channel)
    {
        if (from is null) return;
        var buffer = new byte[1 + BufferBytes];
        while (await ReadAsync(from, buffer.AsMemory(1)) is > 0 and var length)
            await client.SendAsync(channel, buffer.AsMemory(0, 1 + length), _gone.Token);
    }

    /// <returns>0: there is no more, or only from what the program has left behind.</returns>
    private async ValueTask<int> ReadAsync(ProgramStream from, Memory<byte> buffer)
    {
        try
        {
            return await from.ReadAsync(buffer, _over.Token);
        }
        catch (OperationCanceledException) when (!_gone.IsCancellationRequested)
        {
            return from.Available > 0 ? await from.ReadAsync(buffer, _gone.Token) : 0;
        }
    }

    /// <summary>What fails because the client has gone tells the others.</summary>
    private async Task Guarded(Func<Task> part)
    {
        try
        {
            await part();
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            await _gone.CancelAsync();
        }
    }
}
