namespace Dataplane.Cli.Terminal;

/// <summary>
/// Text in one colour. Only <see cref="Printer"/> writes the codes of the colour: inside a string there is none, since
/// what others wrote could hold the same.
/// </summary>
/// <param name="Code">The parameter of Select Graphic Rendition (ECMA-48); null: as the text around it.</param>
internal readonly record struct Painted(string Text, string? Code = null)
{
    public static implicit operator Painted(string text) => new(text);

    /// <summary>The text without its colour.</summary>
    public override string ToString() => Text;
}
