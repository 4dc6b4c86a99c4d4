using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Kubernetes.Tests;

public sealed class ScalarTests
{
    [Theory]
    [InlineData("y")]
    [InlineData("n")]
    [InlineData("on")]
    [InlineData("off")]
    [InlineData("yes")]
    [InlineData("No")]
    [InlineData("1a")]
    [InlineData("1.2.3")]
    [InlineData("0xg")]
    [InlineData("e5")]
    [InlineData("2024-01-01")]
    [InlineData("'true'")]
    [InlineData("\"1\"")]
    [InlineData("''")]
    public void These_are_strings(string text) =>
        Assert.Equal(text.Trim('\'', '"'), Given.Labels("a: " + text).Clean().Namespaces[0].Labels["a"]);

    [Theory]
    [InlineData("true")]
    [InlineData("False")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("0x1f")]
    [InlineData("0o17")]
    [InlineData("1_000")]
    [InlineData("1.5")]
    [InlineData("1e3")]
    [InlineData("0e1")]
    [InlineData(".5")]
    [InlineData(".inf")]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("")]
    public void These_are_not_label_values(string text) =>
        Assert.NotNull(Given.Labels("a: " + text).Only(Codes.InvalidLabel).Help);

    [Fact]
    public void The_help_quotes_the_value() =>
        Assert.Equal("put quotes around it: \"true\"", Given.Labels("a: true").Only(Codes.InvalidLabel).Help);

    [Fact]
    public void A_name_may_be_y() => Assert.Equal("y",
        Given.Text("apiVersion: v1\nkind: Namespace\nmetadata: {name: y}").Clean().Namespaces[0].Name);
}
