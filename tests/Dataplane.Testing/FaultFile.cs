namespace Dataplane.Testing;

/// <summary>Small inputs that were once read wrongly: each stands for a kind of fault.</summary>
public static class FaultFile
{
    /// <param name="name">Such as <c>cronjob/cronjob.yaml</c>, below tests/Dataplane.Testing/Faults.</param>
    public static string Path(string name) => SourceTree.Full($"tests/Dataplane.Testing/Faults/{name}");

    /// <summary>The text as it stands in the file, byte order marks included.</summary>
    public static string Text(string name) =>
        new System.Text.UTF8Encoding(false).GetString(File.ReadAllBytes(Path(name)));
}
