using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SparseRobust.Lab.Evaluation;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Examples;

/// <summary>Pages through what a model answered, with the filters of REST and of the examples page.</summary>
internal sealed class ExampleList(Evaluations evaluations, EvaluatedTexts texts)
{
    /// <summary>What REST answers.</summary>
    public async Task<PredictionsView> ReadAsync(string runId, ExampleQuery query, CancellationToken cancellation)
    {
        var open = await evaluations.OpenAsync(runId, query.Stage, cancellation);
        var view = Overview(open);
        if (string.IsNullOrEmpty(query.Dataset))
            return Asks(query) is { } field ? throw ExampleFilter.Refuse(field, $"say also which dataset: one of {open.SetNames}.") : view;
        var set = open.Find(query.Dataset, query.Split);
        return Page(view, set, await texts.FindAsync(open.Chosen.Run, set, cancellation), query);
    }

    /// <summary>What there is to ask for.</summary>
    public static PredictionsView Overview(OpenEvaluation open) => new()
    {
        RunId = open.Chosen.Run.Id,
        Stage = open.Chosen.Stage,
        StageHash = open.Chosen.StageHash,
        Evaluations = [.. open.All.Select(each => new EvaluationView(each.Stage, each.StageHash, each.HasPredictions))],
        Sets = [.. open.Sets.Select(Describe)],
        Items = [],
    };

    /// <summary>The page of a set that the query asks for.</summary>
    public static PredictionsView Page(PredictionsView overview, SetPredictions set, SetTexts texts, ExampleQuery query)
    {
        var size = PageToken.Size(query.PageSize);
        var rows = ExampleFilter.Rows(set, texts, query);
        var print = PrintOf(overview.StageHash, set, query);
        var start = StartOf(query.PageToken, print);
        return overview with
        {
            Selection = new SelectionView
            {
                Dataset = set.Dataset,
                Split = set.Split,
                DatasetSha256 = set.Sha256,
                N = set.Count,
                Matching = rows.Count,
                Accuracy = AccuracyOf(set, rows),
                TextsMissing = texts.Missing,
            },
            Items = [.. rows.Skip(start).Take(size).Select(row => Describe(set, texts, row))],
            NextPageToken = rows.Count - start > size ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start + size} {print}"))) : null,
        };
    }

    private static PredictedSet Describe(SetPredictions set) => new(
        set.Dataset, set.Split, set.Sha256, set.Count, AccuracyOf(set, [.. Enumerable.Range(0, set.Count)]),
        set.DatasetLabels.Names, set.ModelLabels.Names, [.. set.ModelToDataset.Select(label => set.DatasetLabels.Names[label])]);

    private static ExampleView Describe(SetPredictions set, SetTexts texts, int row)
    {
        var example = texts.Examples?[row];
        var view = new ExampleView { Row = row, Id = example?.Id, FirstText = example?.FirstText, SecondText = example?.SecondText, Slices = example?.Slices, Loss = set.Loss(row) };
        if (set.DatasetLabels.IsRegression)
            return view with { GoldValue = set.Gold[row], PredictedValue = set.Outputs.Row(row)[0] };
        var probabilities = set.Probabilities(row);
        return view with
        {
            Gold = set.DatasetLabels.Names[(int)set.Gold[row]],
            Predicted = set.DatasetLabels.Names[set.Predicted(row)],
            Correct = set.IsCorrect(row),
            Probabilities = set.ModelLabels.Names.Zip(probabilities).ToDictionary(pair => pair.First, pair => pair.Second),
            Confidence = probabilities.Max(),
        };
    }

    private static double? AccuracyOf(SetPredictions set, IReadOnlyCollection<int> rows) =>
        rows.Count == 0 || set.DatasetLabels.IsRegression ? null : rows.Count(set.IsCorrect) / (double)rows.Count;

    private static string? Asks(ExampleQuery query) =>
        new[] { ("split", query.Split), ("correct", query.Correct), ("gold", query.Gold), ("predicted", query.Predicted), ("slice", query.Slice?.FirstOrDefault()), ("sort", query.Sort), ("order", query.Order), ("page_token", query.PageToken) }
            .FirstOrDefault(field => !string.IsNullOrEmpty(field.Item2)).Item1;

    // A token holds for one list only: with another filter its place would mean other rows.
    private static string PrintOf(string stageHash, SetPredictions set, ExampleQuery query) =>
        ContentHash.Of(JsonSerializer.SerializeToUtf8Bytes<IEnumerable<string?>>([stageHash, set.Dataset, set.Split, query.Correct ?? "", query.Gold ?? "", query.Predicted ?? "", query.Sort ?? "", query.Order ?? "", .. query.Slice ?? []]))[..8];

    private static int StartOf(string? token, string print)
    {
        if (string.IsNullOrEmpty(token))
            return 0;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        if (Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ') is [var place, var made] && made == print
            && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var start))
            return start;
        throw Problem.Invalid("page_token", "is not a token of this list. Take next_page_token from the page before, unchanged, and ask for the same otherwise.");
    }
}
