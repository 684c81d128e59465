using SparseRobust.Lab.Evaluation;
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
        var start = RowToken.StartOf(query.PageToken, print);
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
            NextPageToken = RowToken.Next(start + size, rows.Count, print),
        };
    }

    /// <summary>A set that a model was evaluated on.</summary>
    public static PredictedSet Describe(SetPredictions set) => new(
        set.Dataset, set.Split, set.Sha256, set.Count, AccuracyOf(set, [.. Enumerable.Range(0, set.Count)]),
        set.DatasetLabels.Names, set.ModelLabels.Names, [.. set.ModelToDataset.Select(label => NameOf(set, label))]);

    /// <summary>A row with what a model made of it.</summary>
    public static ExampleView Describe(SetPredictions set, SetTexts texts, int row)
    {
        var example = texts.Examples?[row];
        var view = new ExampleView { Row = row, Id = example?.Id, FirstText = example?.FirstText, SecondText = example?.SecondText, Slices = example?.Slices, Loss = set.Loss(row) };
        if (set.DatasetLabels.IsRegression)
            return view with { GoldValue = set.Gold[row], PredictedValue = set.Outputs.Row(row)[0] };
        var probabilities = set.Probabilities(row);
        return view with
        {
            Gold = set.DatasetLabels.Names[(int)set.Gold[row]],
            Predicted = NameOf(set, set.Predicted(row)),
            Correct = set.IsCorrect(row),
            Probabilities = set.ModelLabels.Names.Zip(probabilities).ToDictionary(pair => pair.First, pair => pair.Second),
            Confidence = probabilities.Max(),
        };
    }

    // A class of the model may count as none of the labels.
    private static string? NameOf(SetPredictions set, int label) => label < 0 ? null : set.DatasetLabels.Names[label];

    private static double? AccuracyOf(SetPredictions set, IReadOnlyCollection<int> rows) =>
        rows.Count == 0 || set.DatasetLabels.IsRegression ? null : rows.Count(set.IsCorrect) / (double)rows.Count;

    private static string? Asks(ExampleQuery query) =>
        new[] { ("split", query.Split), ("correct", query.Correct), ("gold", query.Gold), ("predicted", query.Predicted), ("slice", query.Slice?.FirstOrDefault()), ("sort", query.Sort), ("order", query.Order), ("page_token", query.PageToken) }
            .FirstOrDefault(field => !string.IsNullOrEmpty(field.Item2)).Item1;

    private static string PrintOf(string stageHash, SetPredictions set, ExampleQuery query) => RowToken.PrintOf([stageHash, set.Dataset, set.Split, .. Parts(query)]);

    /// <summary>What of a query decides which rows are listed in which order.</summary>
    public static IEnumerable<string> Parts(ExampleQuery query) => [query.Correct ?? "", query.Gold ?? "", query.Predicted ?? "", query.Sort ?? "", query.Order ?? "", .. query.Slice ?? []];
}
