using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;

namespace Dataplane.Kubernetes.Tests;

public sealed class UnknownFieldTests
{
    [Theory]
    [InlineData("engress: []", "egress")]
    [InlineData("policyTypes: [Egress]\nengress: []", "egress")]
    [InlineData("policyTypes: [Ingress, Egress]\nengress: []", "egress")]
    [InlineData("ingress: []\nengress: []", "egress")]
    [InlineData("policyTypes: [Ingress]\nengress: []", "ingress")]
    [InlineData("policyTypes: [Egress]\negress: []\nengress: []", null)]
    [InlineData("PolicyTypes: [Egress]", "policyTypes")]
    [InlineData("podSelectors: {}", "podSelector")]
    [InlineData("whatever: {}", null)]
    public void The_nearest_possible_field_is_suggested(string spec, string? suggestion)
    {
        var d = Given.PolicySpec(spec).Only(Codes.UnknownField);
        Assert.Equal(suggestion is null ? "not a field of NetworkPolicySpec" : $"did you mean `{suggestion}`?",
            d.Label);
    }

    [Theory]
    [InlineData("ports: [{port: 80}]", "`ingress` or `egress`",
        "write it in a rule of `ingress` or `egress`")]
    [InlineData("policyTypes: [Egress]\nports: [{port: 80}]", "`egress`",
        "write `egress:`, below it `- ports:`, and indent the rest under it")]
    [InlineData("ingress: [{}]\nfrom: [{podSelector: {}}]", "`ingress`", "indent it under a `- ` of `ingress:`")]
    [InlineData("to: [{podSelector: {}}]", "`egress`",
        "write `egress:`, below it `- to:`, and indent the rest under it")]
    public void A_field_of_a_rule_in_the_spec_is_sent_to_the_rule(string spec, string rules, string help)
    {
        var d = Given.PolicySpec(spec).Only(Codes.UnknownField);
        Assert.Equal(($"belongs in a rule of {rules}", help), (d.Label, d.Help));
    }

    /// <summary>Each costs time in proportion to its mapping.</summary>
    [Fact]
    public void Beyond_fifty_the_fields_of_a_mapping_are_counted()
    {
        var fields = string.Join(", ", Enumerable.Range(0, 100_000).Select(i => $"f{i}: 1"));
        var found = Given.PodWith($"spec: {{{fields}, containers: [{{name: c}}], last: 1}}").Diagnostics
            .Where(d => d.Code == Codes.UnknownField).ToList();
        Assert.Equal(51, found.Count);
        Assert.Equal("99951 more unknown fields in `Pod.spec`, from `f50` on", found[^1].Message);
    }

    [Fact]
    public void Between_two_equally_near_fields_the_common_beginning_decides()
        => Assert.Equal("did you mean `hostPID`?",
            Given.PodWith("spec: {hostPIC: true, containers: [{name: c}]}").Only(Codes.UnknownField).Label);

    [Fact]
    public void The_consequence_of_engress_is_named()
        => Assert.Contains("send NOTHING",
            Given.PolicySpec("policyTypes: [Egress]\nengress: []").Only(Codes.UnknownField).Note);

    [Fact]
    public void Every_slip_of_indentation_is_found_in_one_run()
    {
        var result = Given.Text("""
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata:
              name: db-policy
            spec:
                podSelector:
                matchLabels:
                  name: db
                policyTypes:
                - Ingress
                ingress:
                - from:
                - podSelector:
                    matchLabels:
                      name: api-pod
                - namespaceSelector:
                    matchLabels:
                      name: prod
                ports:
                - protocol: TCP
                    port: 3306
            """);
        Assert.Equal(["K002@7:5", "K003@13:7", "K003@16:7", "K001@19:5", "Y003@21:9"], result.Places());
        Assert.Equal(new SourcePosition(Given.File, 6, 5), result.Diagnostics[0].Related!.Value.Position);
    }

    [Fact]
    public void Labels_that_slipped_out_of_matchLabels_would_match_everything()
    {
        var d = Given.IngressRule("from:\n- namespaceSelector:\n    matchLabels:\n    name: prod")
            .Only(Codes.MisplacedField);
        Assert.Contains("EVERY", d.Note);
    }

    [Fact]
    public void Labels_that_slipped_out_of_metadata_labels()
        => Given.Text("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n  labels:\n  team: x\n")
            .Only(Codes.MisplacedField);

    [Fact]
    public void Ports_fields_in_the_rule() => Assert.Equal([Codes.MisplacedItem, Codes.MisplacedItem],
        Given.IngressRule("protocol: TCP\nport: 80").Diagnostics.Select(d => d.Code));

    [Fact]
    public void To_is_no_field_of_an_ingress_rule() => Given.IngressRule("to: []").Only(Codes.UnknownField);

    [Theory]
    [InlineData("spec: {hostnetwork: true, containers: [{name: c}]}")]
    [InlineData("spec: {containers: [{name: c, port: []}]}")]
    [InlineData("spec: {containers: [{name: c, ports: [{containerPort: 80, nmae: x}]}]}")]
    [InlineData("spec: {containers: [{name: c}]}\nstatus: {podIp: 10.0.0.1}")]
    [InlineData("spec: {containers: [{name: c}]}\nstatuss: {}")]
    public void Pods_are_strict_where_it_matters(string lines) =>
        Assert.StartsWith("did you mean", Given.PodWith(lines).Only(Codes.UnknownField).Label);
}
