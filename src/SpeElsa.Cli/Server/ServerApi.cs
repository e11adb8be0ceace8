using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Commands;

namespace SpeElsa.Cli.Server;

/// <summary>Calls a server. What it refuses, and why, becomes a <see cref="Refusal"/> in its own words.</summary>
internal sealed class ServerApi : IDisposable
{
    public static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly HttpClient _client;

    public ServerApi(Uri server, string key)
    {
        _client = new HttpClient { BaseAddress = server, Timeout = TimeSpan.FromSeconds(100) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("ApiKey", key);
        _client.DefaultRequestHeaders.Accept.ParseAdd("application/json");
    }

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    public Task<JsonNode> PostAsync(string path, JsonObject? body, CancellationToken cancellationToken, string? idempotencyKey = null) =>
        SendAsync(HttpMethod.Post, path, body, idempotencyKey, cancellationToken);

    public Task<JsonNode> PutAsync(string path, JsonObject body, CancellationToken cancellationToken) => SendAsync(HttpMethod.Put, path, body, null, cancellationToken);

    /// <summary>Brings a file.</summary>
    public async Task DownloadAsync(string path, string target, CancellationToken cancellationToken)
    {
        using var answer = await CallAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);
        await using var file = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
        await answer.Content.CopyToAsync(file, cancellationToken);
    }

    public void Dispose() => _client.Dispose();

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonObject? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (idempotencyKey is not null)
        {
            request.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        using var answer = await CallAsync(request, cancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken) ?? new JsonObject();
    }

    private async Task<HttpResponseMessage> CallAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        HttpResponseMessage answer;
        using (request)
        {
            try
            {
                answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            }
            catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                throw new Refusal($"The server at {_client.BaseAddress} can not be reached: {exception.Message} Is it running? --server or a profile names another.", ExitCodes.Unreachable);
            }
        }

        if (answer.IsSuccessStatusCode)
        {
            return answer;
        }

        using (answer)
        {
            throw new Refusal(await ReasonAsync(answer, cancellationToken), (int)answer.StatusCode >= 500 ? ExitCodes.Unreachable : ExitCodes.Refused);
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
            var errors = problem?["errors"]?.AsObject().SelectMany(field => field.Value!.AsArray().Select(text => $"{field.Key}: {text}")) ?? [];
            return string.Join(" ", new[] { (string?)problem?["title"] + ".", (string?)problem?["detail"] }.Concat(errors).Where(text => !string.IsNullOrWhiteSpace(text)));
        }
        catch (JsonException)
        {
            return $"The server answered {(int)answer.StatusCode} {answer.ReasonPhrase}.";
        }
    }
}
