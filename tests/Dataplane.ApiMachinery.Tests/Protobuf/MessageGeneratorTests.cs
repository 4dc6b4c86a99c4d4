namespace Dataplane.ApiMachinery.Tests.Protobuf;

public class MessageGeneratorTests
{
    private const string File = "src/Dataplane.ApiMachinery/Protobuf/messages.txt";

    /// <summary>
    /// UPDATE_PROTOBUF=DIRECTORY writes the embedded messages anew from Kubernetes' repositories, which are too large
    /// to be kept here.
    /// </summary>
    [Fact]
    public void The_embedded_messages_are_written_from_the_repositories()
    {
        if (Environment.GetEnvironmentVariable("UPDATE_PROTOBUF") is { Length: > 0 } root)
        {
            System.IO.File.WriteAllText(SourceTree.Full(File), MessageGenerator.Read(root).Write());
        }
        Assert.StartsWith(MessageGenerator.Header + "\n", System.IO.File.ReadAllText(SourceTree.Full(File)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_come_from_the_messages_and_names_from_the_tags()
    {
        var generator = new MessageGenerator();
        generator.Add("""
            package k8s.io.api.apps.v1;
            message Box {
              optional string ref = 1;
              optional int32 size = 3;
              repeated Part parts = 4;
              map<string, int64> counts = 5;
              optional Part part = 6;
              optional Part other = 7;
            }
            message Part {
              optional bool open = 2;
            }
            """, ["""
            type Box struct {
            	metav1.TypeMeta `json:",inline"`
            	Ref string `json:"$ref" protobuf:"bytes,1,opt,name=ref"`
            	Size   int32  `json:"size,omitempty" protobuf:"varint,3,opt,name=size"`
            	Parts []Part `json:"parts" patchStrategy:"merge" protobuf:"bytes,4,rep,name=parts"`
            	Counts map[string]int64 `json:"counts" protobuf:"bytes,5,rep,name=counts"`
            	Part `json:",inline" protobuf:"bytes,6,opt,name=part"`
            	Other Part `json:"other,omitempty,omitzero" protobuf:"bytes,7,opt,name=other"`
            }

            type Part struct {
            	Open *bool `json:"open,omitempty" protobuf:"varint,2,opt,name=open"`
            }
            """], "apps/v1");
        Assert.Equal("""
            package apps.v1 apps/v1
            Box kind
             1 $ref string!
             3 size int32
             4 parts []Part
             5 counts {}int64
             6 - Part!
             7 other Part
            Part
             2 open bool!

            """, generator.Write()[(MessageGenerator.Header.Length + 1)..]);
    }
}
