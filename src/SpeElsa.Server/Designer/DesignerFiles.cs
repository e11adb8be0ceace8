using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;
using Microsoft.Net.Http.Headers;

namespace SpeElsa.Server.Designer;

/// <summary>
/// Serves Elsa Studio as it came: files that were compressed when the package was made are sent so. The build lays them beside the program; without
/// Node.js there are none.
/// </summary>
internal sealed partial class DesignerFiles : IDisposable
{
    private const string ForEver = "public, max-age=31536000, immutable";
    private const string AskAgain = "no-cache";
    private static readonly (string Coding, string Ending)[] Codings = [("br", ".br"), ("gzip", ".gz")];
    private readonly PhysicalFileProvider? _files;
    private readonly FileExtensionContentTypeProvider _types = new()
    {
        Mappings = { [".dat"] = "application/octet-stream", [".wasm"] = "application/wasm", [".blat"] = "application/octet-stream", [".cur"] = "image/x-icon" },
    };

    public DesignerFiles()
        : this(Path.Combine(AppContext.BaseDirectory, "designer"))
    {
    }

    internal DesignerFiles(string folder) => _files = Directory.Exists(Path.Combine(folder, "_framework")) ? new PhysicalFileProvider(folder) : null;

    /// <summary>Whether the build had Node.js.</summary>
    public bool IsInstalled => _files is not null;

    public void Dispose() => _files?.Dispose();

    /// <summary>Answers a request for a file of the designer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="path">The file, relative to the designer.</param>
    /// <returns>Whether there is such a file.</returns>
    public async Task<bool> TryServeAsync(HttpContext context, PathString path)
    {
        if (_files is null || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) || !_types.TryGetContentType(path, out var type))
        {
            return false;
        }

        var file = _files.GetFileInfo(path);
        if (!file.Exists || file.IsDirectory)
        {
            return false;
        }

        var (sent, coding) = Choose(context.Request, path, file);
        var headers = context.Response.Headers;
        headers.Vary = HeaderNames.AcceptEncoding;
        headers.CacheControl = Fingerprint().IsMatch(path) ? ForEver : AskAgain;
        if (coding is not null)
        {
            headers.ContentEncoding = coding;
        }

        var tag = new EntityTagHeaderValue($"\"{sent.LastModified.UtcTicks:x}-{sent.Length:x}{coding}\"");
        await Results.File(sent.PhysicalPath!, type, lastModified: sent.LastModified, entityTag: tag).ExecuteAsync(context);
        return true;
    }

    private (IFileInfo File, string? Coding) Choose(HttpRequest request, PathString path, IFileInfo plain)
    {
        var accepted = request.GetTypedHeaders().AcceptEncoding;
        foreach (var (coding, ending) in Codings)
        {
            if (accepted.Any(value => value.Value.Equals(coding, StringComparison.OrdinalIgnoreCase) && value.Quality is not 0)
                && _files!.GetFileInfo(path + ending) is { Exists: true } compressed)
            {
                return (compressed, coding);
            }
        }

        return (plain, null);
    }

    /// <summary>Names that hold a hash of what is in the file: another content has another name.</summary>
    [System.Text.RegularExpressions.GeneratedRegex(@"^/_framework/.*\.[a-z0-9]{10}\.(wasm|js|dat)$|\.[a-z0-9]{10}\.bundle\.scp\.css$")]
    private static partial System.Text.RegularExpressions.Regex Fingerprint();
}
