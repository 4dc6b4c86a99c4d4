using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Loading;

namespace Dataplane.Kubernetes.Tests;

/// <summary>
/// Scalars mean what the YAML library of Kubernetes makes of them; the expected values are what kubectl printed.
/// </summary>
public sealed class ScalarTests
{
    [Theory]
    [InlineData("yEs")]
    [InlineData("oN")]
    [InlineData("nO")]
    [InlineData("tRue")]
    [InlineData("yy")]
    [InlineData("nUll")]
    [InlineData("1a")]
    [InlineData("1.2.3")]
    [InlineData("0xg")]
    [InlineData("0x")]
    [InlineData("0b2")]
    [InlineData("00x1")]
    [InlineData("1e400")]
    [InlineData("0x1p4")]
    [InlineData("e5")]
    [InlineData("2024-01-01")]
    [InlineData("2024-1-1")]
    [InlineData("NaN")]
    [InlineData("'true'")]
    [InlineData("'y'")]
    [InlineData("\"1\"")]
    [InlineData("''")]
    [InlineData("! y")]
    [InlineData("!!str no")]
    public void These_are_strings(string text) => Assert.Equal(text.Trim('\'', '"').Split(' ')[^1],
        Given.Labels("a: " + text).Clean().Namespaces[0].Labels["a"]);

    [Theory]
    [InlineData("true")]
    [InlineData("False")]
    [InlineData("y")]
    [InlineData("Y")]
    [InlineData("n")]
    [InlineData("N")]
    [InlineData("yes")]
    [InlineData("Yes")]
    [InlineData("YES")]
    [InlineData("no")]
    [InlineData("on")]
    [InlineData("On")]
    [InlineData("OFF")]
    [InlineData("off")]
    [InlineData("1")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("0x1f")]
    [InlineData("0X1F")]
    [InlineData("0o17")]
    [InlineData("0b11")]
    [InlineData("017")]
    [InlineData("08")]
    [InlineData("1_000")]
    [InlineData("1_")]
    [InlineData("99999999999999999999")]
    [InlineData("0x1ffffffffffffffffff")]
    [InlineData("1.5")]
    [InlineData("1.")]
    [InlineData("1e3")]
    [InlineData("1e_3")]
    [InlineData("0e1")]
    [InlineData("1234e5")]
    [InlineData(".5")]
    [InlineData(".5_0")]
    [InlineData(".inf")]
    [InlineData("!!int '5'")]
    public void These_are_not_label_values(string text) =>
        Assert.NotNull(Given.Labels("a: " + text).Only(Codes.InvalidLabel).Help);

    [Theory]
    [InlineData("n", "`n` is a boolean in YAML 1.1, which Kubernetes reads; ")]
    [InlineData("1e3", "`1e3` is the number 1000 in YAML 1.1, which Kubernetes reads; ")]
    [InlineData("0o17", "`0o17` is the number 15 in YAML 1.1, which Kubernetes reads; ")]
    [InlineData("true", "")]
    [InlineData("12", "")]
    public void The_note_names_the_trap(string text, string trap)
    {
        var found = Given.Labels("a: " + text).Only(Codes.InvalidLabel);
        Assert.Equal($"{trap}the API server refuses the object", found.Note);
        Assert.Equal($"put quotes around it: \"{text}\"", found.Help);
    }

    [Fact]
    public void A_single_letter_label_is_refused()
    {
        var found = ManifestLoader.Load([FaultFile.Path("yaml11/single-y.yaml")]).Only(Codes.InvalidLabel);
        Assert.Equal("a label value must be a string, and this is the boolean `n`", found.Message);
    }

    [Theory]
    [InlineData("metadata: {name: y}", "Namespace.metadata.name must be a string")]
    [InlineData("metadata: {name: 1e3}", "Namespace.metadata.name must be a string")]
    public void A_name_is_no_boolean_and_no_number(string metadata, string message)
    {
        var found = Given.Text($"apiVersion: v1\nkind: Namespace\n{metadata}").Only(Codes.WrongType);
        Assert.Equal(message, found.Message);
        Assert.Contains("in YAML 1.1, which Kubernetes reads", found.Note, StringComparison.Ordinal);
        Assert.Contains("put quotes around it", found.Help, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80", 80)]
    [InlineData("+80", 80)]
    [InlineData("8_080", 8080)]
    [InlineData("1__0", 10)]
    [InlineData("0x50", 80)]
    [InlineData("0X50", 80)]
    [InlineData("0x_1f", 31)]
    [InlineData("0o17", 15)]
    [InlineData("0O17", 15)]
    [InlineData("0b11", 3)]
    [InlineData("080", 80)]
    [InlineData("80.0", 80)]
    [InlineData("80.", 80)]
    [InlineData("8e1", 80)]
    [InlineData("8_0.0", 80)]
    [InlineData("!!int '80'", 80)]
    [InlineData("!!float 80", 80)]
    public void Numbers_in_any_spelling(string text, int port)
    {
        Assert.Equal(port, Assert.Single(Given.Container($"ports: [{{containerPort: {text}}}]").Pod().Ports).Port);
        Assert.Equal(port, Given.IngressRule($"ports: [{{port: {text}}}]").Policy().Ingress[0].Ports[0].Port!.Value);
    }

    [Theory]
    [InlineData("017", 15)]
    [InlineData("0_17", 15)]
    public void A_leading_zero_makes_another_number_and_a_warning(string text, int port)
    {
        var result = Given.Container($"ports: [{{containerPort: {text}}}]");
        Assert.Equal(Severity.Warning, result.Only(Codes.ReadDifferently).Severity);
        Assert.Equal(port, result.Manifests.Pods[0].Ports[0].Port);
    }

    [Theory]
    [InlineData("80.5")]
    [InlineData("1:20")]
    [InlineData("190:20:30")]
    [InlineData("0x")]
    [InlineData("y")]
    [InlineData("99999999999999999999")]
    [InlineData("1e30")]
    [InlineData(".inf")]
    public void These_are_no_ports(string text)
    {
        var result = Given.Container($"ports: [{{containerPort: {text}}}]");
        Assert.Single(result.Diagnostics);
        Assert.True(result.HasErrors);
    }

    [Theory]
    [InlineData("yes", true)]
    [InlineData("on", true)]
    [InlineData("Y", true)]
    [InlineData("TRUE", true)]
    [InlineData("off", false)]
    [InlineData("n", false)]
    public void Booleans_in_any_spelling(string text, bool hostNetwork)
    {
        var pod = Given.PodWith($"spec: {{hostNetwork: {text}, containers: [{{name: c}}]}}").Pod();
        Assert.Equal(hostNetwork, pod.HostNetwork);
    }

    [Theory]
    [InlineData("'yes'")]
    [InlineData("1")]
    [InlineData("yEs")]
    public void These_are_no_booleans(string text) =>
        Given.PodWith($"spec: {{hostNetwork: {text}, containers: [{{name: c}}]}}").Only(Codes.WrongType);

    [Theory]
    [InlineData("y: v", "true")]
    [InlineData("Off: v", "false")]
    [InlineData("0x50: v", "80")]
    [InlineData("1.0: v", "1")]
    [InlineData("1_000: v", "1000")]
    public void Keys_are_read_as_values_are_and_become_words(string line, string key)
    {
        var result = Given.Labels(line);
        Assert.Contains($"`{key}`", result.Only(Codes.ReadDifferently).Message, StringComparison.Ordinal);
        Assert.Equal("v", result.Manifests.Namespaces[0].Labels[key]);
    }

    [Theory]
    [InlineData("80: v")]
    [InlineData("true: v")]
    [InlineData("\"y\": v")]
    public void Keys_that_are_what_they_look_like(string line) => Given.Labels(line).Clean();

    [Theory]
    [InlineData("~: v")]
    [InlineData("null: v")]
    public void A_key_is_not_null(string line) => Given.Labels(line).Only(Codes.KeyNotScalar);

    [Fact]
    public void Keys_that_become_the_same_word_are_given_twice() =>
        Assert.Contains(Given.Labels("0x50: v\n80: w").Diagnostics, d => d.Code == Codes.DuplicateKey);

    [Theory]
    [InlineData("null")]
    [InlineData("~")]
    [InlineData("Null")]
    [InlineData("")]
    public void A_null_label_is_empty(string text)
    {
        var result = Given.Labels("a: " + text);
        Assert.Equal(Severity.Warning, result.Only(Codes.ReadDifferently).Severity);
        Assert.Equal("", result.Manifests.Namespaces[0].Labels["a"]);
    }

    [Fact]
    public void A_null_annotation_is_empty() =>
        Given.Text("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, annotations: {b: , c: ~}}").Clean();

    [Theory]
    [InlineData("!!int y")]
    [InlineData("!!bool 1")]
    [InlineData("!!float x")]
    public void A_tag_does_not_make_another_type(string text) =>
        Given.Labels("a: " + text).Only(Codes.UnsupportedTag);

    [Theory]
    [InlineData("{<<: {a: one, b: two}, a: own}", "own two")]
    [InlineData("{a: own, <<: {a: one, b: two}}", "one two")]
    [InlineData("{<<: {a: one, b: two}, <<: {a: last}}", "last two")]
    [InlineData("{<<: [{a: one}, {a: later, b: two}]}", "one two")]
    public void Merge_keys_in_their_order(string labels, string values)
    {
        var loaded = Given.Text($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: ns, labels: {labels}}}");
        var found = loaded.Clean().Namespaces[0];
        Assert.Equal(values, $"{found.Labels["a"]} {found.Labels["b"]}");
    }

    [Theory]
    [InlineData("{<<: x}")]
    [InlineData("{<<: [x]}")]
    [InlineData("{a: b, a: c}")]
    [InlineData("{<<: {a: b}, a: c, a: d}")]
    public void Merges_and_repeats_that_are_errors(string labels) =>
        Assert.True(Given.Text($"apiVersion: v1\nkind: Namespace\nmetadata: {{name: ns, labels: {labels}}}").HasErrors);
}
