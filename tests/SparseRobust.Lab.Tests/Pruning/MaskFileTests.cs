using SparseRobust.Lab.Errors;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Pruning;
using SparseRobust.Lab.Schedules;
using SparseRobust.Lab.Tests.Models;
using SparseRobust.Lab.Tests.Runs;

namespace SparseRobust.Lab.Tests.Pruning;

public class MaskFileTests
{
    [Fact]
    public void Saved_masks_come_back_and_give_bit_equal_logits()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, MaskFile.Name);
        using var bert = TinyBert.Create();
        using var method = new MagnitudeSpec { Sparsity = 0.7 }.Build(1);
        var model = new PrunableModel(bert);
        method.Begin(model, new Budget(1, 1));
        MaskFile.Save(path, method.Masks(model));
        bert.eval();
        var masked = TinyBert.Logits(bert);

        using var dense = TinyBert.Create();
        MaskFile.Load(path).ApplyTo(new PrunableModel(dense));
        dense.eval();
        Assert.Equal(masked, TinyBert.Logits(dense));
    }

    [Fact]
    public void A_flipped_bit_is_found()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, MaskFile.Name);
        MaskFile.Save(path, new MaskSet([new MatrixMask(new MatrixId(MatrixKind.Query, 0, "w"), 2, 4, new byte[] { 0b1010_1010 }, 4)]));
        var bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(ProblemCode.ArtifactCorrupt, Assert.Throws<LabException>(() => MaskFile.Load(path)).Code);
    }
}
