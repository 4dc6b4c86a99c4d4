using Dataplane.Linux.Native;

namespace Dataplane.Linux.Netlink;

/// <content>Batches that must succeed.</content>
public sealed partial class NetlinkSocket
{
    /// <summary>
    /// Builds a batch and commits it as <see cref="Commit(string, NetlinkWriter, NetlinkMessageHandler?,
    /// ReadOnlySpan{int})"/> does.
    /// </summary>
    public void Commit(string operation, Action<NetlinkWriter> build, params ReadOnlySpan<int> tolerate)
    {
        using var batch = NewBatch();
        build(batch);
        Commit(operation, batch, onMessage: null, tolerate);
    }

    /// <summary>
    /// Sends the batch and requires success: every message that asked for an acknowledgement was acknowledged, or
    /// refused with a tolerated error. An empty batch makes no system call.
    /// </summary>
    /// <param name="operation">What the batch does, for the exception: <c>attach pods</c>.</param>
    /// <param name="batch">Its open message is ended.</param>
    /// <param name="onMessage">Receives the messages that are no acknowledgements: answers to GET, echoes.</param>
    /// <param name="tolerate">Error numbers that count as success, such as ENOENT for deletions. See <see
    /// cref="Errno"/>.</param>
    /// <returns>The number of acknowledged messages; tolerated refusals are not among them.</returns>
    /// <exception cref="LinuxException">The first refusal that is not tolerated, or ENOBUFS when answers were
    /// lost.</exception>
    public int Commit(
        string operation, NetlinkWriter batch, NetlinkMessageHandler? onMessage = null,
            params ReadOnlySpan<int> tolerate)
    {
        if (batch.Length == 0)
        {
            return 0;
        }

        var result = Send(batch, onMessage);
        foreach (var error in result.Errors)
        {
            if (!tolerate.Contains(error.ErrorNumber))
            {
                throw error.ToException(operation);
            }
        }

        if (result.RepliesLost || result.Acknowledged + result.Errors.Count < batch.AcknowledgementsDue)
        {
            throw new LinuxException(
                operation, Errno.ENOBUFS,
                    $"{result.Acknowledged} of {batch.AcknowledgementsDue} acknowledgements arrived");
        }

        return result.Acknowledged;
    }
}
