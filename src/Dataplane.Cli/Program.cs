using Dataplane.Cli;
using Dataplane.Cli.Terminal;

return LastResort.Run(() =>
{
    using var shell = Shell.OfThisProcess();
    return App.Run(args, shell);
});
