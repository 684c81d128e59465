using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Tests.Hosting;

public sealed class OpenApiDescriptionTests
{
    [Theory]
    [InlineData("GET", "api/v1/runs", "get_runs")]
    [InlineData("POST", "api/v1/runs/{id}/cancel", "post_runs_id_cancel")]
    [InlineData("GET", "api/v1/presets/{**name}", "get_presets_name")]
    [InlineData("GET", "health", "get_health")]
    public void An_operation_is_named_by_method_and_path(string method, string path, string id) => Assert.Equal(id, OpenApiDescription.IdOf(method, path));
}
