namespace Dataplane.ApiMachinery.Statuses;

/// <summary>One fault of a request (metav1.StatusCause).</summary>
/// <param name="Reason">Such as <c>FieldValueInvalid</c>, <c>FieldValueRequired</c>.</param>
/// <param name="Field">Its path, such as <c>spec.ports[0].port</c>.</param>
public sealed record StatusCause(string Reason, string Message, string Field);
