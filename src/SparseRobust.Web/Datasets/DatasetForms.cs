using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Datasets;

/// <summary>Where the page's forms post to. They answer 303, so that loading the next page again sends nothing.</summary>
internal static class DatasetForms
{
    private const string Page = "/datasets";

    // The other fields.
    private const int Around = 1 << 16;

    /// <remarks>The form is read as it comes, since a file may be larger than the disk of temporary files; so the antiforgery token, which is its first field, is checked here.</remarks>
    public static void MapDatasetForms(this IEndpointRouteBuilder routes, long limit)
    {
        // Twice as much, so that a browser that sends somewhat too much is shown why it was not taken.
        routes.MapPost("/datasets/file", UploadAsync).WithMetadata(new RequestSizeLimitAttribute(limit > long.MaxValue / 2 - Around ? long.MaxValue : 2 * (limit + Around))).ExcludeFromDescription();
        routes.MapPost("/datasets/download", (IFormCollection form, DatasetDownloads downloads, Notices notices) => StartDownload(form, downloads, notices)).ExcludeFromDescription();
        routes.MapPost("/datasets/forget", (IFormCollection form, DatasetDownloads downloads, Notices notices) => ForgetAsync(form, downloads, notices)).ExcludeFromDescription();
    }

    private static async Task<SeeOther> UploadAsync(HttpContext context, IAntiforgery antiforgery, DatasetIntake intake, Notices notices)
    {
        var form = new UploadedForm(context.Request, "PUT /api/v1/datasets/{name}/{split}/file");
        try
        {
            await form.ReadFieldsAsync(context.RequestAborted);
            // The store of tokens looks at the header before it would read the form.
            context.Request.Headers["RequestVerificationToken"] = form.Token;
            await antiforgery.ValidateRequestAsync(context);
            var arrival = await intake.TakeAsync(DatasetDelivery.Of(form), form.File, length: null, context.RequestAborted);
            return new SeeOther(notices.AddressOf(Page, new Notice(form.Field("split"), null, $"{arrival.Listing.Published!.Title} is here, with {Words.Whole(arrival.Listing.Rows)} rows.")));
        }
        catch (Exception e) when (e is Problem or LabException or AntiforgeryValidationException)
        {
            await form.DrainAsync(context.RequestAborted);
            var (code, message, _) = e is AntiforgeryValidationException ? ("RequestInvalid", "The form is too old or not of this server. Load the page again.", []) : ProblemMap.Explain(e);
            return new SeeOther(notices.AddressOf(Page, new Notice(form.Field("split"), code, message)));
        }
    }

    private static SeeOther StartDownload(IFormCollection form, DatasetDownloads downloads, Notices notices) => Noticed(form["split"].ToString(), notices, () =>
    {
        var split = DatasetDelivery.SplitOf(form["split"].ToString());
        downloads.Start(split, new StartDownload { Url = form["url"].ToString(), Sha256 = form["sha256"].ToString(), Replace = form["replace"] == "true", File = form["as"].ToString() is { Length: > 0 } name ? name : null });
        return $"{split.Title} is being fetched. Load the page again to see how far it is.";
    });

    private static async Task<SeeOther> ForgetAsync(IFormCollection form, DatasetDownloads downloads, Notices notices)
    {
        try
        {
            await downloads.ForgetAsync(DatasetDelivery.SplitOf(form["split"].ToString()));
        }
        catch (Problem problem) when (problem.Code is "NotFound")
        {
            // The page may be older than the download's end.
        }
        catch (Problem problem)
        {
            return new SeeOther(notices.AddressOf(Page, new Notice(form["split"].ToString(), problem.Code, problem.Message)));
        }
        return new SeeOther(Page);
    }

    private static SeeOther Noticed(string split, Notices notices, Func<string> act)
    {
        try
        {
            return new SeeOther(notices.AddressOf(Page, new Notice(split, null, act())));
        }
        catch (Exception e) when (e is Problem or LabException)
        {
            var (code, message, _) = ProblemMap.Explain(e);
            return new SeeOther(notices.AddressOf(Page, new Notice(split, code, message)));
        }
    }
}
