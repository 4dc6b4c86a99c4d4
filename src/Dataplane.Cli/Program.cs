using Dataplane.Cli;

using var shell = Shell.OfThisProcess();
return App.Run(args, shell);
