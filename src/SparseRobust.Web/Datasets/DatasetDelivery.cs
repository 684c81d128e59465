using System.Text.RegularExpressions;
using SparseRobust.Lab.Data;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Datasets;

/// <summary>A file that is brought: which split it is to be, and what it must be.</summary>
internal sealed partial record DatasetDelivery(PublishedSplit Split)
{
    /// <summary>The name it has where it comes from.</summary>
    public string? FileName { get; init; }

    /// <summary>The SHA-256 that the file or its decompressed content must have; null accepts any.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Whether it may take the place of a file that was brought before.</summary>
    public bool Replace { get; init; }

    /// <exception cref="Problem">NotFound, listing what there is.</exception>
    public static PublishedSplit Find(string name, string split)
    {
        if (DatasetCatalog.Published.FirstOrDefault(each => each.Name == name && each.Split == split) is { } found)
            return found;
        var splits = DatasetCatalog.Published.Where(each => each.Name == name).Select(each => each.Split).ToList();
        throw new Problem("NotFound", splits.Count > 0
            ? $"{name} has no split \"{split}\"; there are {string.Join(", ", splits)}."
            : $"There is no dataset \"{name}\" that is read from a file; there are {string.Join(", ", DatasetCatalog.Published.Select(each => each.Name).Distinct())}.");
    }

    /// <summary>A split by the words of a form: mnli/train.</summary>
    /// <exception cref="Problem">NotFound, RequestInvalid.</exception>
    public static PublishedSplit SplitOf(string address) =>
        address.Split('/') is [var name, var split] ? Find(name, split) : throw Problem.Invalid("split", $"\"{address}\" is no dataset and split, such as mnli/train.");

    /// <exception cref="Problem">NotFound, RequestInvalid.</exception>
    public static DatasetDelivery Of(UploadedForm form) =>
        new(SplitOf(form.Field("split"))) { FileName = form.FileName, Sha256 = Checksum(form.Field("sha256")), Replace = form.Field("replace") == "true" };

    /// <summary>A checksum as people paste it: in either case, with blanks around it; none when there is nothing.</summary>
    /// <exception cref="Problem">RequestInvalid: it is not 64 hexadecimal digits.</exception>
    public static string? Checksum(string? given)
    {
        var digits = given?.Trim().ToLowerInvariant();
        return string.IsNullOrEmpty(digits) ? null : Digits().IsMatch(digits) ? digits : throw Problem.Invalid("sha256", $"\"{given}\" is no SHA-256, which has 64 hexadecimal digits.");
    }

    /// <summary>Where it goes below the data folder: under the name it has if that is one the split is looked for by, since HANS made anew is told by its name; else under the preferred one.</summary>
    public string PlaceOf(bool isGzip)
    {
        var name = Plain(Path.GetFileName(FileName ?? ""));
        return Plain(Split.Files.FirstOrDefault(file => Plain(Path.GetFileName(file)) == name) ?? Split.Files[0]) + (isGzip ? ".gz" : "");
    }

    private static string Plain(string name) => name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name;

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Digits();
}
