using SparseRobust.Torch.Modules;
using SparseRobust.Torch.Scopes;
using static SparseRobust.Torch.torch;

namespace SparseRobust.Torch.Tests.Scopes;

public class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_inside_it()
    {
        var before = TensorCensus.Live;
        Tensor kept;
        using (NewDisposeScope())
        {
            kept = ones(3) + 1;
            Assert.Equal(before + 2, TensorCensus.Live);
        }
        Assert.True(kept.IsInvalid);
        Assert.Equal(before, TensorCensus.Live);
    }

    [Fact]
    public void A_moved_tensor_lives_until_the_outer_scope_ends()
    {
        var before = TensorCensus.Live;
        Tensor moved;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
                moved = zeros(2).MoveToOuterDisposeScope();
            Assert.False(moved.IsInvalid);
            Assert.True(outer.Contains(moved));
        }
        Assert.True(moved.IsInvalid);
        Assert.Equal(before, TensorCensus.Live);
    }

    [Fact]
    public void Moving_out_of_the_outermost_scope_or_detaching_hands_the_tensor_to_the_caller()
    {
        Tensor moved, detached;
        using (var scope = NewDisposeScope())
        {
            (moved, var other) = scope.MoveToOuter(zeros(2), zeros(2));
            other.Dispose();
            detached = scope.Detach(zeros(2));
            Assert.Equal(0, scope.DisposablesCount);
        }
        Assert.False(moved.IsInvalid || detached.IsInvalid);
        moved.Dispose();
        detached.Dispose();
    }

    [Fact]
    public void Early_disposal_and_other_disposables_keep_the_scope_in_order()
    {
        var before = TensorCensus.Live;
        using (var scope = NewDisposeScope())
        {
            var all = Enumerable.Range(0, 10).Select(_ => zeros(1)).ToList();
            var stream = scope.Include(new MemoryStream());
            all.AddRange(Enumerable.Range(0, 10).Select(_ => zeros(1)));
            all[3].Dispose();
            all[19].Dispose();
            scope.Detach(stream);
            all[0].Dispose();
            Assert.Equal(17, scope.DisposablesCount);
            Assert.True(stream.CanRead);
        }
        Assert.Equal(before, TensorCensus.Live);
    }

    [Fact]
    public void Closing_a_scope_closes_those_left_open_inside_it()
    {
        var outer = NewDisposeScope();
        NewDisposeScope();
        var inner = ones(1);
        outer.Dispose();
        Assert.True(inner.IsInvalid);
        using var after = ones(1);
        Assert.False(after.IsInvalid);
    }

    [Fact]
    public void A_scope_does_not_see_tensors_of_other_threads()
    {
        using var scope = NewDisposeScope();
        var live = TensorCensus.Live;
        Tensor? other = null;
        var thread = new Thread(() => other = ones(1));
        thread.Start();
        thread.Join();
        Assert.Equal(live, TensorCensus.Live);
        Assert.False(scope.Contains(other!));
        other!.Dispose();
    }

    [Fact]
    public void Registered_parameters_outlive_the_scope_and_die_with_their_module()
    {
        var before = TensorCensus.Live;
        Linear layer;
        using (NewDisposeScope())
            layer = nn.Linear(4, 3);
        Assert.Equal(before + 2, TensorCensus.Live);
        Assert.Equal([3, 4], layer.weight.shape);
        layer.Dispose();
        Assert.Equal(before, TensorCensus.Live);
    }
}
