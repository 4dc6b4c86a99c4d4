using System.CommandLine;
using Dataplane.Api;
using Dataplane.Cli.Connection;
using Dataplane.Cli.Options;
using Dataplane.Cli.Terminal;
namespace Dataplane.Cli.Operation;

/// <summary><c>kubeconfig</c>: prints what kubectl needs to use the daemon.</summary>
internal static class KubeconfigCommand
{
    public static Command Build(Shell shell)
    {
        var daemon = new DaemonChoice(shell);
        var path = new Option<bool>("--path")
        {
            Description = "Print where it is as a file instead, which root alone can read",
        };
        var read = new Option<bool>("--read") { Description = "One that may ask, and change nothing" };
        var command = new HelpfulCommand(
            "kubeconfig", "What kubectl, helm and the like need to use the daemon, which then is their API server.")
        {
            Examples =
            [
                ("export KUBECONFIG=$(dataplane kubeconfig --path)", "as root; kubectl works from here on"),
                ("dataplane kubeconfig > ~/.kube/config", "for a member of the admin group"),
                ("dataplane kubeconfig --read > reader.yaml", "to hand on"),
            ],
            Exits =
            [
                (0, "printed"),
                (1, "the daemon serves no Kubernetes API: start it with --kubernetes-api"),
                (2, "wrong command line"),
                (4, "no daemon, or no permission"),
            ],
        };
        command.Add(path);
        command.Add(read);
        daemon.AddTo(command);
        command.SetAction(parsed =>
        {
            using var client = daemon.Connect(parsed);
            var answer = client.Get(ApiPaths.Kubeconfig + (parsed.GetValue(read) ? "?read=true" : ""),
                ApiJson.Default.KubeconfigResponse);
            if (parsed.GetValue(path)) shell.Out.WriteLine(answer.Path);
            else shell.Out.Write(answer.Text);
            return ExitCodes.Yes;
        });
        return command;
    }
}
