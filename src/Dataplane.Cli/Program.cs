using Dataplane.Cli;
using Dataplane.Cli.Terminal;
using var shell = Shell.OfThisProcess();
return App.Run(args, shell);
