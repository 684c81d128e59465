using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace SparseRobust.Web.Hosting;

/// <summary>A page's form as it comes in: first its fields, then the file, which is not read before it is known what for.</summary>
internal sealed class UploadedForm
{
    private const int LongestField = 1 << 14;

    private readonly MultipartReader _reader;
    private readonly Dictionary<string, string> _fields = new(StringComparer.Ordinal);
    private string? _fileName;
    private Stream? _file;

    /// <param name="request">The form.</param>
    /// <param name="forPrograms">Where programs send the file itself.</param>
    /// <exception cref="Problem">RequestInvalid: it is no such form.</exception>
    public UploadedForm(HttpRequest request, string forPrograms)
    {
        var boundary = MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType == "multipart/form-data" ? HeaderUtilities.RemoveQuotes(type.Boundary).Value : null;
        _reader = new MultipartReader(boundary ?? throw Problem.Invalid("Content-Type", $"is not multipart/form-data. Programs send the file itself: {forPrograms}."), request.Body);
    }

    public string Token => Field("__RequestVerificationToken");

    /// <summary>The file's name where it comes from; null when no file has come.</summary>
    public string? FileName => _fileName;

    /// <summary>To be read once.</summary>
    /// <exception cref="Problem">RequestInvalid: none was chosen.</exception>
    public Stream File => _file is not null && _fileName is { Length: > 0 } ? _file : throw Problem.Invalid("file", "was not chosen.");

    /// <summary>Reads up to the file.</summary>
    /// <exception cref="Problem">RequestInvalid.</exception>
    public async Task ReadFieldsAsync(CancellationToken cancellation)
    {
        try
        {
            while (_file is null && await _reader.ReadNextSectionAsync(cancellation) is { } section)
                await ReadAsync(section, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw Problem.Invalid("$", $"The form cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads the rest and forgets it: a browser shows no answer before it has sent everything.</summary>
    public async Task DrainAsync(CancellationToken cancellation)
    {
        if (_file is not null)
            await _file.CopyToAsync(Stream.Null, cancellation);
    }

    /// <summary>A field before the file; empty when there is none.</summary>
    public string Field(string name) => _fields.GetValueOrDefault(name, "");

    private async Task ReadAsync(MultipartSection section, CancellationToken cancellation)
    {
        if (section.AsFileSection() is { } file)
            (_file, _fileName) = (section.Body, file.FileName);
        else if (section.AsFormDataSection() is { } field)
            _fields[field.Name] = await ShortAsync(field, cancellation);
    }

    private static async Task<string> ShortAsync(FormMultipartSection field, CancellationToken cancellation)
    {
        var bytes = new byte[LongestField + 1];
        var count = await field.Section.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return count <= LongestField ? System.Text.Encoding.UTF8.GetString(bytes, 0, count) : throw Problem.Invalid(field.Name, $"has more than {LongestField} bytes.");
    }
}
