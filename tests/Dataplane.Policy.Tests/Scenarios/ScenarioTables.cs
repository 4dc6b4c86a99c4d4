namespace Dataplane.Policy.Tests;

/// <summary>
/// Well-known exercises as pictures. Rows are sources, columns destinations, in the order of the rows.
/// </summary>
public sealed class ScenarioTables
{
    private static Lab ThreeTier => new Lab()
        .Pod("back-end", "app=back-end").Pod("database-pod", "app=database").Pod("front-end", "app=front-end");

    [Fact]
    public void S05_three_tiers_before_and_after_the_first_policy()
    {
        Reach.Expect(ThreeTier, "TCP:3306", """
            default/back-end     XXXX
            default/database-pod XXXX
            default/front-end    XXXX
            172.17.5.9           XXX-
            """, "172.17.5.9");
        var guarded = ThreeTier.Policy("database-pod-np", "app=database",
            ingress: [Rule.Of([Rule.Pods("app=back-end")], ["TCP 3306"])]);
        Reach.Expect(guarded, "TCP:3306", """
            default/back-end     XXXX
            default/database-pod XXXX
            default/front-end    X.XX
            172.17.5.9           X.X-
            """, "172.17.5.9");
        Assert.False(guarded.Allows("back-end", "database-pod", "TCP:3307"));
    }

    private static Lab WithProd => ThreeTier.Namespace("prod", "ns=prod")
        .Pod("prod/back-end", "app=back-end")
        .Pod("prod/front-end", "app=front-end");

    [Fact]
    public void S06_two_peers_mean_or_and_one_peer_means_and()
    {
        var or = WithProd.Policy("np", "app=database",
            ingress: [Rule.Of([Rule.Pods("app=back-end"), Rule.Namespaces("ns=prod")], ["TCP 3306"])]);
        Reach.Expect(or, "TCP:3306", """
            default/back-end     XXXXX
            default/database-pod XXXXX
            default/front-end    X.XXX
            prod/back-end        XXXXX
            prod/front-end       XXXXX
            """);
        var and = WithProd.Policy("np", "app=database",
            ingress: [Rule.Of([Rule.Both("ns=prod", "app=back-end")], ["TCP 3306"])]);
        Reach.Expect(and, "TCP:3306", """
            default/back-end     X.XXX
            default/database-pod XXXXX
            default/front-end    X.XXX
            prod/back-end        XXXXX
            prod/front-end       X.XXX
            """);
    }

    [Fact]
    public void S09_namespaces_step_by_step()
    {
        var lab = new Lab().Namespace("test-a", "team=ateam").Namespace("test-b", "team=bteam")
            .Pod("test-a/peer", "app=x").Pod("test-a/server-pod", "app=test-server")
            .Pod("test-b/client-pod", "app=test-client").Pod("test-b/other", "app=x");
        Reach.Expect(lab, "TCP:80", """
            test-a/peer       XXXX
            test-a/server-pod XXXX
            test-b/client-pod XXXX
            test-b/other      XXXX
            """);
        lab.Policy("test-a/test-a-default-deny-ingress", ingress: []);
        Reach.Expect(lab, "TCP:80", """
            test-a/peer       X.XX
            test-a/server-pod .XXX
            test-b/client-pod ..XX
            test-b/other      ..XX
            """);
        lab.Policy("test-a/test-client-allow", "app=test-server",
            ingress: [Rule.Of([Rule.Both("team=bteam", "app=test-client")], ["TCP 80"])]);
        Reach.Expect(lab, "TCP:80", """
            test-a/peer       X.XX
            test-a/server-pod .XXX
            test-b/client-pod .XXX
            test-b/other      ..XX
            """);
        lab.Policy("test-b/test-b-default-deny-egress", egress: []);
        Reach.Expect(lab, "TCP:80", """
            test-a/peer       X.XX
            test-a/server-pod .XXX
            test-b/client-pod ..X.
            test-b/other      ...X
            """);
        lab.Policy("test-b/test-client-allow-egress", "app=test-client",
            egress: [Rule.Of([Rule.Namespaces("team=ateam")], ["TCP 80"])]);
        Reach.Expect(lab, "TCP:80", """
            test-a/peer       X.XX
            test-a/server-pod .XXX
            test-b/client-pod .XX.
            test-b/other      ...X
            """);
    }

    private static Lab DenyAll =>
        new Lab().Pod("client-pod", "app=client").Pod("other", "app=other").Pod("web-server", "app=web")
        .Policy("deny-all", ingress: [], egress: []);

    [Fact]
    public void S11_deny_all_closes_both_directions() => Reach.Expect(DenyAll, "UDP:53", """
        default/client-pod X...
        default/other      .X..
        default/web-server ..X.
        10.96.0.10         ...-
        """, "10.96.0.10");

    [Fact]
    public void S12_allowing_one_client_needs_its_egress_too()
    {
        var allowWeb = Rule.Of([Rule.Pods("app=client")], ["TCP 80"]);
        var alone = new Lab().Pod("client-pod", "app=client").Pod("other", "app=other").Pod("web-server", "app=web")
            .Policy("allow-web", "app=web", ingress: [allowWeb]);
        Reach.Expect(alone, "TCP:80", """
            default/client-pod XXX
            default/other      XX.
            default/web-server XXX
            """);
        var withDenyAll = DenyAll.Policy("allow-web", "app=web", ingress: [allowWeb]);
        Reach.Expect(withDenyAll, "TCP:80", """
            default/client-pod X..
            default/other      .X.
            default/web-server ..X
            """);
        withDenyAll.Policy("client-egress", "app=client", egress: [Rule.Peers(Rule.Pods("app=web"))]);
        Reach.Expect(withDenyAll, "TCP:80", """
            default/client-pod X.X
            default/other      .X.
            default/web-server ..X
            """);
    }

    [Fact]
    public void S15_a_new_connection_back_is_judged_on_its_own()
    {
        var lab = new Lab().Pod("api", "app=api").Pod("db", "role=db")
            .Policy("db", "role=db", ingress: [Rule.Of([Rule.Pods("app=api")], ["TCP 3306"])], egress: []);
        Reach.Expect(lab, "TCP:3306", """
            default/api XX
            default/db  .X
            """);
    }

    [Fact]
    public void S16_ingress_and_egress_ipBlocks_on_one_policy()
    {
        var outside = Rule.Block("192.168.5.10/32");
        var lab = new Lab().Pod("db", "role=db").Pod("pod").Policy("db-policy", "role=db",
            ingress: [Rule.Of([outside], ["TCP 3306"])], egress: [Rule.Of([outside], ["TCP 80"])]);
        Reach.Expect(lab, "TCP:3306", """
            default/db   X..
            default/pod  .XX
            192.168.5.10 XX-
            """, "192.168.5.10");
        Reach.Expect(lab, "TCP:80", """
            default/db   X.X
            default/pod  .XX
            192.168.5.10 .X-
            """, "192.168.5.10");
    }
}
