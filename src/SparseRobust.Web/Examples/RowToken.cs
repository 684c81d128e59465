using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using SparseRobust.Lab.Runs;
using SparseRobust.Web.Hosting;

namespace SparseRobust.Web.Examples;

/// <summary>A place in a list of rows. It holds for one list only: with another filter it would mean other rows.</summary>
internal static class RowToken
{
    /// <summary>Which list it is.</summary>
    public static string PrintOf(IEnumerable<string> list) => ContentHash.Of(JsonSerializer.SerializeToUtf8Bytes(list))[..8];

    /// <summary>The token of the page from this row of the list on; null behind its end.</summary>
    public static string? Next(int start, int count, string print) =>
        start < count ? Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{start} {print}"))) : null;

    /// <summary>Where the page begins; 0 without a token.</summary>
    /// <exception cref="Problem">RequestInvalid: the token is not of this list.</exception>
    public static int StartOf(string? token, string print)
    {
        if (string.IsNullOrEmpty(token))
            return 0;
        var bytes = new byte[Base64Url.GetMaxDecodedLength(token.Length)];
        if (Base64Url.IsValid(token) && Base64Url.TryDecodeFromChars(token, bytes, out var length)
            && Encoding.UTF8.GetString(bytes, 0, length).Split(' ') is [var place, var made] && made == print
            && int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var start))
            return start;
        throw Problem.Invalid("page_token", "is not a token of this list. Take next_page_token from the page before, unchanged, and ask for the same otherwise.");
    }
}
