using System.Diagnostics;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Netlink;
using Dataplane.Node.Network;

namespace Dataplane.Node.Live;

/// <content>Hearing that something changed.</content>
public sealed partial class LiveNode
{
    /// <summary>
    /// Calls back, from a thread of its own, when somebody may have changed something of ours: netlink notifications, and a look
    /// at settings and names twice a second. Our own changes of links may cause calls too. At most five calls a second. Ends with the disposal of what is returned.
    /// </summary>
    public IDisposable Watch(Action suspicion) => new Watcher(_node, _programmer.Socket, suspicion);

    private sealed class Watcher : IDisposable
    {
        private static readonly TimeSpan SettingsEvery = TimeSpan.FromMilliseconds(500), Pause = TimeSpan.FromMilliseconds(200);

        private readonly Netns _netns;
        private readonly IReadOnlyList<SysctlSetting> _settings;
        private readonly Action _suspicion;
        private readonly ChangeNotices _notices;
        private readonly Thread _thread;
        private readonly ManualResetEventSlim _stopping = new();
        private readonly NetnsNameWatch _names;

        public Watcher(BridgeNode node, NetlinkSocket rules, Action suspicion)
        {
            (_netns, _settings, _suspicion, _notices) = (node.Netns, node.Settings, suspicion, ChangeNotices.Open(node.Netns, rules));
            _names = new NetnsNameWatch(node.Name);
            _thread = new Thread(Run) { IsBackground = true, Name = "node watch" };
            _thread.Start();
        }

        public void Dispose()
        {
            _stopping.Set();
            _thread.Join();
            _notices.Dispose();
            _names.Dispose();
            _stopping.Dispose();
        }

        private void Run()
        {
            var looked = Stopwatch.GetTimestamp();
            while (!_stopping.IsSet)
            {
                var left = SettingsEvery - Stopwatch.GetElapsedTime(looked);
                var changed = left > TimeSpan.Zero && _notices.Wait(left);
                if (!changed && Stopwatch.GetElapsedTime(looked) >= SettingsEvery)
                {
                    // The kernel tells nobody about settings.
                    changed = _names.SomeWent() | Sysctl.Differences(_netns, _settings).Count > 0;
                    looked = Stopwatch.GetTimestamp();
                }
                if (!changed || _stopping.IsSet) continue;
                _suspicion();
                // A change rarely comes alone, and a look at everything costs something.
                _stopping.Wait(Pause);
            }
        }
    }
}
