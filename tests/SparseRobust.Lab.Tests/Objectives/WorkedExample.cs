using SparseRobust.Lab.Objectives;
using SparseRobust.Lab.Schedules;

namespace SparseRobust.Lab.Tests.Objectives;

/// <summary>Three rows (z, y, p_b, p_t), in double precision, whose losses were computed by hand from the formulas.</summary>
internal sealed record WorkedExample
{
    public const double Tolerance = 1e-6;

    public double[,] Logits { get; init; } = { { 2, .5, -1 }, { .1, .2, .3 }, { -1, 3, 0 } };

    public long[] Labels { get; init; } = [0, 2, 0];

    public double[,] Bias { get; init; } = { { .7, .2, .1 }, { .2, .2, .6 }, { .1, .6, .3 } };

    public double[,] Teacher { get; init; } = { { .9, .08, .02 }, { .05, .05, .9 }, { .3, .6, .1 } };

    public double[,] Pooled { get; init; } = { { .5, -.2 }, { -.9, .4 }, { .1, .8 } };

    public double[] Targets { get; init; } = [2.5, 0, 4];

    public Step Step { get; init; } = new(1, new Budget(11, 11));

    public static double[,] Uniform { get; } = Repeated(1.0 / 3, 1.0 / 3, 1.0 / 3);

    /// <summary>The same row three times.</summary>
    public static double[,] Repeated(double first, double second, double third) => new[,] { { first, second, third }, { first, second, third }, { first, second, third } };

    public double Value(ObjectiveSpec spec)
    {
        using var scope = NewDisposeScope();
        var (objective, state) = Build(spec);
        using (state)
            return Loss(objective, spec.Needs, AsTensor(Logits)).item<double>();
    }

    /// <summary>As training computes it, by the fused operators.</summary>
    public float ValueInSinglePrecision(ObjectiveSpec spec)
    {
        using var scope = NewDisposeScope();
        return spec.Build(2).Loss(new ObjectiveInputs
        {
            Logits_BC = AsTensor(Logits).to_type(ScalarType.Float32),
            Labels_B = tensor(Labels),
            Step = Step,
            BiasLogProbs_BC = spec.Needs.HasFlag(Needs.BiasLogProbs) ? AsTensor(Bias).log().to_type(ScalarType.Float32) : null,
        }).item<float>();
    }

    /// <summary>The objective with its own weights, if any, in double precision.</summary>
    public (IObjective Objective, nn.Module? State) Build(ObjectiveSpec spec)
    {
        var objective = spec.Build(Pooled.GetLength(1));
        objective.State?.to(ScalarType.Float64);
        return (objective, objective.State);
    }

    /// <summary>The loss of an objective that is given what it declared and nothing else.</summary>
    public Tensor Loss(IObjective objective, Needs needs, Tensor logits_BC, Tensor? pooled_BD = null)
    {
        return objective.Loss(new ObjectiveInputs
        {
            Logits_BC = logits_BC,
            Labels_B = tensor(Labels),
            Step = Step,
            BiasLogProbs_BC = Given(Needs.BiasLogProbs, Bias)?.log(),
            TeacherLogProbs_BC = Given(Needs.TeacherLogProbs, Teacher)?.log(),
            Pooled_BD = pooled_BD ?? Given(Needs.PooledOutput, Pooled),
            Targets_B = needs.HasFlag(Needs.Targets) ? tensor(Targets) : null,
        });

        Tensor? Given(Needs need, double[,] values) => needs.HasFlag(need) ? AsTensor(values) : null;
    }

    public static Tensor AsTensor(double[,] values) => tensor(values.Cast<double>().ToArray(), [values.GetLength(0), values.GetLength(1)]);
}
