namespace SparseRobust.Lab.Tokenizers;

/// <summary>A vocabulary out of JSON: tokens with their ids, put in order.</summary>
internal sealed class JsonVocabulary
{
    private readonly JsonPart _source;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    /// <summary>Reads an object of tokens with ids.</summary>
    public JsonVocabulary(JsonPart source)
    {
        _source = source;
        foreach (var (token, id) in source.Numbers())
            Add(token, id, source);
    }

    /// <summary>The tokens there are.</summary>
    public bool Contains(string token) => _ids.ContainsKey(token);

    /// <summary>Adds a token that stands elsewhere in the file; it may be there with the same id.</summary>
    public void Add(string token, int id, JsonPart part)
    {
        if (_ids.Count == TokenizerFile.MostTokens)
            throw part.Refused(FormattableString.Invariant($"it has over {TokenizerFile.MostTokens:N0} tokens"));
        if (!_ids.TryAdd(token, id) && _ids[token] != id)
            throw part.Refused(FormattableString.Invariant($"the token \"{token}\" has the ids {_ids[token]} and {id}; take the files that belong together"));
    }

    /// <summary>The tokens by id.</summary>
    /// <exception cref="Errors.LabException">TokenizerInvalid when ids are not 0, 1, 2 and so on, each once.</exception>
    public string[] InOrder()
    {
        var tokens = new string?[_ids.Count];
        foreach (var (token, id) in _ids)
        {
            if (id < 0 || id >= tokens.Length)
                throw _source.Refused(FormattableString.Invariant($"the token \"{token}\" has id {id}, and ids of {tokens.Length} tokens are 0 to {tokens.Length - 1} without holes; take a vocabulary that has no tokens removed"));
            if (tokens[id] is { } other)
                throw _source.Refused(FormattableString.Invariant($"the tokens \"{other}\" and \"{token}\" both have id {id}"));
            tokens[id] = token;
        }
        return tokens!;
    }
}
