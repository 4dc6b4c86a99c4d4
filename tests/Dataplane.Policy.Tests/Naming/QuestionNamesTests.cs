using System.Net;
using Dataplane.Policy.Compilation;
using Dataplane.Policy.Compilation.Tables;
using Dataplane.Policy.Evaluation;
using Dataplane.Policy.Model;
using Dataplane.Policy.Naming;

namespace Dataplane.Policy.Tests;

/// <summary>Pods and namespaces that exist only in a question.</summary>
public sealed class QuestionNamesTests
{
    private static Lab Shop => new Lab().Namespace("shop").Pod("shop/web", "app=web").Pod("shop/db", "app=db")
        .Policy("shop/db", "app=db", ingress: [Rule.Peers(Rule.Both("team=edge", "app=proxy"))]);

    private static QuestionNames Names(Lab lab) => new(lab.Cluster, Lab.Networks, "shop");

    private static EndpointGroup Found(QuestionNames names, string text, bool isDestination = false)
    {
        var found = names.Find(text, isDestination);
        Assert.Null(found.Error);
        return found.Group!;
    }

    /// <summary>The verdicts of the oracle and the compiler, which must be the same, per end of the source.</summary>
    private static string Verdicts(QuestionNames names, string from, string to)
    {
        var (sources, destination) = (Found(names, from).Ends, Found(names, to, isDestination: true).Ends[0]);
        var compiled = new CompiledEvaluator(names.Cluster, Compiler.Compile(names.Cluster));
        return string.Join(' ', sources.Select(source =>
        {
            var family = AddressFamilies.All.First(f => source.AddressIn(f) is not null);
            var flow = new Flow(source, destination, new Probe(FlowProtocol.Tcp, 80), family);
            var allowed = Oracle.Evaluate(names.Cluster, flow).Allowed;
            Assert.Equal(allowed, compiled.IsAllowed(flow));
            return $"{source.Name}:{(allowed ? "allow" : "deny")}";
        }));
    }

    [Theory]
    [InlineData("ingress/{app=proxy}", "ingress/{app=proxy}")]
    [InlineData("ingress/{tier=y,app=x}", "ingress/{app=x,tier=y}")]
    [InlineData("ingress/{ app=x , tier=y }", "ingress/{app=x,tier=y}")]
    [InlineData("ingress/{app.kubernetes.io/name=x}", "ingress/{app.kubernetes.io/name=x}")]
    [InlineData("ingress/{app=}", "ingress/{app=}")]
    [InlineData("ingress/{}", "ingress/{}")]
    [InlineData("{app=x}", "shop/{app=x}")]
    [InlineData("web", "shop/web")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    public void Every_spelling_finds_its_pod(string text, string name)
    {
        var group = Found(Names(Shop), text);
        Assert.Equal((name, name), (group.Name, Assert.Single(group.Ends).Name));
    }

    [Theory]
    [InlineData("ingress/{app}", "\"app\" is no label; write k=v, separated by commas")]
    [InlineData("ingress/{app=x,}", "\"\" is no label; write k=v, separated by commas")]
    [InlineData("ingress/{app==x}", "\"app==x\" is no label; write k=v, separated by commas")]
    [InlineData("ingress/{app: x}", "\"app: x\" is no label; write k=v, separated by commas")]
    [InlineData("ingress/{app=x,app=y}", "the label app is given twice")]
    [InlineData("ingress/{a b=x}", "\"a b\" is not a valid label key: only letters, digits, `-`, `_` and `.`")]
    [InlineData("ingress/{app=x y}", "\"x y\" is not a valid label value: only letters, digits, `-`, `_` and `.`")]
    [InlineData("Ingress/{app=x}", "\"Ingress\" is not a valid namespace: only a-z, 0-9 and `-`")]
    [InlineData("/{app=x}", "\"\" is not a valid namespace: must start and end with a letter or digit")]
    [InlineData("ingress{app=x}", "write NAMESPACE/{app=x,tier=y} for a pod that is not loaded")]
    [InlineData("ingress/{app=x", "write NAMESPACE/{app=x,tier=y} for a pod that is not loaded")]
    [InlineData("ingress/{app=x}/y", "write NAMESPACE/{app=x,tier=y} for a pod that is not loaded")]
    public void What_is_wrong_is_said(string text, string error) =>
        Assert.Equal($"\"{text}\": {error}", Names(Shop).Find(text).Error);

    [Fact]
    public void Its_labels_and_those_of_its_namespace_decide()
    {
        var (names, assumed) = (Names(Shop), Assumed("edge:team=edge").AddTo(Shop.Cluster, out _)!);
        Assert.Equal("edge/{app=proxy}:deny", Verdicts(names, "edge/{app=proxy}", "shop/db"));
        names = new QuestionNames(assumed, Lab.Networks);
        Assert.Equal("edge/{app=proxy}:allow", Verdicts(names, "edge/{app=proxy}", "shop/db"));
        Assert.Equal("edge/{app=other}:deny", Verdicts(names, "edge/{app=other}", "shop/db"));
        Assert.Equal("other/{app=proxy}:deny", Verdicts(names, "other/{app=proxy}", "shop/db"));
    }

    [Fact]
    public void Policies_of_its_namespace_select_it() =>
        Assert.Equal("shop/web:deny", Verdicts(Names(Shop), "shop/web", "shop/{app=db}"));

    [Fact]
    public void The_same_labels_at_both_ends_are_two_pods() =>
        Assert.Equal("shop/{app=db}:deny", Verdicts(Names(Shop), "shop/{app=db}", "shop/{app=db}"));

    [Fact]
    public void It_stands_at_every_address_that_blocks_tell_apart()
    {
        var lab = Shop.Policy("shop/blocks", "app=web", ingress: [Rule.Peers(
            Rule.Block("10.244.0.0/16", "10.244.3.0/24", "10.244.7.0/24"), Rule.Block("fd00::/8"))]);
        Assert.Equal("edge/{app=x}@10.244.0.4:allow edge/{app=x}@10.244.3.0:deny edge/{app=x}@10.244.7.0:deny "
            + "edge/{app=x}@fd00:10:244::4:allow", Verdicts(Names(lab), "edge/{app=x}", "shop/web"));
    }

    [Fact]
    public void A_block_of_the_whole_network_or_of_none_of_it_tells_nothing_apart()
    {
        var lab = Shop.Policy("shop/blocks", "app=web", ingress: [Rule.Peers(
            Rule.Block("0.0.0.0/0", "192.168.0.0/16"))]);
        Assert.Equal("edge/{app=x}:allow", Verdicts(Names(lab), "edge/{app=x}", "shop/web"));
    }

    [Fact]
    public void A_full_network_has_no_place_for_it()
    {
        var networks = new PerFamily<IPNetwork>(
            IPNetwork.Parse("10.244.0.0/30"), IPNetwork.Parse("fd00:10:244::2/127"));
        Assert.Equal("\"x/{a=b}\": the pod networks have no free address for it",
            new QuestionNames(new Lab().Pod("x/a").Pod("x/b").Cluster, networks).Find("x/{a=b}").Error);
    }

    [Fact]
    public void Notes_say_what_was_assumed()
    {
        var names = Names(Shop);
        Assert.Empty(names.Notes());
        Found(names, "shop/{app=x}");
        Assert.Empty(names.Notes());
        Found(names, "edge/{app=x}");
        Assert.Equal(["namespace edge is not loaded: it counts with its name as its only label; "
            + "--assume-namespace edge:k=v gives it others"], names.Notes());
        names = Names(Shop.Policy(
            "shop/more", ingress: [Rule.Peers(Rule.Block("10.0.0.0/8")), Rule.Ports("TCP http")]));
        Found(names, "shop/{app=x}");
        Assert.Equal([
            "shop/{app=x}: an ipBlock is judged for every address of 10.244.0.0/16 and fd00:10:244::/64",
            "shop/{app=x}: declares no ports, so no port of a rule that is a name is its own",
        ], names.Notes());
    }

    private static AssumedNamespace Assumed(string text)
    {
        Assert.True(AssumedNamespace.TryParse(text, out var assumed, out var error), error);
        return assumed;
    }

    [Theory]
    [InlineData("edge", "write NAME:k=v,k2=v2")]
    [InlineData("Edge:a=b", "\"Edge\" is not a valid namespace: only a-z, 0-9 and `-`")]
    [InlineData("edge:a", "\"a\" is no label; write k=v, separated by commas")]
    [InlineData("edge:kubernetes.io/metadata.name=x", "the label kubernetes.io/metadata.name is always the name")]
    public void A_wrong_namespace_is_said(string text, string expected)
    {
        Assert.False(AssumedNamespace.TryParse(text, out _, out var error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_loaded_namespace_keeps_its_labels()
    {
        var cluster = new Lab().Namespace("edge", "team=edge,zone=a").Cluster;
        Assert.Same(cluster, Assumed("edge:team=edge").AddTo(cluster, out _));
        Assert.Null(Assumed("edge:team=net").AddTo(cluster, out var error));
        Assert.Equal("namespace edge is loaded, and has no label team=net (test.yaml:1)", error);
        var labels = Assumed("new:a=b,c=d").AddTo(cluster, out _)!.NamespaceLabels("new");
        Assert.Equal("a=b c=d kubernetes.io/metadata.name=new",
            string.Join(' ', labels.OrderBy(l => l.Key).Select(l => $"{l.Key}={l.Value}")));
    }
}
