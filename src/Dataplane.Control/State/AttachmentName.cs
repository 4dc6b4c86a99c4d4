namespace Dataplane.Control.State;

/// <summary>
/// By what a container runtime knows an attachment: all later requests about it name these three (CNI specification,
/// "Attachment parameters"). None of them contains a slash.
/// </summary>
/// <param name="Network">The name of the network configuration.</param>
/// <param name="Container">CNI_CONTAINERID.</param>
/// <param name="Interface">CNI_IFNAME.</param>
public readonly record struct AttachmentName(string Network, string Container, string Interface)
{
    private const string Prefix = "cni/";

    /// <summary>The file that the pod's document is said to come from, since no file has it.</summary>
    public string File => $"{Prefix}{Network}/{Container}/{Interface}";

    /// <exception cref="FormatException">The document of no attachment comes from there.</exception>
    public static AttachmentName OfFile(string file) =>
        file.StartsWith(Prefix, StringComparison.Ordinal)
            && file[Prefix.Length..].Split('/') is [var network, var container, var name]
                ? new AttachmentName(network, container, name)
                : throw new FormatException($"{file} names no container");

    public override string ToString() => $"{Interface} of container {Container}, network {Network}";
}
