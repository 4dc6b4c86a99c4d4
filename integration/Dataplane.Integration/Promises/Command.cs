using System.Diagnostics;
using Dataplane.Integration.Chaos;
namespace Dataplane.Integration.Promises;

/// <summary>The program as a user runs it, against a daemon's socket.</summary>
internal sealed class Command : IDisposable
{
    private const int Patience = 60_000;

    private readonly Process _process;
    private readonly Task<string> _error;

    public Command(string socket, params string[] arguments)
    {
        _process = Process.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "dataplane"), arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["DATAPLANE_SOCKET"] = socket },
        })!;
        _error = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Runs it to its end.</summary>
    public static ToolResult Run(DaemonProcess daemon, params string[] arguments) => Run(daemon.Socket, "", arguments);

    public static ToolResult Run(string socket, string input, string[] arguments)
    {
        using var command = new Command(socket, arguments);
        command._process.StandardInput.Write(input);
        command._process.StandardInput.Close();
        return command.End();
    }

    public StreamWriter Input => _process.StandardInput;

    public StreamReader Output => _process.StandardOutput;

    /// <param name="name">As kill(1) has it.</param>
    public void Signal(string name) => Process.Start("kill", $"-{name} {_process.Id}").WaitForExit();

    /// <summary>What it says from now on, once it has ended.</summary>
    public ToolResult End()
    {
        var output = _process.StandardOutput.ReadToEndAsync();
        Assert.True(_process.WaitForExit(Patience), "the program does not end");
        return new ToolResult(_process.ExitCode, output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
