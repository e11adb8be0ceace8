namespace Elsa.Http;

/// <summary>Headers by name, ignoring case; a header may have several values.</summary>
public class HttpHeaders : Dictionary<string, string[]>
{
    /// <summary>Creates no headers.</summary>
    public HttpHeaders()
        : base(StringComparer.OrdinalIgnoreCase)
    {
    }

    /// <summary>Creates headers.</summary>
    public HttpHeaders(IDictionary<string, string[]> source)
        : base(source, StringComparer.OrdinalIgnoreCase)
    {
    }
}
