namespace Dataplane.Policy.Tests.Advice;

/// <summary>Why a code, or one example's help, has no edit that a program could apply.</summary>
internal static class WithoutEdit
{
    /// <summary>By code, or by <c>CODE: help</c>.</summary>
    public static readonly IReadOnlyDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["Y001"] = "how far a tab reached was up to the editor",
        ["Y004"] = "what the text was to be is not known",
        ["Y005"] = "what the characters were to be is not known",
        ["Y006"] = "where to split a file is up to its author",
        ["Y007"] = "the help names no edit",
        ["Y008"] = "what the alias was to stand for is not known",
        ["Y009"] = "which of the two is meant is not known",
        ["Y010"] = "a template's values are not in the text",
        ["Y011"] = "what the tag stood for is not in the text",
        ["Y012"] = "it is accepted as it is, and what was meant is not known",
        ["K009"] = "the values, or the operator, that was meant is not known",
        ["K014"] = "the address that was meant is not known",
        ["K015"] = "which of the two is meant is not known",
        ["K016"] = "which of the two keeps the address is not known",
        ["K017"] = "another name is up to the author",
        ["K018"] = "there is nothing to edit",
        ["K019"] = "an object that is taken out is not repaired",
        ["K020"] = "nothing is wrong",
        ["K024"] = "it is about other findings",
        ["K026"] = "the addresses are not in the text",
        ["K027"] = "which of the fields is meant is not known",
        ["K028"] = "how to split it is up to the author",
        ["K031"] = "nothing is wrong",
        ["K036"] = "nothing is wrong",
        ["K041"] = "the pods are not in the text",
        ["K042"] = "another program renders the file",
        ["K043"] = "another program renders the object",
        ["K050"] = "nothing is wrong with an object alone",
        ["K051"] = "it is about an option, not about the text",
        ["S013"] = "which pods, or which addresses, are meant is not known",
        ["S017"] = "which of the two rules is meant is not known",
        ["S020"] = "another priority is up to the author",
        ["K001: known fields: podSelector, policyTypes, ingress, egress"] = "what the field was to be is not known",
        ["K001: write it beside `from`"] =
            "a field does not move out of brackets without care for what else is in them",
        ["K001: write `from:` here, or a rule under `egress:` with `to:`"] = "which direction is meant is not known",
        ["K003: write it as an item of its own under `from:`, or indent it to narrow the item above"] =
            "AND or OR is not known",
        ["K003: remove the rule with the empty `from:` above, and write `- from:` here, with this item below it"] =
            "the rule above is not a part of the item",
        ["K005: ICMP has no ports: a rule without `ports` lets it pass"] = "what else the rule is about is not known",
        ["K006: each item of a list has `- ` in front; `[]` is a list without items"] =
            "what the empty mapping was to say is not known",
        ["K010: write `port: 80` and `endPort: 90`"] = "the item of the example has an endPort, and it is another",
        ["K010: ports are 1 to 65535"] = "the port that was meant is not known",
        ["K011: add `port:` with the first port of the range"] = "the first port is not known",
        ["K011: give the first port of the range as a number"] = "the first port is not known",
        ["K012: write the addresses behind the name as blocks"] = "addresses of names are not in the text",
        ["K012: write an IPv4 block"] = "the block in the text is more than IPv4",
        ["K012: write the blocks that make up the range"] = "the blocks are too many",
        ["K013: for all pods of the namespace write `podSelector: {}`, for all pods anywhere `namespaceSelector: {}`"] =
            "who is meant is not known",
        ["K013: remove the item, or say who is meant"] = "who is meant is not known",
        ["K013: indent `cidr:` under it"] = "the block is not known",
        ["K007: list at least one port, or write `clusterIP: None` for a headless Service"] = "the port is not known",
        ["K007: add `name:`"] = "a name is up to the author",
        ["K007: add the `name:` that the Service's port has"] = "the Service may not be there",
        ["K007: an endpoint has at least one"] = "the address is not known",
        ["K007: write the name that the Service stands for"] = "the name is not known",
        ["K025: remove `clusterIP: None`, or write `type: ClusterIP`"] = "which of the two is meant is not known",
        ["K025: remove the others for a headless Service, or this one"] = "which of the two is meant is not known",
        ["K025: write `ipFamilyPolicy: PreferDualStack` or RequireDualStack, or name one family"] =
            "how many families are meant is not known",
        ["K025: the lowest number is asked first"] = "the priority that was meant is not known",
        ["K025: remove it"] = "an item of a list in brackets does not go without care for its comma",
        ["S011: rename `ap` to `app`, with a value that a pod has"] = "the value is not known",
        ["S011: correct the `namespaceSelector`"] = "which of the namespaces is meant is not known",
        ["S016: write `protocol: UDP`"] = "the item may have a protocol already",
        ["S016: name the port under `ports:` of the container, or give its number"] = "the number is not known",
        ["S018: add rules, or remove it"] = "what the policy was to say is not known",
        ["S018: remove it, or look for what it was meant to say"] = "what the policy was to say is not known",
        ["S018: remove it, or say in its rules what may pass"] = "what the policy was to say is not known",
        ["S021: write under `spec:` which pods are meant, with `podSelector:`, and what may pass"] =
            "which pods are meant is not known",
        ["A001"] = "it is about an option, not about the text",
        ["A002"] = "another address is up to the author",
        ["D001"] = "which of the two sources is to stay is not known",
    };
}
