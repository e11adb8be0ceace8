using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace SpeElsa.Server.OperatorConsole;

/// <summary>
/// Acts by the server's own API, called by the reader's browser: so every act of a page is checked, limited and written down like those of any other client.
/// </summary>
internal sealed class ApiClient(IJSRuntime script) : IAsyncDisposable
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter(null, allowIntegerValues: false) } };

    private Task<IJSObjectReference>? _module;

    /// <summary>A key that makes a repeat harmless. A form has one as long as it stays the same form.</summary>
    public static string NewKey() => Guid.NewGuid().ToString("N");

    /// <summary>Sends a request.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">The path.</param>
    /// <param name="body">What becomes JSON; null: no body.</param>
    /// <param name="key">The idempotency key; null: none.</param>
    public async Task<ApiAnswer> SendAsync(string method, string path, object? body = null, string? key = null) =>
        await (await ModuleAsync()).InvokeAsync<ApiAnswer>("send", method, path, body is null ? null : JsonSerializer.Serialize(body, Json), key);

    /// <summary>Sends the files that were chosen in an input, one request each.</summary>
    public async Task<IReadOnlyList<ApiAnswer>> UploadAsync(ElementReference input, string path) =>
        await (await ModuleAsync()).InvokeAsync<ApiAnswer[]>("upload", input, path);

    /// <summary>What a time on the reader's clock is for everybody.</summary>
    public async Task<string> InstantAsync(DateTime local) => await (await ModuleAsync()).InvokeAsync<string>("instant", local.ToString("s", System.Globalization.CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        if (_module is { IsCompletedSuccessfully: true })
        {
            try
            {
                await (await _module).DisposeAsync();
            }
            catch (JSDisconnectedException)
            {
                // The reader has left, and the module with him.
            }
        }
    }

    private Task<IJSObjectReference> ModuleAsync() => _module ??= script.InvokeAsync<IJSObjectReference>("import", "/console.js").AsTask();
}

/// <summary>What the API answered.</summary>
/// <param name="Status">The HTTP status; 0: the server did not answer.</param>
/// <param name="Text">The body.</param>
public sealed record ApiAnswer(int Status, string Text)
{
    /// <summary>Whether it was done.</summary>
    public bool IsDone => Status is >= 200 and < 300;

    /// <summary>What is wrong, by field, as the API names them.</summary>
    public IReadOnlyDictionary<string, string[]> Errors => Problem?.Errors ?? [];

    /// <summary>What went wrong, in words.</summary>
    public string Message => Status switch
    {
        0 => "The server did not answer. Wait until it does, look whether it was done, and if not try again.",
        401 => "You are not signed in any more. Reload the page and sign in.",
        _ when Problem is { } problem => string.Join(" ", new[] { WithStop(problem.Title), problem.Detail }.Where(text => !string.IsNullOrEmpty(text))),
        _ => $"The server answered {Status}. Its log says more.",
    };

    /// <summary>Reads what was answered.</summary>
    public T Read<T>() => JsonSerializer.Deserialize<T>(Text, ApiClient.Json)!;

    private ProblemAnswer? Problem => Text.StartsWith('{') ? Read<ProblemAnswer>() : null;

    private static string? WithStop(string? title) => title is { Length: > 0 } ? $"{title.TrimEnd('.')}." : null;

    private sealed record ProblemAnswer(string? Title, string? Detail, Dictionary<string, string[]>? Errors);
}
