namespace Dataplane.Cli.Terminal;

/// <summary>Colours for terminals; disabled by NO_COLOR (no-color.org) and TERM=dumb.</summary>
internal readonly record struct Ansi(bool IsOn)
{
    public static readonly Ansi None = new(false);

    public static Ansi For(bool redirected) => new(
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or ""));

    public string Green(string text) => Paint("32", text);
    public string Red(string text) => Paint("31", text);
    public string Yellow(string text) => Paint("33", text);
    public string Bold(string text) => Paint("1", text);
    public string Dim(string text) => Paint("2", text);

    private string Paint(string code, string text) => IsOn && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;
}
