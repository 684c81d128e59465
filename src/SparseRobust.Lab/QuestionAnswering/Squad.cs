using System.Globalization;
using SparseRobust.Lab.Data;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Tokenizers;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>SQuAD 1.1 and 2.0 as published, and XQuAD's English questions, which have the same layout; plain or gzipped.</summary>
/// <remarks>Source: Rajpurkar et al. 2016 and 2018; Artetxe et al. 2020; RPP, sec. 4. The files count code points: answers are moved to UTF-16 units and must
/// stand there to the letter. A question is broken, and left out, when one of its answers does not, when it has none though it is not marked impossible or is
/// marked so against its answers or its version, or when its id came before. Safe to call from several threads.</remarks>
public static class Squad
{
    private const int AlwaysTolerated = 10;
    private const int ToleratedPerMille = 1;
    private const int ShownBroken = 5;

    /// <summary>The training set of SQuAD 1.1, 87,599 questions as published.</summary>
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid.</exception>
    public static QuestionSet Train(DatasetFolders folders, CancellationToken cancellation) =>
        Find(folders, "SQuAD 1.1 train", "train-v1.1.json", Published("squad", "train", 87_599), cancellation);

    /// <summary>The dev set of SQuAD 1.1, 10,570 questions as published, each with several gold answers.</summary>
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid.</exception>
    public static QuestionSet Dev(DatasetFolders folders, CancellationToken cancellation) =>
        Find(folders, "SQuAD 1.1 dev", "dev-v1.1.json", Published("squad", "dev", 10_570), cancellation);

    /// <summary>The training set of SQuAD 2.0, 130,319 questions as published, 43,498 of them without an answer.</summary>
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid.</exception>
    public static QuestionSet TrainV2(DatasetFolders folders, CancellationToken cancellation) =>
        Find(folders, "SQuAD 2.0 train", "train-v2.0.json", Published("squad-v2", "train", 130_319) with { AllowsNoAnswer = true }, cancellation);

    /// <summary>The dev set of SQuAD 2.0, 11,873 questions as published, 5,945 of them without an answer.</summary>
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid.</exception>
    public static QuestionSet DevV2(DatasetFolders folders, CancellationToken cancellation) =>
        Find(folders, "SQuAD 2.0 dev", "dev-v2.0.json", Published("squad-v2", "dev", 11_873) with { AllowsNoAnswer = true }, cancellation);

    /// <summary>The English part of XQuAD: 1,190 questions out of the dev set of SQuAD 1.1, one gold answer each.</summary>
    /// <exception cref="LabException">DatasetMissing, DatasetInvalid.</exception>
    public static QuestionSet XQuadEnglish(DatasetFolders folders, CancellationToken cancellation) =>
        Find(folders, "XQuAD English", "xquad.en.json", Published("xquad-en", "test", 1_190), cancellation);

    /// <summary>Reads one file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">Name, split, published size and whether questions may go without an answer; no questions.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="LabException">DatasetInvalid when the file is not of this layout, when over max(10, 0.1 %) of the questions are broken, or none is good.</exception>
    internal static QuestionSet Read(string path, QuestionSet expected, CancellationToken cancellation)
    {
        var (file, sha256) = SquadFile.Read(path, cancellation);
        var (questions, broken, ids) = (new List<Question>(), new List<BrokenQuestion>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var paragraph in file.Data.SelectMany(article => article.Paragraphs))
        {
            cancellation.ThrowIfCancellationRequested();
            var places = new CodePoints(paragraph.Context);
            foreach (var row in paragraph.Qas)
            {
                var answers = new GoldAnswer[row.Answers.Count];
                var fault = ids.Add(row.Id) ? FaultOf(row, expected.AllowsNoAnswer) ?? Locate(row.Answers, paragraph.Context, places, answers) : "the id occurs twice";
                if (fault is null)
                    questions.Add(new Question(row.Id, row.Question, paragraph.Context, answers));
                else
                    broken.Add(new BrokenQuestion(row.Id, fault));
            }
        }
        RequireUsable(path, questions.Count, broken);
        return expected with { Questions = questions, Sha256 = sha256, Broken = broken, SourcePath = path };
    }

    private static QuestionSet Published(string name, string split, int questions) => new(name, split, [], "") { PublishedQuestions = questions };

    private static QuestionSet Find(DatasetFolders folders, string what, string file, QuestionSet expected, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(folders);
        return Read(folders.Find(what, file, $"squad/{file}", $"SQuAD/{file}", $"xquad/{file}"), expected, cancellation);
    }

    private static string? FaultOf(in SquadFile.Row row, bool allowsNoAnswer) => row switch
    {
        { Id: "" } => "the id is empty",
        { IsImpossible: true } when !allowsNoAnswer => "it is marked impossible, which only SQuAD 2.0 knows",
        { IsImpossible: true, Answers.Count: > 0 } => "it is marked impossible and has answers",
        { IsImpossible: false, Answers.Count: 0 } => "it has no answer",
        _ => null,
    };

    private static string? Locate(IReadOnlyList<SquadFile.Answer> rows, string context, CodePoints places, GoldAnswer[] answers)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            var (text, start) = (rows[i].Text, places.ToUnit(rows[i].AnswerStart));
            if (text.Length == 0)
                return string.Create(CultureInfo.InvariantCulture, $"answer {i} is empty");
            if (start < 0 || !context.AsSpan(start).StartsWith(text, StringComparison.Ordinal))
                return string.Create(CultureInfo.InvariantCulture, $"answer {i} does not stand at character {rows[i].AnswerStart} of the context");
            answers[i] = new GoldAnswer(text, new TextRange(start, start + text.Length));
        }
        return null;
    }

    private static void RequireUsable(string path, int good, List<BrokenQuestion> broken)
    {
        var all = good + broken.Count;
        var tolerated = Math.Max(AlwaysTolerated, (int)((long)all * ToleratedPerMille / 1000));
        if (broken.Count <= tolerated && good > 0)
            return;
        var first = string.Join("; ", broken.Take(ShownBroken).Select(question => $"\"{question.Id}\": {question.Reason}"));
        var message = broken.Count == 0 ? $"{path} holds no question" : string.Create(
            CultureInfo.InvariantCulture, $"{path} is not usable: {broken.Count} of {all} questions are broken and {tolerated} are tolerated. First {first}");
        throw new LabException(ProblemCode.DatasetInvalid, message + ". Fetch the file again, or check that it is the original.");
    }
}
