using Dataplane.Node.Verification;
using Dataplane.Policy.Model;

namespace Dataplane.Cli.Verify;

/// <summary>What packets said about a Service, in words.</summary>
internal static class ServiceSentences
{
    public static string Title(ServiceResult service)
    {
        var backend = service.Backend is { } name ? $" by {name}" : "";
        return $"{service.From} -> service:{service.Service}{backend} {service.Probe} {service.Family.Text()}";
    }

    /// <summary>The measured result of the packets.</summary>
    public static string Kernel(ServiceResult service) => service.Fault ?? service.Measured switch
    {
        Measured.Allowed => $"captured at {service.Backend}",
        Measured.Denied when service.Backend is { } backend =>
            $"on the way to {backend} dropped, and logged as \"{service.DropReason}\"",
        Measured.Denied => $"dropped, and logged as \"{service.DropReason}\"",
        Measured.Refused => $"{service.Frontend} answers at once that nothing is there",
        _ => "no clear answer: neither a capture nor a drop log that can be trusted",
    };
}
