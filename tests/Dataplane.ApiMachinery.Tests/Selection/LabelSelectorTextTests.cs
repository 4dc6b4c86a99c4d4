using System.Text.Json.Nodes;
using Dataplane.ApiMachinery.Selection;

namespace Dataplane.ApiMachinery.Tests.Selection;

public class LabelSelectorTextTests
{
    private const string Labels = """{"app":"web","tier":"front","empty":"","n":"5","example.com/x":"1","in":"in"}""";

    [Theory]
    [InlineData("", true)]
    [InlineData("  ", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web", true)]
    [InlineData(" app = web , tier != back ", true)]
    [InlineData("app=web,tier=back", false)]
    [InlineData("app!=web", false)]
    [InlineData("missing!=web", true)]
    [InlineData("missing=web", false)]
    [InlineData("app", true)]
    [InlineData("missing", false)]
    [InlineData("!missing", true)]
    [InlineData("!app", false)]
    [InlineData("! app", false)]
    [InlineData("app in (web,db)", true)]
    [InlineData("app in(db)", false)]
    [InlineData("app notin (db),missing notin (x)", true)]
    [InlineData("app notin (web)", false)]
    [InlineData("empty=", true)]
    [InlineData("empty=,app", true)]
    [InlineData("empty in ()", true)]
    [InlineData("empty in (a,)", true)]
    [InlineData("missing=", false)]
    [InlineData("n>4", true)]
    [InlineData("n>5", false)]
    [InlineData("n<6,n > 1", true)]
    [InlineData("app>4", false)]
    [InlineData("missing<4", false)]
    [InlineData("example.com/x=1", true)]
    [InlineData("in in (in)", true)]
    [InlineData("APP=web", false)]
    public void Labels_match_as_kubectl_asks(string selector, bool expected) => Assert.Equal(expected,
        LabelSelectorText.Parse(selector)
            .Matches(new JsonObject { ["metadata"] = new JsonObject { ["labels"] = JsonNode.Parse(Labels) } }));

    [Fact]
    public void An_object_without_labels_lacks_them_all()
    {
        Assert.True(LabelSelectorText.Parse("!a").Matches([]));
        Assert.False(LabelSelectorText.Parse("a").Matches(new JsonObject { ["metadata"] = new JsonObject() }));
        Assert.True(LabelSelectorText.Parse(null).Matches([]));
    }

    [Theory]
    [InlineData("=x", "found '=', expected: !, identifier, or 'end of string'")]
    [InlineData("a,", "found '', expected: identifier after ','")]
    [InlineData("a,,b", "found ',', expected: identifier after ','")]
    [InlineData("a=b c", "found 'c', expected: ',' or 'end of string'")]
    [InlineData("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt")]
    [InlineData("!", "unable to parse requirement: found '', expected: identifier")]
    [InlineData("a in b", "unable to parse requirement: found 'b' expected: '('")]
    [InlineData("a in (b", "unable to parse requirement: found '', expected: ',' or ')'")]
    [InlineData("a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'")]
    [InlineData("a=(b)", "unable to parse requirement: found '(', expected: identifier")]
    [InlineData("a>b", "unable to parse requirement: values[0]: Invalid value: \"b\": "
        + "for 'Gt', 'Lt' operators, the value must be an integer")]
    [InlineData("a=-b", "unable to parse requirement: values[0][a]: Invalid value: \"-b\": "
        + "must start and end with a letter or digit")]
    [InlineData("a/b/c=d", "unable to parse requirement: <nil>: Invalid value: \"a/b/c\": "
        + "only letters, digits, `-`, `_` and `.`")]
    public void What_is_no_selector_is_a_bad_request(string selector, string message) =>
        Assert.Equal(message, Json.AssertRefused(400, () => LabelSelectorText.Parse(selector)).Message);
}
