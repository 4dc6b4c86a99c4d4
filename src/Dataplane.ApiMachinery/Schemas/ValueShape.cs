namespace Dataplane.ApiMachinery.Schemas;

/// <summary>What one value is: that of a field, or each item of its list, or each value of its map.</summary>
public enum ValueShape
{
    /// <summary>A string.</summary>
    Text,
    Integer,
    /// <summary>A number that may have a fraction.</summary>
    Number,
    Boolean,
    /// <summary>An integer or a string: a port by number or by name.</summary>
    IntegerOrText,
    /// <summary>An amount such as <c>100Mi</c>: a string or a number.</summary>
    Quantity,
    /// <summary>An RFC 3339 time.</summary>
    Time,
    /// <summary>A mapping with the fields of a type.</summary>
    Object,
    /// <summary>A mapping of which nothing more is known.</summary>
    AnyObject,
    /// <summary>Any value at all, of which nothing more is known.</summary>
    Any,
}

/// <summary>How many values a field holds.</summary>
public enum ValueCount
{
    One,
    List,
    /// <summary>A mapping with free keys, such as labels.</summary>
    Map,
}

/// <summary>How a list is merged by a server-side apply (x-kubernetes-list-type).</summary>
public enum ListMerge
{
    /// <summary>The list belongs to one manager as a whole.</summary>
    Atomic,
    /// <summary>Each scalar is an item of its own.</summary>
    Set,
    /// <summary>Each item is told from others by the values of some of its fields.</summary>
    Map,
}
