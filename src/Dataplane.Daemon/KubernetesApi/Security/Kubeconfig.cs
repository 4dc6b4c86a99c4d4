using System.Net;
using System.Text;

namespace Dataplane.Daemon.KubernetesApi.Security;

/// <summary>The configuration file of kubectl.</summary>
internal static class Kubeconfig
{
    /// <param name="name">Of the cluster, the user and the context.</param>
    /// <param name="authority">PEM.</param>
    public static string Text(IPEndPoint at, string name, string authority, string token) => $"""
        apiVersion: v1
        kind: Config
        clusters:
        - name: {name}
          cluster:
            server: https://{at}
            certificate-authority-data: {Convert.ToBase64String(Encoding.ASCII.GetBytes(authority))}
        users:
        - name: {name}
          user:
            token: {token}
        contexts:
        - name: {name}
          context:
            cluster: {name}
            user: {name}
        current-context: {name}

        """;
}
