using System.Net.Sockets;
using System.Text.Json;
using Dataplane.Runtime.Launching;

namespace Dataplane.Supervisor;

/// <summary>
/// What runs in pods, and what leads it. <c>dataplane daemon</c> starts <c>run</c>, which starts the others; people do
/// not call it.
/// </summary>
internal static class Program
{
    private const int Usage = 2, Failed = 1;

    public static int Main(string[] arguments)
    {
        try
        {
            return arguments switch
            {
                ["launch"] => Launcher.Become(ProgramStart.FromJson(Console.OpenStandardInput())),
                ["exec"] => BesideLauncher.Become(),
                ["answer", _, ..] => AnswerVerb.Run(arguments.AsSpan(1)),
                ["run", ..] when VerbOptions.Of(arguments.AsSpan(1)) is { } options => RunVerb.Run(options),
                ["--version"] => Version(),
                _ => Say("dataplane-supervisor is started by `dataplane daemon --runtime`", Usage),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or JsonException)
        {
            return Say(e.Message, Failed);
        }
    }

    private static int Version()
    {
        Console.Out.WriteLine($"dataplane-supervisor {typeof(Program).Assembly.GetName().Version!.ToString(3)}");
        return 0;
    }

    private static int Say(string text, int code)
    {
        Console.Error.WriteLine(text);
        return code;
    }
}
