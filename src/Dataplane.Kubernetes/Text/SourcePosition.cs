namespace Dataplane.Kubernetes.Text;

/// <summary>Where something stands in its file. Lines and columns start at 1, as editors count them.</summary>
public readonly record struct SourcePosition(string File, int Line, int Column)
{
    public override string ToString() => $"{File}:{Line}:{Column}";
}
