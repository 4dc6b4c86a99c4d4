namespace Dataplane.Integration.Attacks;

/// <summary>Packets of live connections take the short way, and others try to.</summary>
public sealed class ShortWayAttackTests(ShortWayAttackLab lab) : AttackBattery(lab), IClassFixture<ShortWayAttackLab>;

/// <summary>As <see cref="AttackLab"/>, with the short way.</summary>
public sealed class ShortWayAttackLab : AttackLab
{
    protected override IDisposable ShowAll()
    {
        Node.EnterShortWay(Node.Wired);
        // For the next seconds.
        Session.Programmer.KeepShortWay();
        Assert.Null(Node.ShortWay.WhyNot);
        return Node.ShortWay.Watch(Attachment("x/live").PortIndex);
    }
}
