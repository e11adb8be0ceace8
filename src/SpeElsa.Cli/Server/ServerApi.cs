using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Commands;

namespace SpeElsa.Cli.Server;

/// <summary>Calls a server. What it refuses, and why, becomes a <see cref="Refusal"/> in its own words.</summary>
internal sealed class ServerApi : IDisposable
{
    /// <summary>Workflows may be nested deeper than other JSON.</summary>
    public const int Depth = 512;

    public static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = Depth };

    /// <summary>A refusal that does not say which right is missing.</summary>
    public const string NoRight = "This key has not the right to do that. 'spe user roles' shows what each role may do; an administrator can make a key with another one.";

    private const string WholeRequest = "generalErrors";
    private readonly HttpClient _client;

    public ServerApi(Uri server, string key)
    {
        _client = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(100) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", key);
        _client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    public Uri Address => _client.BaseAddress!;

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    public Task<JsonNode> PostAsync(string path, JsonObject? body, CancellationToken cancellationToken, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : JsonContent.Create(body), idempotencyKey, cancellationToken);

    /// <summary>Sends JSON as it stands.</summary>
    public Task<JsonNode> PostTextAsync(string path, string json, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, new StringContent(json, Encoding.UTF8, "application/json"), null, cancellationToken);

    /// <summary>Sends what a file holds.</summary>
    public async Task<JsonNode> PostFileAsync(string path, string file, CancellationToken cancellationToken)
    {
        await using var content = File.OpenRead(file);
        return await SendAsync(HttpMethod.Post, path, new StreamContent(content), null, cancellationToken);
    }

    public Task<JsonNode> PutAsync(string path, JsonObject body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, path, JsonContent.Create(body), null, cancellationToken);

    public Task<JsonNode> DeleteAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, path, null, null, cancellationToken);

    /// <summary>Brings a text.</summary>
    public async Task<string> GetTextAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await CallAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        return await ReadAsync(answer, cancellationToken);
    }

    /// <summary>Brings a file.</summary>
    public async Task DownloadAsync(string path, string target, CancellationToken cancellationToken)
    {
        using var answer = await CallAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        try
        {
            await answer.Content.CopyToAsync(file, cancellationToken);
        }
        catch (Exception exception)
        {
            // Half a file would keep the next try from writing it.
            await file.DisposeAsync();
            File.Delete(target);
            if (IsLost(exception, cancellationToken))
            {
                throw Lost(exception);
            }

            throw;
        }
    }

    public void Dispose() => _client.Dispose();

    /// <returns>The answer; an empty object where there is none, as after an act that has nothing to tell.</returns>
    private async Task<JsonNode> SendAsync(HttpMethod method, string path, HttpContent? content, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var answer = await CallAsync(request, cancellationToken);
        var text = await ReadAsync(answer, cancellationToken);
        try
        {
            return (text.Length == 0 ? null : JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = Depth })) ?? new JsonObject();
        }
        catch (JsonException)
        {
            throw new Refusal($"What answers at {_client.BaseAddress} is no SpeElsa server. --server or a profile names another.", ExitCodes.Unusable);
        }
    }

    /// <summary>Also a server that dies while it answers was not reached.</summary>
    private async Task<string> ReadAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            return await answer.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception exception) when (IsLost(exception, cancellationToken))
        {
            throw Lost(exception);
        }
    }

    private Refusal Lost(Exception exception) =>
        new($"The server at {_client.BaseAddress} can not be reached: {exception.Message} Is it running? --server or a profile names another.", ExitCodes.Unreachable);

    private static bool IsLost(Exception exception, CancellationToken cancellationToken) =>
        exception is HttpRequestException or HttpIOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private async Task<HttpResponseMessage> CallAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        using (request)
        {
            try
            {
                answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
            catch (Exception exception) when (IsLost(exception, cancellationToken))
            {
                throw Lost(exception);
            }
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw new Refusal(await ReasonAsync(answer, cancellationToken), (int)answer.StatusCode >= 500 ? ExitCodes.Unreachable : ExitCodes.Refused, answer.StatusCode);
        }
    }

    private static async Task<string> ReasonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode is HttpStatusCode.Unauthorized)
        {
            return "The server does not know this key. --key-file, SPE_KEY or a profile names another; the administrator's is in api-key.txt in the server's data folder.";
        }

        try
        {
            var problem = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
            var detail = (string?)problem?["detail"];
            var errors = problem?["errors"]?.AsObject()
                .SelectMany(field => field.Value!.AsArray().Select(text => (Field: field.Key, Text: (string)text!)))
                .Where(error => detail?.Contains(error.Text, StringComparison.Ordinal) != true)
                .Select(error => error.Field == WholeRequest ? error.Text : $"{error.Field}: {error.Text}") ?? [];
            var title = (string?)problem?["title"] is { } says && (says != answer.ReasonPhrase || detail is null) ? $"{says}." : null;
            return string.Join(" ", new[] { title, detail }.Concat(errors).Where(text => !string.IsNullOrWhiteSpace(text)));
        }
        catch (JsonException)
        {
            return answer.StatusCode is HttpStatusCode.Forbidden
                ? NoRight
                : $"The server answered {(int)answer.StatusCode} {answer.ReasonPhrase}.";
        }
    }
}
