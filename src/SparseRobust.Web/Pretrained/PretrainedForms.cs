using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using SparseRobust.Lab.Checkpoints;
using SparseRobust.Lab.Errors;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Shell;

namespace SparseRobust.Web.Pretrained;

/// <summary>Where the forms of pre-trained models post to. They answer 303, so that loading the next page again sends nothing.</summary>
internal static class PretrainedForms
{
    private const string Page = "/models";

    // The other fields.
    private const int Around = 1 << 16;

    /// <remarks>The archive is read as it comes, since it may be larger than the disk of temporary files; so the antiforgery token, which is the form's first field, is checked here.</remarks>
    public static void MapPretrainedForms(this IEndpointRouteBuilder routes, long limit)
    {
        // Twice as much, so that a browser that sends somewhat too much is shown why it was not taken.
        routes.MapPost("/models/import/archive", UploadAsync).WithMetadata(new RequestSizeLimitAttribute(limit > long.MaxValue / 2 - Around ? long.MaxValue : 2 * (limit + Around))).ExcludeFromDescription();
        routes.MapPost("/models/import", (IFormCollection form, ModelImports imports, Notices notices, CancellationToken cancellation) => NoticedAsync(form, notices, async name =>
        {
            var (_, isThere) = await imports.StartAsync(new StartModelImport { Name = name, Source = SourceOf(form) }, cancellation);
            return isThere ? $"{name} is here already, and is the same." : $"{name} is being imported.";
        })).ExcludeFromDescription();
        routes.MapPost("/models/import/cancel", (IFormCollection form, ModelImports imports, Notices notices) => NoticedAsync(form, notices, async name =>
        {
            await imports.CancelAsync(name);
            return $"The import of {name} was stopped.";
        })).ExcludeFromDescription();
        routes.MapPost("/models/import/forget", (IFormCollection form, ModelImports imports, Notices notices) => NoticedAsync(form, notices, async name =>
        {
            await imports.ForgetAsync(name);
            return $"The import of {name} was forgotten.";
        })).ExcludeFromDescription();
        routes.MapPost("/models/pretrained/delete", (IFormCollection form, PretrainedStore store, Notices notices) => NoticedAsync(form, notices, name =>
            Task.FromResult(store.Delete(name) ? $"{name} was deleted." : $"{name} is not here any more."))).ExcludeFromDescription();
    }

    private static ModelSource SourceOf(IFormCollection form) => form["path"].ToString().Trim() is { Length: > 0 } path
        ? new FolderSource { Path = path }
        : new HubSource { Repository = form["repository"].ToString().Trim(), Revision = form["revision"].ToString().Trim() is { Length: > 0 } revision ? revision : "main" };

    private static async Task<SeeOther> NoticedAsync(IFormCollection form, Notices notices, Func<string, Task<string>> act)
    {
        var name = form["name"].ToString().Trim();
        try
        {
            return new SeeOther(notices.AddressOf(Page, new Notice(name, null, await act(name))));
        }
        catch (Exception e) when (e is Problem or LabException)
        {
            var (code, message, _) = ProblemMap.Explain(e);
            return new SeeOther(notices.AddressOf(Page, new Notice(name, code, message)));
        }
    }

    private static async Task<SeeOther> UploadAsync(HttpContext context, IAntiforgery antiforgery, ModelImports imports, Notices notices)
    {
        var form = new UploadedForm(context.Request, "PUT /api/v1/models/import/{name}/archive");
        try
        {
            await form.ReadFieldsAsync(context.RequestAborted);
            // The store of tokens looks at the header before it would read the form.
            context.Request.Headers["RequestVerificationToken"] = form.Token;
            await antiforgery.ValidateRequestAsync(context);
            var name = form.Field("name").Trim();
            var (_, isNew) = await imports.TakeAsync(name, new SentArchive(form.File, null, form.FileName), context.RequestAborted);
            return new SeeOther(notices.AddressOf(Page, new Notice(name, null, isNew ? $"{name} is imported." : $"{name} is here already, and is the same.")));
        }
        catch (Exception e) when (e is Problem or LabException or AntiforgeryValidationException)
        {
            await form.DrainAsync(context.RequestAborted);
            var (code, message, _) = e is AntiforgeryValidationException ? ("RequestInvalid", "The form is too old or not of this server. Load the page again.", []) : ProblemMap.Explain(e);
            return new SeeOther(notices.AddressOf(Page, new Notice(form.Field("name"), code, message)));
        }
    }
}
