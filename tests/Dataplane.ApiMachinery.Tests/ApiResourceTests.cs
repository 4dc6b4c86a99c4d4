using Dataplane.ApiMachinery.Resources;

namespace Dataplane.ApiMachinery.Tests;

public class ApiResourceTests
{
    [Fact]
    public void No_two_resources_have_the_same_path() =>
        Assert.Equal(ApiResources.BuiltIn.Count, ApiResources.BuiltIn.Select(r => r.Path).Distinct().Count());
}
