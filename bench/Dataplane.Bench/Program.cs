using Dataplane.Bench;

if (args is [ManagedYardsticks.Verb, .. var yardstick]) return ManagedYardsticks.Be(yardstick);

// Parts by name, in the order in which bench/run runs them; `list` names them. Those that build networks need root.
var parts = new (string Name, Action Run)[]
{
    ("shapes", Shapes.Run),
    ("compile", Compilation.Run),
    ("planning", Planning.Run),
    ("matrix", Matrix.Run),
    ("commands", Commands.Run),
    ("load", Loading.Run),
    ("changes", Changes.Run),
    ("service-load", ServiceLoading.Run),
    ("service-changes", ServiceChanges.Run),
    ("attach", Attaching.Run),
    ("cni", PluginSpeed.Run),
    ("churn", Churn.Run),
    ("packets", PacketSpeed.Run),
    ("short-way", ShortWaySpeed.Run),
    ("service-packets", ServicePackets.Run),
    ("packet-parts", PacketParts.Run),
    ("packet-prices", PacketPrices.Run),
    ("capture", Capturing.Run),
    ("verify", Verifying.Run),
    ("daemon", DaemonSpeed.Run),
    ("service-daemon", ServiceDaemon.Run),
    ("crash-loops", CrashLoops.Run),
    ("dns", DnsSpeed.Run),
    ("pages", Pages.Run),
};
if (args is ["list"])
{
    foreach (var (name, _) in parts) Console.WriteLine(name);
    return 0;
}
foreach (var name in args.Except(parts.Select(p => p.Name)))
{
    Console.Error.WriteLine($"no part \"{name}\"; there are: {string.Join(", ", parts.Select(p => p.Name))}");
    return 2;
}
foreach (var (name, run) in parts)
    if (args.Length == 0 || args.Contains(name)) run();
return 0;
