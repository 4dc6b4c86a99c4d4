using Dataplane.Kubernetes.Objects;
using Dataplane.Runtime.Answering;

namespace Dataplane.Runtime.Tests.Answering;

public sealed class ImagePortsTests
{
    [Theory]
    [InlineData("nginx", 80)]
    [InlineData("nginx:stable", 80)]
    [InlineData("docker.io/library/nginx:1.27@sha256:00", 80)]
    [InlineData("registry.example:5000/mysql", 3306)]
    public void An_image_that_is_known_has_its_port(string image, int port) =>
        Assert.Equal([(TransportProtocol.Tcp, port)], ImagePorts.Of(new ContainerSpec("c") { Image = image }));

    [Theory]
    [InlineData("")]
    [InlineData("busybox")]
    [InlineData("nginx/controller")]
    public void Another_has_none(string image) =>
        Assert.Empty(ImagePorts.Of(new ContainerSpec("c") { Image = image }));
}
