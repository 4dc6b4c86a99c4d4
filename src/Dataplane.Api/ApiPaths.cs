namespace Dataplane.Api;

/// <summary>
/// Paths and limits of the HTTP API. A change that older clients would not understand gets a new version.
/// </summary>
public static class ApiPaths
{
    /// <summary>The unix socket on which the daemon listens by default.</summary>
    public const string DefaultSocket = "/run/dataplane/dataplane.sock";

    /// <summary>
    /// Maximum length of a socket's path, bytes: sizeof(sun_path) without the final zero, linux/un.h.
    /// </summary>
    public const int MaxSocketPath = 107;

    /// <summary>Maximum number of past entries that one request for flows returns.</summary>
    public const int MaxLastFlows = 10_000;

    public const string Apply = "/v1/apply", Delete = "/v1/delete";
    public const string State = "/v1/state", Objects = "/v1/objects", Pods = "/v1/pods", Status = "/v1/status";
    public const string Verify = "/v1/verify", Trace = "/v1/trace", Flows = "/v1/flows", Capture = "/v1/capture";
    public const string Changes = "/v1/changes", Kubeconfig = "/v1/kubeconfig";
    public const string Attachments = "/v1/attachments", Detach = "/v1/attachments/delete";
    public const string CheckAttachment = "/v1/attachments/check";
    public const string Rules = "/v1/rules", OpenApi = "/v1/openapi.json", Metrics = "/metrics";

    /// <summary>The log of a container, with the names of the pod in the path.</summary>
    public const string PodLog = "/v1/pods/{namespace}/{name}/log";

    /// <summary>
    /// Behind the socket's path: the file that records that a client has said what exec is. The daemon removes it when
    /// it starts.
    /// </summary>
    public const string ToldSuffix = ".told";
}
