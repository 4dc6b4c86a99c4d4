using System.Diagnostics;
using Dataplane.Linux.Namespaces;
using Dataplane.Linux.Rtnetlink;
using Dataplane.Node.Ports;
using Dataplane.Node.Programming;
using Dataplane.Node.Repairs;

namespace Dataplane.Node.Live;

/// <content>Notices changes made by other processes.</content>
public sealed partial class LiveNode
{
    private readonly Suspicions _suspicions = new();

    /// <summary>
    /// Calls back, from a thread of its own, when another process may have changed something of the node: it listens to
    /// netlink notifications, and compares settings and names twice a second. Our own changes of links may cause calls
    /// too. There are at most five calls a second. <see cref="RepairSuspected"/> then compares only what has changed.
    /// Dispose the returned object to end it.
    /// </summary>
    public IDisposable Watch(Action suspicion) => new Watcher(_node, _programmer, _suspicions, suspicion);

    private sealed class Watcher : IDisposable
    {
        private static readonly TimeSpan SettingsEvery = TimeSpan.FromMilliseconds(500),
            Pause = TimeSpan.FromMilliseconds(200);

        private readonly Netns _netns;
        private readonly RulesetProgrammer _programmer;
        private readonly IReadOnlyList<SysctlSetting> _settings;
        private readonly Suspicions _suspicions;
        private readonly Action _suspicion;
        private readonly ChangeNotices _notices;
        private readonly Thread _thread;
        private readonly ManualResetEventSlim _stopping = new();
        private readonly NetnsNameWatch _names;
        private bool _hearsTables;

        public Watcher(NodePorts node, RulesetProgrammer programmer, Suspicions suspicions, Action suspicion)
        {
            (_netns, _programmer, _settings, _suspicions, _suspicion) =
                (node.Netns, programmer, node.Settings, suspicions, suspicion);
            _notices = ChangeNotices.Open(node.Netns, node.Route, programmer.Socket);
            HearTables();
            _names = new NetnsNameWatch(node.Plan.Name);
            // Earlier changes were not heard.
            suspicions.AddEverything();
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

        /// <summary>
        /// Begins to listen to changes of tables where they have no owner. Otherwise no other process can change them,
        /// and a listener slows every transaction down.
        /// </summary>
        /// <returns>Whether it has begun with this call.</returns>
        private bool HearTables()
        {
            if (!_programmer.IsOpenToOthers || _hearsTables) return false;
            _notices.HearTables();
            return _hearsTables = true;
        }

        private void Run()
        {
            var looked = Stopwatch.GetTimestamp();
            while (!_stopping.IsSet)
            {
                var left = SettingsEvery - Stopwatch.GetElapsedTime(looked);
                var changed = false;
                if (left > TimeSpan.Zero)
                {
                    _notices.Wait(left, notice =>
                    {
                        _suspicions.Add(notice);
                        changed = true;
                    });
                }
                if (!changed && Stopwatch.GetElapsedTime(looked) >= SettingsEvery)
                {
                    // The kernel sends no notifications of settings.
                    var parts = (HearTables() ? NodeParts.Tables : NodeParts.None)
                        | (_names.SomeWent() ? NodeParts.Names : NodeParts.None)
                        | (Sysctl.Differences(_netns, _settings).Count > 0 ? NodeParts.Settings : NodeParts.None);
                    _suspicions.Add(parts);
                    changed = parts != NodeParts.None;
                    looked = Stopwatch.GetTimestamp();
                }
                if (!changed || _stopping.IsSet) continue;
                _suspicion();
                // More changes usually follow.
                _stopping.Wait(Pause);
            }
        }
    }
}
