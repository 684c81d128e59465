using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;

namespace SparseRobust.Web.Shell;

/// <summary>What became of a form, for the page that is shown after it.</summary>
/// <param name="Subject">What the form was about, mnli/train; empty when nothing was chosen.</param>
/// <param name="Code">Of the problem; null when it went well.</param>
/// <param name="Message">For people.</param>
internal sealed record Notice(string Subject, string? Code, string Message);

/// <summary>Carries a notice in the address of the next page, sealed, so that nobody else can make the page say something.</summary>
internal sealed class Notices(IDataProtectionProvider protection)
{
    // An address must not grow beyond what servers and proxies take.
    private const int LongestMessage = 1500;

    private readonly IDataProtector _protector = protection.CreateProtector("SparseRobust.Notice");

    /// <param name="page">The next page: /datasets.</param>
    /// <param name="notice">The notice.</param>
    public string AddressOf(string page, Notice notice)
    {
        var message = notice.Message.Length > LongestMessage ? notice.Message[..LongestMessage] + "..." : notice.Message;
        return $"{page}?notice={Uri.EscapeDataString(_protector.Protect(JsonSerializer.Serialize(notice with { Message = message })))}#notice";
    }

    /// <summary>Null for nothing, and for what is not ours.</summary>
    public Notice? Open(string? notice)
    {
        try
        {
            return string.IsNullOrEmpty(notice) ? null : JsonSerializer.Deserialize<Notice>(_protector.Unprotect(notice));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
