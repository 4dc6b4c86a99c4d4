namespace Dataplane.Kubernetes.Reading.Foreign;

/// <summary>How to load what an object of another kind carries inside.</summary>
internal static class RenderingHelp
{
    private const string Pipe = "| dataplane validate -`";

    /// <param name="file">The name of the file, as diagnostics use it.</param>
    public static string Of(string group, string kind, NestedObject inside, string file)
    {
        // Standard input has no name that a shell takes.
        var from = file.StartsWith('<') ? "FILE" : file;
        if (kind == "Template" && group is "" or "template.openshift.io")
        {
            return $"render it first: `oc process --local -f {from} -o yaml {Pipe}";
        }
        if (group is "kyverno.io" && inside.Path.Contains(".generate", StringComparison.Ordinal))
        {
            return $"render it first: `kyverno apply {from} --resource NAMESPACES.yaml -o DIR`, "
                + "then load DIR instead";
        }
        var raw = inside.IsText ? "-r " : "";
        return $"render it first: load what stands there as documents of their own, as in "
            + $"`yq {raw}'{inside.Path} | split_doc' {from} {Pipe}";
    }
}
