using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace SparseRobust.Web.Hosting;

/// <summary>Where the next page of a list begins: after the row with this time and id. Opaque to clients.</summary>
internal readonly record struct PageToken(DateTimeOffset Time, string Id)
{
    public const int MostOnAPage = 1_000;

    /// <exception cref="Problem">RequestInvalid: it is none of ours.</exception>
    public static PageToken? Parse(string? token)
    {
        if (token is not { Length: > 0 })
            return null;
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(' ');
            return new PageToken(new DateTimeOffset(long.Parse(parts[0], CultureInfo.InvariantCulture), TimeSpan.Zero), parts[1]);
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            throw Problem.Invalid("page_token", "is not a token of ours. Take next_page_token from the page before, unchanged.");
        }
    }

    /// <exception cref="Problem">RequestInvalid: out of range.</exception>
    public static int Size(int? asked) =>
        asked is < 1 or > MostOnAPage ? throw Problem.Invalid("page_size", $"{asked} is not from 1 to {MostOnAPage}.") : asked ?? 50;

    public override string ToString() => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Time.UtcTicks} {Id}")));
}
