using SpeElsa.Engine.Serialization;

namespace Elsa.Http;

/// <summary>A file of a request.</summary>
public class HttpFile
{
    /// <summary>Its name.</summary>
    public string FileName { get; set; } = "";

    /// <summary>Its MIME type.</summary>
    public string? ContentType { get; set; }

    /// <summary>Its bytes.</summary>
    public byte[] Content { get; set; } = [];
}

/// <summary>
/// A request as plain data. It is stored with the stimulus, so that the run goes on with it after a crash; what lets people in (Authorization, Cookie) is
/// never among it.
/// </summary>
public class HttpRequestData
{
    internal const string InputKey = "HttpRequest";

    /// <summary>The request; names its response.</summary>
    public string Id { get; set; } = "";

    /// <summary>The method.</summary>
    public string Method { get; set; } = "";

    /// <summary>The path, with the base path.</summary>
    public string Path { get; set; } = "";

    /// <summary>What the parts of the path are called that the template names.</summary>
    public Dictionary<string, object?> RouteData { get; set; } = [];

    /// <summary>The query.</summary>
    public Dictionary<string, object?> Query { get; set; } = [];

    /// <summary>The headers that are kept.</summary>
    public Dictionary<string, object?> Headers { get; set; } = [];

    /// <summary>The body: JSON as objects, a form as its fields, text as text; null where there is none.</summary>
    public object? Content { get; set; }

    /// <summary>The files of a form.</summary>
    public List<HttpFile> Files { get; set; } = [];

    /// <summary>The outcome of a refusal that the workflow handles itself, or null.</summary>
    public string? Refusal { get; set; }

    internal static HttpRequestData? Of(IDictionary<string, object?> input) =>
        input.TryGetValue(InputKey, out var value) ? ObjectConverter.ConvertTo<HttpRequestData>(value) : null;
}
