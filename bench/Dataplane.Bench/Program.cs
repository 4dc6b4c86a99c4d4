using Dataplane.Bench;

// Parts by name; all of them without one. Those that build networks need root. One line for each figure.
var parts = new (string Name, Action Run)[]
{
    ("planning", Planning.Run),
    ("shapes", Shapes.Run), ("compile", Compilation.Run), ("matrix", Matrix.Run), ("commands", Commands.Run), ("load", Loading.Run), ("changes", Changes.Run), ("attach", Attaching.Run), ("churn", Churn.Run), ("verify", Verifying.Run), ("daemon", DaemonSpeed.Run), ("capture", Capturing.Run), ("packets", PacketSpeed.Run), ("packet-parts", PacketParts.Run),
};
foreach (var name in args.Except(parts.Select(p => p.Name)))
{
    Console.Error.WriteLine($"no part \"{name}\"; there are: {string.Join(", ", parts.Select(p => p.Name))}");
    return 2;
}
foreach (var (name, run) in parts)
    if (args.Length == 0 || args.Contains(name)) run();
return 0;
