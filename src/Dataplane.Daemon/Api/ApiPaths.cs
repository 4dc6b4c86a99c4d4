namespace Dataplane.Daemon.Api;

/// <summary>The paths of the HTTP API. A change that old clients would not understand gets a new version.</summary>
public static class ApiPaths
{
    public const string DefaultSocket = "/run/dataplane/dataplane.sock";

    public const string Apply = "/v1/apply", Delete = "/v1/delete";
    public const string State = "/v1/state", Objects = "/v1/objects", Pods = "/v1/pods", Status = "/v1/status";
    public const string Verify = "/v1/verify", Trace = "/v1/trace", Flows = "/v1/flows", Capture = "/v1/capture", Rules = "/v1/rules";
    /// <summary>So many entries of the past the flow log can give at once.</summary>
    public const int MaxLastFlows = 10_000;

    public const string OpenApi = "/v1/openapi.json", Metrics = "/metrics";
}
