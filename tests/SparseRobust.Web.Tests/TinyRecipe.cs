using System.Globalization;

namespace SparseRobust.Web.Tests;

/// <summary>Recipes of the built-in task on a model as small as it gets.</summary>
internal static class TinyRecipe
{
    /// <summary>Ends within seconds: fine-tuning, mask training, evaluation.</summary>
    public static string Quick { get; } = Of(epochs: 1, trainRows: 300);

    /// <summary>Two stages of training; a checkpoint every 10 updates, 32 rows an update.</summary>
    public static string Of(int epochs, int trainRows) => string.Create(CultureInfo.InvariantCulture, $$$$"""
        {"task":{"kind":"shortcut-nli","train_rows":{{{{trainRows}}}},"evaluation_rows":90},"max_length":64,
         "model":{"kind":"bert","num_hidden_layers":1,"hidden_size":32,"num_attention_heads":2,"intermediate_size":64,"max_position_embeddings":64},
         "paradigm":{"kind":"after-fine-tuning","fine_tuning":{"num_train_epochs":{{{{epochs}}}},"eval_steps":10,"learning_rate":1e-3,"out_of_distribution_sample_rows":90},
                     "pruning":{"kind":"mask-training","sparsity":0.5},
                     "pruning_training":{"objective":{"kind":"product-of-experts"},"num_train_epochs":1,"eval_steps":10,"learning_rate":1e-3,"out_of_distribution_sample_rows":90}}}
        """);
}
