using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Datasets;

/// <summary>Where the page's form posts to. It answers 303, so that loading the next page again sends nothing.</summary>
internal static class DatasetForms
{
    // The other fields.
    private const int Around = 1 << 16;

    /// <remarks>The form is read as it comes, since a file may be larger than the disk of temporary files; so the antiforgery token, which is its first field, is checked here.</remarks>
    public static void MapDatasetForms(this IEndpointRouteBuilder routes, long limit) =>
        // Twice as much, so that a browser that sends somewhat too much is shown why it was not taken.
        routes.MapPost("/datasets/file", UploadAsync).WithMetadata(new RequestSizeLimitAttribute(limit > long.MaxValue / 2 - Around ? long.MaxValue : 2 * (limit + Around))).ExcludeFromDescription();

    private static async Task<SeeOther> UploadAsync(HttpContext context, IAntiforgery antiforgery, DatasetIntake intake, DatasetNotices notices)
    {
        var form = new DatasetUpload(context.Request);
        try
        {
            await form.ReadFieldsAsync(context.RequestAborted);
            // The store of tokens looks at the header before it would read the form.
            context.Request.Headers["RequestVerificationToken"] = form.Token;
            await antiforgery.ValidateRequestAsync(context);
            var arrival = await intake.TakeAsync(form.Delivery(), form.File, length: null, context.RequestAborted);
            return new SeeOther(notices.AddressOf(new DatasetNotice(form.Split, null, $"{arrival.Listing.Published!.Title} is here, with {Words.Whole(arrival.Listing.Rows)} rows.")));
        }
        catch (Exception e) when (e is Problem or LabException or AntiforgeryValidationException)
        {
            await form.DrainAsync(context.RequestAborted);
            var (code, message, _) = e is AntiforgeryValidationException ? ("RequestInvalid", "The form is too old or not of this server. Load the page again.", []) : ProblemMap.Explain(e);
            return new SeeOther(notices.AddressOf(new DatasetNotice(form.Split, code, message)));
        }
    }
}
