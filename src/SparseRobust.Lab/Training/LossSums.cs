namespace SparseRobust.Lab.Training;

/// <summary>The loss of an update and what else is measured of it, added up over its parts on the device they are computed on.</summary>
internal sealed class LossSums
{
    private readonly List<(string Name, Tensor Sum)> _sums = [];

    /// <summary>Waits for the device.</summary>
    public double Loss => _sums[0].Sum.item<float>();

    public void Add(LossTerms terms)
    {
        var added = terms.Measures.Prepend(("train/loss", terms.Total)).Select(term => (term.Item1, Value: term.Item2.detach())).ToList();
        for (var i = 0; i < added.Count; i++)
        {
            var (name, value) = added[i];
            if (i < _sums.Count)
                _sums[i] = (name, (_sums[i].Sum + value).MoveToOuterDisposeScope());
            else
                _sums.Add((name, value.MoveToOuterDisposeScope()));
        }
    }

    public void AddTo(SortedDictionary<string, double> values)
    {
        foreach (var (name, sum) in _sums.Skip(1))
            values[name] = sum.item<float>();
    }
}
