namespace Dataplane.ApiMachinery.Protobuf;

/// <summary>One message of the API.</summary>
/// <param name="Name">With its short package, such as <c>core.v1.Pod</c>.</param>
internal sealed record MessageType(string Name, MessageForm Form)
{
    /// <summary>In the order in which the value of <see cref="MessageForm.Value"/> is looked for.</summary>
    public List<MessageField> Fields { get; } = [];

    public MessageField? Find(int number)
    {
        foreach (var field in Fields)
        {
            if (field.Number == number)
            {
                return field;
            }
        }
        return null;
    }
}
