using System.Net;
using Dataplane.Kubernetes.Diagnostics;
using Dataplane.Kubernetes.Text;
using Dataplane.Kubernetes.Validation;

namespace Dataplane.Kubernetes.Reading.Fields;

/// <summary>Addresses that a host, a pod or a Service can have.</summary>
internal static class HostAddresses
{
    /// <summary>The address; null, reported, where the text is none.</summary>
    /// <param name="what">Such as <c>an address a pod can have</c>.</param>
    public static IPAddress? Read(NodeReader at, string what) => at.String() is { } text ? Read(at, text, what) : null;

    /// <inheritdoc cref="Read(NodeReader, string)"/>
    /// <param name="text">What stands there.</param>
    public static IPAddress? Read(NodeReader at, string text, string what, string? help = null)
    {
        if ((Addresses.Parse(text, out var address) ?? Addresses.NotForPods(address)) is not { } wrong)
        {
            return address;
        }
        at.Error(Codes.InvalidAddress, $"{Quote.Of(text)} is not {what}", wrong, help: help);
        return null;
    }
}
