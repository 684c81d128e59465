using System.Text.Json;
using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Runs;

namespace SparseRobust.Lab.QuestionAnswering;

/// <summary>A model's answers to a set of questions, by id: what a score is computed from. Immutable and thread-safe.</summary>
public sealed class QaPredictions
{
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);

    /// <summary>Takes answers in the order in which they shall be written.</summary>
    /// <exception cref="ArgumentException">A question was answered twice.</exception>
    public QaPredictions(IEnumerable<QuestionAnswer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        Answers = [.. answers];
        foreach (var answer in Answers)
            _texts.Add(answer.Id, answer.Text);
    }

    /// <summary>The answers with their candidates.</summary>
    public IReadOnlyList<QuestionAnswer> Answers { get; }

    /// <summary>The answer of each question by its id; "" says that there is none.</summary>
    public IReadOnlyDictionary<string, string> Texts => _texts;

    /// <summary>Writes what SQuAD's official evaluation scripts read: {"id": "text"}.</summary>
    /// <exception cref="LabException">StorageFull.</exception>
    public void WritePredictions(string path) => Write(path, (json, answer) => json.WriteString(answer.Id, answer.Text));

    /// <summary>Writes all candidates as BERT's run_squad.py does: {"id": [{"text", "probability", "start_logit", "end_logit"}]}, the best first.</summary>
    /// <exception cref="LabException">StorageFull.</exception>
    public void WriteNBest(string path) => Write(path, WriteCandidates);

    private void Write(string path, Action<Utf8JsonWriter, QuestionAnswer> write) => DurableFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        foreach (var answer in Answers)
            write(json, answer);
        json.WriteEndObject();
    });

    private static void WriteCandidates(Utf8JsonWriter json, QuestionAnswer answer)
    {
        json.WriteStartArray(answer.Id);
        foreach (var candidate in answer.Candidates)
        {
            json.WriteStartObject();
            json.WriteString("text", candidate.Text);
            json.WriteNumber("probability", candidate.Probability);
            json.WriteNumber("start_logit", candidate.StartLogit);
            json.WriteNumber("end_logit", candidate.EndLogit);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
