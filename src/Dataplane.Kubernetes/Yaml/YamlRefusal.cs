using Dataplane.Kubernetes.Diagnostics;

namespace Dataplane.Kubernetes.Yaml;

/// <summary>Well-formed YAML that is refused; ends the document. Never leaves this folder.</summary>
internal sealed class YamlRefusal(Diagnostic diagnostic) : Exception(diagnostic.Message)
{
    public Diagnostic Diagnostic { get; } = diagnostic;
}
