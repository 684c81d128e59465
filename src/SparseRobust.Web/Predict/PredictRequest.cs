using System.ComponentModel;
using System.Text.Json;
using SparseRobust.Lab.Serving;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Predict;

/// <summary>POST /predict, in the shape of text-embeddings-inference.</summary>
public sealed record PredictRequest
{
    /// <summary>One text, or several: see <see cref="PredictInputs"/>.</summary>
    [Description("\"text\"; [\"premise\", \"hypothesis\"] is one pair; a batch is a list of lists, [[\"text\"], [\"premise\", \"hypothesis\"]]; {\"text\", \"text_pair\"} or a list of them.")]
    public JsonElement Inputs { get; init; }

    [Description("Answer the model's logits instead of probabilities.")]
    public bool RawScores { get; init; }

    [Description("Cut what is too long, counted in the header x-truncated-inputs; otherwise it is refused. Null means false.")]
    public bool? Truncate { get; init; }

    [Description("From which end to cut: Left or Right (the default, as in training).")]
    public string? TruncationDirection { get; init; }

    [Description("A model's id, a run's id (its last model) or an alias; \"default\" unless said.")]
    public string? Model { get; init; }

    /// <summary>Where to cut; null to refuse what is too long.</summary>
    internal TruncationDirection? Cut()
    {
        var direction = (TruncationDirection ?? "right").ToLowerInvariant() switch
        {
            "right" => SparseRobust.Lab.Serving.TruncationDirection.Right,
            "left" => SparseRobust.Lab.Serving.TruncationDirection.Left,
            _ => throw Problem.Invalid("$.truncation_direction", $"\"{TruncationDirection}\" is neither \"Left\" nor \"Right\"."),
        };
        return Truncate == true ? direction : null;
    }
}
