namespace Dataplane.Policy.Model;

/// <summary>What becomes of packets to one destination: of a Service, to its backends together.</summary>
public enum Outcome
{
    /// <summary>They arrive, whichever backend is chosen.</summary>
    Allowed,

    /// <summary>They arrive at some of the backends.</summary>
    Partial,

    /// <summary>They are dropped.</summary>
    Denied,

    /// <summary>They are answered at once that nobody is there.</summary>
    Refused,
}
