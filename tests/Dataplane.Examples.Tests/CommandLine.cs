using System.Text;
using Dataplane.Cli;
using Dataplane.Cli.Terminal;
namespace Dataplane.Examples.Tests;

/// <summary>The program in this process, started from the root of the tree by a user other than root.</summary>
internal static class CommandLine
{
    public static (int Exit, string Out, string Error) Run(params string[] arguments)
    {
        Environment.CurrentDirectory = SourceTree.Root;
        var (output, error) = (new MemoryStream(), new StringWriter { NewLine = "\n" });
        int exit;
        using (var shell = new Shell(output, error, TextReader.Null))
        {
            exit = App.Run(arguments, shell);
        }
        return (exit, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}
