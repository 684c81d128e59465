using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using SparseRobust.Lab.Errors;

namespace SparseRobust.Lab.Bias;

/// <summary>fastText's binary format, as far as word vectors need it: settings, dictionary, and of the input matrix the rows of the words asked for.</summary>
/// <remarks>
/// Source: the published format, versions 11 and 12 (Bojanowski et al. 2017, "Enriching Word Vectors with Subword Information", for the n-grams).
/// Little-endian: magic 793712314, version; twelve int32 (dim, ws, epoch, minCount, neg, wordNgrams, loss, model, bucket, minn, maxn, lrUpdateRate) and a
/// double; dictionary (int32 entries, words, labels; int64 tokens, pruned n-grams or -1; per entry its zero-ended UTF-8, int64 count, byte type); one byte
/// quantised; int64 rows, columns; rows x columns float32. A word's vector is the mean of its own row and those of its n-grams; of a word outside the
/// dictionary, of its n-grams alone. Quantised files are refused: their vectors are approximations of others that are published too.
/// </remarks>
internal sealed class FastTextBinary
{
    private const int Magic = 793712314;
    private const int SupervisedModel = 3;
    private const int LongestVector = 65_536;
    private const string SentenceEnd = "</s>";

    private readonly BiasSource _source;
    private readonly SafeFileHandle _file;
    private readonly Dictionary<string, int> _rowOfWord = new(StringComparer.Ordinal);
    private int _dimension;
    private int _words;
    private FastTextSubwords _subwords = new(0, 0, 0);
    private long _matrixStart;

    private FastTextBinary(BiasSource source, SafeFileHandle file) => (_source, _file) = (source, file);

    /// <summary>Whether a file starts as fastText's binary files do.</summary>
    public static bool IsOne(string path)
    {
        using var file = File.OpenHandle(path);
        Span<byte> start = stackalloc byte[sizeof(int)];
        return RandomAccess.Read(file, start, 0) == start.Length && BinaryPrimitives.ReadInt32LittleEndian(start) == Magic;
    }

    /// <exception cref="LabException">ArtifactCorrupt when the file is quantised, cut short, or not of this format.</exception>
    public static WordVectors Read(BiasSource source, IReadOnlySet<string> words, CancellationToken cancellation)
    {
        using var file = File.OpenHandle(source.Path);
        var binary = new FastTextBinary(source, file);
        var keys = new WordVectors("fasttext", source, 1, words).Keys();
        binary.ReadHead(keys, cancellation);
        var vectors = new WordVectors("fasttext", source, binary._dimension, words);
        // Dictionary words first, then by n-grams those whose lower-cased form is not there either.
        foreach (var key in binary._rowOfWord.Keys.Order(StringComparer.Ordinal))
            vectors.Add(key, binary.VectorOf(key));
        foreach (var word in words.Order(StringComparer.Ordinal))
            if (!vectors.Has(word))
                vectors.Add(word, binary.VectorOf(word));
        return vectors;
    }

    private void ReadHead(HashSet<string> keys, CancellationToken cancellation)
    {
        using var stream = new FileStream(_source.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        using var reader = new BinaryReader(stream);
        try
        {
            var version = Settings(reader);
            Dictionary(reader, keys, cancellation);
            Matrix(reader, version, stream);
        }
        catch (EndOfStreamException fault)
        {
            throw WordVectors.Corrupt(_source, "it ends before its vectors", fault);
        }
    }

    private int Settings(BinaryReader reader)
    {
        reader.ReadInt32();
        var version = reader.ReadInt32();
        if (version is not (11 or 12))
            throw WordVectors.Corrupt(_source, $"its format version is {version}, and 11 and 12 are read here");
        var settings = new int[12];
        foreach (ref var setting in settings.AsSpan())
            setting = reader.ReadInt32();
        reader.ReadDouble();
        _dimension = settings[0];
        if (_dimension is < 1 or > LongestVector)
            throw WordVectors.Corrupt(_source, $"its vectors have {_dimension} numbers");
        // Supervised models of version 11 were trained without n-grams whatever they say.
        var longest = version == 11 && settings[7] == SupervisedModel ? 0 : settings[10];
        _subwords = new FastTextSubwords(settings[8], settings[9], longest);
        return version;
    }

    private void Dictionary(BinaryReader reader, HashSet<string> keys, CancellationToken cancellation)
    {
        var (entries, words, labels) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        reader.ReadInt64();
        var pruned = reader.ReadInt64();
        if (words < 0 || labels < 0 || entries != words + (long)labels)
            throw WordVectors.Corrupt(_source, $"its dictionary claims {entries} entries, {words} words and {labels} labels");
        if (pruned >= 0)
            throw WordVectors.Corrupt(_source, "its dictionary is pruned, as quantised models' are; name a model that was not quantised");
        _words = words;
        var text = new List<byte>();
        for (var row = 0; row < entries; row++)
        {
            if (row % 4096 == 0)
                cancellation.ThrowIfCancellationRequested();
            text.Clear();
            for (var next = reader.ReadByte(); next != 0; next = reader.ReadByte())
                text.Add(next);
            reader.ReadInt64();
            var isLabel = reader.ReadByte() != 0;
            var word = Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(text));
            if (!isLabel && row < words && keys.Contains(word))
                _rowOfWord.TryAdd(word, row);
        }
    }

    private void Matrix(BinaryReader reader, int version, Stream stream)
    {
        if (reader.ReadByte() != 0)
            throw WordVectors.Corrupt(_source, $"it is quantised (version {version}); name a model that was not quantised");
        var (rows, columns) = (reader.ReadInt64(), reader.ReadInt64());
        _matrixStart = stream.Position;
        var expected = _words + (long)Math.Max(_subwords.Buckets, 0);
        if (columns != _dimension || rows != expected)
            throw WordVectors.Corrupt(_source, $"its matrix is {rows} x {columns}, where {expected} x {_dimension} belong");
        if ((Int128)rows * columns * sizeof(float) > RandomAccess.GetLength(_file) - _matrixStart)
            throw WordVectors.Corrupt(_source, $"{rows} x {columns} float32 numbers do not fit into what is left of it");
    }

    // Zeros, which count as none, when neither the word nor an n-gram of it has a row.
    private float[] VectorOf(string word)
    {
        var rows = word == SentenceEnd ? [] : _subwords.Of(word).Select(bucket => (long)_words + bucket).ToList();
        if (_rowOfWord.TryGetValue(word, out var own))
            rows.Insert(0, own);
        var (sum, row) = (new float[_dimension], new float[_dimension]);
        foreach (var place in rows)
        {
            ReadRow(place, row);
            for (var i = 0; i < sum.Length; i++)
                sum[i] += row[i];
        }
        for (var i = 0; i < sum.Length && rows.Count > 0; i++)
            sum[i] /= rows.Count;
        return sum;
    }

    private void ReadRow(long row, float[] values)
    {
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        var start = _matrixStart + row * bytes.Length;
        for (var done = 0; done < bytes.Length;)
        {
            var read = RandomAccess.Read(_file, bytes[done..], start + done);
            done += read > 0 ? read : throw WordVectors.Corrupt(_source, "it was cut while being read");
        }
    }
}
