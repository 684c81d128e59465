using SparseRobust.Lab.Data;
using SparseRobust.Lab.Models;
using SparseRobust.Lab.Recipes;
using SparseRobust.Lab.Stages;
using SparseRobust.Web.Runs;

namespace SparseRobust.Web.Tests.Runs;

public class PlanDataTests
{
    [Fact]
    public void Models_of_every_shape_share_their_data_and_pre_trained_ones_do_not()
    {
        Assert.Equal(Key(new BertSpec()), Key(new CbowSpec { HiddenSize = 8 }));
        Assert.NotEqual(Key(new BertSpec()), Key(new PretrainedSpec { Name = "a" }));
        Assert.NotEqual(Key(new PretrainedSpec { Name = "a" }), Key(new PretrainedSpec { Name = "b" }));
    }

    private static Setup Key(ModelSpec model) => PlanData.KeyOf(new RunRecipe { Task = new ShortcutNliTask(), Model = model, Paradigm = new FullModel() }.Setup);
}
