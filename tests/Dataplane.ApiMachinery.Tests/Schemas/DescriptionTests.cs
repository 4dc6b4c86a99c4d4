using Dataplane.ApiMachinery.Schemas;

namespace Dataplane.ApiMachinery.Tests.Schemas;

public class DescriptionTests
{
    private const string File = "src/Dataplane.ApiMachinery/Schemas/descriptions.txt";

    private static readonly string Text = System.IO.File.ReadAllText(SourceTree.Full(File));

    [Fact]
    public void What_is_described_exists()
    {
        var descriptions = new Descriptions(Text);
        foreach (var described in descriptions.Types)
        {
            var name = SchemaSet.BuiltIn.Names
                .SingleOrDefault(n => n.EndsWith("." + described, StringComparison.Ordinal));
            Assert.True(name is not null, $"there is no type {described}");
            var type = SchemaSet.BuiltIn.Find(name)!;
            Assert.NotEqual("", type.Description);
            Assert.All(descriptions.Of(described).Keys.Where(f => f.Length > 0), f =>
                Assert.True(type.Find(f)?.Description.Length > 0, $"{described} has no field {f}"));
        }
    }

    [Fact]
    public void Descriptions_are_sentences() =>
        Assert.All(Text.Split('\n', StringSplitOptions.RemoveEmptyEntries), line =>
            Assert.Matches(@"^ ?[A-Za-z0-9.]+: [A-Z].+\.$", line));

    [Theory]
    [InlineData("core.v1.Pod")]
    [InlineData(" spec: before any type.")]
    [InlineData("a.v1.A: one.\n b: one.\n b: again.")]
    public void A_text_of_another_form_is_refused(string text) =>
        Assert.Throws<FormatException>(() => new Descriptions(text));
}
