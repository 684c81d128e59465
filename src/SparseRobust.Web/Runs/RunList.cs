using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using SparseRobust.Web.Hosting;
using SparseRobust.Web.Persistence;

namespace SparseRobust.Web.Runs;

/// <summary>What a list of runs may be asked for. A filter is words separated by spaces, all of which must hold: state:running task:shortcut-nli objective:product-of-experts pruning:mask-training sparsity:0.7 seed:1 tag:paper preset:quickstart/shortcut-nli sweep:ID, or any text in the name, cell or id. Quotes keep spaces in a word: tag:"second try".</summary>
public sealed record RunListQuery(string? Filter = null, string? Sort = null,
    [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "page_size")] int? PageSize = null,
    [property: Microsoft.AspNetCore.Mvc.FromQuery(Name = "page_token")] string? PageToken = null);

/// <summary>Pages through runs with the filter of REST and of the runs page.</summary>
internal sealed partial class RunList(IDbContextFactory<LabDb> databases)
{
    /// <summary>A page, newest first, or oldest first with sort created_at.</summary>
    public async Task<(IReadOnlyList<RunRow> Items, string? NextPageToken)> ReadAsync(RunListQuery query, CancellationToken cancellation)
    {
        var size = PageToken.Size(query.PageSize);
        var newestFirst = (query.Sort ?? "-created_at") switch
        {
            "-created_at" => true,
            "created_at" => false,
            var other => throw Problem.Invalid("sort", $"\"{other}\" is neither created_at nor -created_at."),
        };
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = Filtered(db, query.Filter);
        if (PageToken.Parse(query.PageToken) is var (time, id))
        {
            rows = newestFirst
                ? rows.Where(run => run.CreatedAt < time || (run.CreatedAt == time && string.Compare(run.Id, id) < 0))
                : rows.Where(run => run.CreatedAt > time || (run.CreatedAt == time && string.Compare(run.Id, id) > 0));
        }
        rows = newestFirst ? rows.OrderByDescending(run => run.CreatedAt).ThenByDescending(run => run.Id) : rows.OrderBy(run => run.CreatedAt).ThenBy(run => run.Id);
        var items = await rows.Take(size + 1).Listed().ToListAsync(cancellation);
        return items.Count > size ? (items[..size], new PageToken(items[size - 1].CreatedAt, items[size - 1].Id).ToString()) : (items, null);
    }

    /// <summary>The runs that a filter leaves.</summary>
    public static IQueryable<RunRow> Filtered(LabDb db, string? filter)
    {
        var rows = db.Runs.AsNoTracking();
        foreach (var word in Words(filter))
            rows = Where(db, rows, word.Replace("\"", "", StringComparison.Ordinal));
        return rows;
    }

    /// <summary>The words of a filter, their quotes kept, so that joining them by spaces gives the same filter.</summary>
    public static IReadOnlyList<string> Words(string? filter) => [.. Word().Matches(filter ?? "").Select(word => word.Value)];

    private static IQueryable<RunRow> Where(LabDb db, IQueryable<RunRow> rows, string word)
    {
        var colon = word.IndexOf(':');
        var value = word[(colon + 1)..];
        return (colon < 0 ? "" : word[..colon]) switch
        {
            "state" => Enum.TryParse<RunState>(value, true, out var state) && !char.IsAsciiDigit(value[0]) ? rows.Where(run => run.State == state) : throw Problem.Invalid("filter", $"\"{value}\" is no state. States are {string.Join(", ", Enum.GetValues<RunState>().Select(each => each.Word()))}."),
            // A kind with several tasks is followed by which: glue rte.
            "task" => rows.Where(run => run.Task == value || run.Task.StartsWith(value + " ")),
            "model" => rows.Where(run => run.Model == value),
            "paradigm" => rows.Where(run => run.Paradigm == value),
            "pruning" => rows.Where(run => run.Pruning == value),
            "objective" => rows.Where(run => run.FineTuningObjective == value || run.PruningObjective == value),
            "sparsity" => double.TryParse(value, CultureInfo.InvariantCulture, out var sparsity) ? rows.Where(run => run.Sparsity == sparsity) : throw Problem.Invalid("filter", $"sparsity:{value} is no number."),
            "seed" => long.TryParse(value, CultureInfo.InvariantCulture, out var seed) ? rows.Where(run => run.Seed == seed) : throw Problem.Invalid("filter", $"seed:{value} is no whole number."),
            "tag" => rows.Where(run => run.Tags.Contains(value)),
            "preset" => rows.Where(run => run.Preset == value),
            "recipe" => rows.Where(run => run.RecipeHash == value),
            "sweep" => rows.Where(run => db.SweepRuns.Any(member => member.SweepId == value && member.RunId == run.Id)),
            "" => Containing(rows, value),
            var key => throw Problem.Invalid("filter", $"\"{key}\" cannot be filtered by. Use state, task, model, paradigm, pruning, objective, sparsity, seed, tag, preset, recipe, sweep, or plain text."),
        };
    }

    private static IQueryable<RunRow> Containing(IQueryable<RunRow> rows, string text)
    {
        var pattern = $"%{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        return rows.Where(run => EF.Functions.ILike(run.Id, pattern) || EF.Functions.ILike(run.Name!, pattern) || EF.Functions.ILike(run.Cell!, pattern));
    }

    [GeneratedRegex("(?:[^\\s\"]|\"[^\"]*\"?)+")]
    private static partial Regex Word();
}
