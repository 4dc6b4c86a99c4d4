namespace Dataplane.Daemon.Configuration;

/// <summary>Where the files of the Kubernetes API are, below the state directory.</summary>
internal static class KubernetesApiFiles
{
    public static string DirectoryOf(string stateDirectory) => Path.Combine(stateDirectory, "kubernetes-api");

    /// <summary>The configuration of kubectl.</summary>
    /// <param name="mayWrite">With the token that may do everything; false: with the one that may read.</param>
    public static string KubeconfigOf(string stateDirectory, bool mayWrite) =>
        Path.Combine(DirectoryOf(stateDirectory), mayWrite ? "kubeconfig" : "kubeconfig-read");

    /// <summary>Since when pods are there that no document names.</summary>
    public static string PodsOf(string stateDirectory) => Path.Combine(DirectoryOf(stateDirectory), "pods");
}
