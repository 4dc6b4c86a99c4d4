namespace Dataplane.Cli.Terminal;

/// <summary>Colours for terminals; disabled by NO_COLOR (no-color.org) and TERM=dumb.</summary>
internal readonly record struct Ansi(bool IsOn)
{
    public static readonly Ansi None = new(false);

    public static Ansi For(bool redirected) => new(
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null or ""));

    public Painted Green(string text) => Paint("32", text);
    public Painted Red(string text) => Paint("31", text);
    public Painted Yellow(string text) => Paint("33", text);
    public Painted Bold(string text) => Paint("1", text);
    public Painted Dim(string text) => Paint("2", text);

    private Painted Paint(string code, string text) => new(text, IsOn && text.Length > 0 ? code : null);
}
