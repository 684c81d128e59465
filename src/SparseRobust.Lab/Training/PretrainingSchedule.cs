using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Pretraining;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Statistics;

namespace SparseRobust.Lab.Training;

/// <summary>Which examples each update of a pre-training sees. Every pass over the text packs, masks and shuffles anew, first with short examples where the spec asks for them. A function of
/// corpus, spec and seed: a resumed training packs the passes it has behind it once more, in less than a second each, and goes on in the midst of the current one.</summary>
/// <remarks>What is left of a pass when no whole update can be made of it is dropped: fewer examples than an update has.</remarks>
internal sealed class PretrainingSchedule(CorpusTokens corpus, PretrainingSpec spec, (int MaxLength, int DevEvery, long Seed) setting)
{
    private const long Purpose = 0x7072657472616e; // keeps this stream apart from other uses of the same seed

    private (int Epoch, int FirstUpdate, int Updates, PretrainingExamples Examples, int[] Order)? _pass;

    /// <summary>How long the training lasts; an epoch is the first pass.</summary>
    public Budget Budget => new(spec.MaxSteps, UpdatesOf(_pass is { Epoch: 0 } first ? first.Examples : Pack(0, LengthAt(0))));

    /// <summary>The examples of an update.</summary>
    /// <param name="update">From 0; at random access every earlier pass is packed.</param>
    public (PretrainingExamples Examples, ReadOnlyMemory<int> Rows) Of(int update)
    {
        if (_pass is null || update < _pass.Value.FirstUpdate)
            _pass = Begin(epoch: 0, firstUpdate: 0);
        while (update >= _pass.Value.FirstUpdate + _pass.Value.Updates)
            _pass = Begin(_pass.Value.Epoch + 1, _pass.Value.FirstUpdate + _pass.Value.Updates);
        var pass = _pass.Value;
        return (pass.Examples, pass.Order.AsMemory((update - pass.FirstUpdate) * spec.RowsAnUpdate, spec.RowsAnUpdate));
    }

    private (int, int, int, PretrainingExamples, int[]) Begin(int epoch, int firstUpdate)
    {
        var examples = Pack(epoch, LengthAt(firstUpdate));
        var updates = UpdatesOf(examples);
        // The last pass with short examples ends where the long ones begin.
        if (firstUpdate < spec.ShortSteps)
            updates = Math.Min(updates, spec.ShortSteps - firstUpdate);
        return (epoch, firstUpdate, updates, examples, SplitMix64.From(Purpose, setting.Seed, epoch).Permutation(examples.Count));
    }

    private int LengthAt(int update) => update < spec.ShortSteps ? spec.ShortSequenceLength : setting.MaxLength;

    private PretrainingExamples Pack(int epoch, int length) =>
        PretrainingExamples.Of(corpus, new PretrainingPass(CorpusPart.Train, length, setting.Seed, epoch) { DevEvery = setting.DevEvery }, spec.Masking);

    private int UpdatesOf(PretrainingExamples examples) => examples.Count / spec.RowsAnUpdate is > 0 and var updates ? updates : throw new LabException(
        ProblemCode.DatasetInvalid, $"The training part of the corpus makes {examples.Count} examples, fewer than the {spec.RowsAnUpdate} of an update: use more text, or a smaller batch.");
}
