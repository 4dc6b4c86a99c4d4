using System.Text.Json;
using Dataplane.ApiMachinery.Protobuf;

namespace Dataplane.ApiMachinery.Tests.Protobuf;

public class HostileBodyTests
{
    private const int Rounds = 40_000;

    [Fact]
    public void Damaged_bodies_are_read_or_refused_and_nothing_else()
    {
        var random = new Random(1);
        var (read, refused) = (0, 0);
        for (var i = 0; i < Rounds; i++)
        {
            var body = Damaged(RecordedBodies.All[i % RecordedBodies.All.Count].Body, random);
            try
            {
                ProtobufBody.Read(body);
                read++;
            }
            catch (Exception e) when (e is FormatException or JsonException)
            {
                refused++;
            }
        }
        Assert.True(read > Rounds / 100 && refused > Rounds / 100, $"{read} read, {refused} refused");
    }

    [Fact]
    public void What_is_made_of_a_body_is_bounded_by_its_length()
    {
        const int Parts = 100_000, BytesPerByte = 2000;
        var body = new Message().Raw([.. Enumerable.Repeat<byte[]>([0x12, 0x00], Parts).SelectMany(p => p)])
            .Body("rbac.authorization.k8s.io/v1", "Role");
        ProtobufBody.Read("k8s\0"u8.ToArray().Concat(new Message()
            .Part(1, new Message().Text(1, "v1").Text(2, "Pod")).ToArray()).ToArray());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(Parts, ProtobufBody.Read(body)["rules"]!.AsArray().Count);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (long)body.Length * BytesPerByte);
    }

    private static byte[] Damaged(byte[] body, Random random)
    {
        List<byte> bytes = [.. body];
        for (var n = random.Next(1, 5); n > 0 && bytes.Count > 5; n--)
        {
            var at = random.Next(4, bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(1, bytes.Count - at + 1));
                    break;
                case 3:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(4, random.Next(1, bytes.Count - 4)));
                    break;
            }
        }
        return [.. bytes];
    }
}
