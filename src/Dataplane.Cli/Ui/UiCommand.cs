using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Dataplane.Api.Client;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;

namespace Dataplane.Cli.Ui;

/// <summary><c>ui</c>: a page about the running daemon, served to this machine's browsers until Ctrl-C.</summary>
internal static class UiCommand
{
    private const int TokenBytes = 24;

    public static Command Build(Shell shell)
    {
        var port = new Option<int>("--port")
        {
            HelpName = "PORT",
            Description = "The port on 127.0.0.1; default: one that is free",
        };
        port.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && !ushort.TryParse(
                token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                result.AddError($"--port {token.Value}: no number from 0 to {ushort.MaxValue}");
            }
        });
        var daemon = new DaemonChoice(shell, waits: false);
        var command = new HelpfulCommand("ui",
            "The running daemon in a browser: the matrix, a picture, policies, and flows as they happen. Prints the "
                + "page's address, and serves it on 127.0.0.1 until Ctrl-C.")
        {
            Examples =
            [
                ("dataplane ui", "open the address that it prints; then apply a policy in another terminal"),
                ("dataplane ui --port 8900", "behind ssh -L 8900:127.0.0.1:8900"),
            ],
            Exits =
            [
                (0, "ended by Ctrl-C"),
                (2, "wrong command line"),
                (4, "no daemon, or no permission"),
            ],
            Remarks =
            [
                "The address has a token, without which nothing is told. The page only reads, with the rights of who "
                    + "runs this command; the daemon opens no port.",
                "It stays when the daemon ends, and goes on when the daemon is back.",
            ],
        };
        command.Add(port);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            using var interruption = new Interruption();
            // The first answer is awaited: without a daemon, or rights, there is nothing to show.
            using (var client = daemon.Connect(parsed)) Input.DaemonState.FetchTexts(client);
            var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
            using var api = new ApiClient(daemon.SocketPath(parsed));
            Serve(shell, new LiveState(api), token, parsed.GetValue(port), interruption.Token)
                .GetAwaiter().GetResult();
            return ExitCodes.Yes;
        });
        return command;
    }

    private static async Task Serve(Shell shell, LiveState state, string token, int port, CancellationToken stop)
    {
        await using var server = await UiServer.StartAsync(state, token, port);
        shell.Out.WriteLine($"http://127.0.0.1:{server.Port}/#token={token}");
        shell.Out.Flush();
        shell.Error.WriteLine("open this address in a browser of this machine; Ctrl-C ends it");
        await state.FollowAsync(stop);
    }
}
