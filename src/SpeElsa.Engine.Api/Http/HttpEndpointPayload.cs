using Elsa.Workflows.Attributes;

namespace Elsa.Http.Bookmarks;

/// <summary>A place that waits for requests: what it is are path and method, the rest says how they are received.</summary>
public class HttpEndpointBookmarkPayload
{
    internal const string Name = "Elsa.HttpEndpoint";

    /// <summary>Creates an empty one.</summary>
    public HttpEndpointBookmarkPayload()
    {
    }

    /// <summary>Names a place.</summary>
    public HttpEndpointBookmarkPayload(string path, string method)
    {
        Path = Normalize(path);
        Method = method.ToUpperInvariant();
    }

    /// <summary>The path below the base path, without slashes at its ends; {name} takes a part of it.</summary>
    public string Path { get; set; } = "";

    /// <summary>The method, in capitals.</summary>
    public string Method { get; set; } = "GET";

    /// <summary>Whether only who is signed in may ask.</summary>
    [ExcludeFromHash]
    public bool Authorize { get; set; }

    /// <summary>The policy that whoever asks has to fulfil, or null.</summary>
    [ExcludeFromHash]
    public string? Policy { get; set; }

    /// <summary>How long the caller is kept waiting, or null for as long as it takes.</summary>
    [ExcludeFromHash]
    public TimeSpan? RequestTimeout { get; set; }

    /// <summary>The most bytes of a request, or null for the server's limit.</summary>
    [ExcludeFromHash]
    public long? RequestSizeLimit { get; set; }

    /// <summary>The most bytes of a file, or null.</summary>
    [ExcludeFromHash]
    public long? FileSizeLimit { get; set; }

    /// <summary>Endings that files may have; empty means all.</summary>
    [ExcludeFromHash]
    public ICollection<string> AllowedFileExtensions { get; set; } = [];

    /// <summary>Endings that files may not have.</summary>
    [ExcludeFromHash]
    public ICollection<string> BlockedFileExtensions { get; set; } = [];

    /// <summary>MIME types that files may have; empty means all.</summary>
    [ExcludeFromHash]
    public ICollection<string> AllowedMimeTypes { get; set; } = [];

    /// <summary>The refusals that the workflow handles itself.</summary>
    [ExcludeFromHash]
    public ICollection<string> Exposed { get; set; } = [];

    /// <summary>A path without slashes at its ends, in lower case but for the names in braces: paths are compared ignoring case.</summary>
    internal static string Normalize(string path) => string.Join('/', path.Trim().Trim('/').Split('/').Select(part => part.Contains('{', StringComparison.Ordinal) ? part : part.ToLowerInvariant()));
}
