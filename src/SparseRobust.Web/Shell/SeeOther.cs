namespace SparseRobust.Web.Shell;

/// <summary>303: the form was taken; its result is to be read at the address.</summary>
internal sealed class SeeOther(string address) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        Answer(httpContext, address);
        return Task.CompletedTask;
    }

    /// <summary>For a page's own form handler.</summary>
    public static void Answer(HttpContext context, string address)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = address;
    }
}
