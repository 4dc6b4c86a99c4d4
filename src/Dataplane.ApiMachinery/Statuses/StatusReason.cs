namespace Dataplane.ApiMachinery.Statuses;

/// <summary>
/// Why the API refuses, in the words of metav1.StatusReason, by which clients decide what to do.
/// </summary>
public enum StatusReason
{
    BadRequest,
    Unauthorized,
    Forbidden,
    NotFound,
    AlreadyExists,
    Conflict,
    /// <summary>A resourceVersion is older than the history of changes.</summary>
    Expired,
    Invalid,
    MethodNotAllowed,
    NotAcceptable,
    UnsupportedMediaType,
    RequestEntityTooLarge,
    TooManyRequests,
    Timeout,
    ServiceUnavailable,
    InternalError,
}
