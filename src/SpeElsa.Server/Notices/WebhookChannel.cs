using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Activities;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Secrets;

namespace SpeElsa.Server.Notices;

/// <summary>
/// Tells web addresses. Headers: X-SpeElsa-Id (the same for every try), X-SpeElsa-Event, X-SpeElsa-Timestamp (seconds since 1970) and, where there is a secret,
/// X-SpeElsa-Signature: sha256= and HMAC-SHA-256 in hex of timestamp, a full stop, and the body.
/// </summary>
internal sealed class WebhookChannel(ServerOptions options, ISecretStore secrets, IHttpClientFactory clients, TimeProvider timeProvider) : INoticeChannel
{
    public const string ClientName = "notices";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public string Name => INoticeChannel.Webhook;

    public bool IsSetUp => options.Notices.Webhooks.Count > 0;

    public async Task SendAsync(string recipient, Notice notice, CancellationToken cancellationToken)
    {
        var webhook = options.Notices.Webhooks.FirstOrDefault(known => known.Name == recipient)
            ?? throw new NoticeException($"There is no webhook '{recipient}' in the settings any more.", canRetry: false);
        var body = webhook.Format is WebhookFormat.Teams ? Card(notice).ToJsonString() : JsonSerializer.Serialize(notice, Json);
        using var message = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        var time = timeProvider.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        message.Headers.Add("X-SpeElsa-Id", notice.Id);
        message.Headers.Add("X-SpeElsa-Event", notice.Event);
        message.Headers.Add("X-SpeElsa-Timestamp", time);
        if (webhook.Secret is { Length: > 0 } name)
        {
            var secret = await secrets.GetAsync(MachineSecrets.Reference(name), cancellationToken)
                ?? throw new NoticeException($"The secret '{name}' that the webhook '{recipient}' is signed with is not stored. PUT /api/secrets/{name}", canRetry: true);
            var mark = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{time}.{body}"));
            message.Headers.Add("X-SpeElsa-Signature", $"sha256={Convert.ToHexStringLower(mark)}");
        }

        try
        {
            using var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(message, cancellationToken);
            if (!answer.IsSuccessStatusCode)
            {
                // Who refuses what he is told is asked again all the same: a wrong address is put right, and a day is long enough for that.
                throw new NoticeException($"'{recipient}' answered {(int)answer.StatusCode}.", canRetry: true);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new NoticeException($"'{recipient}' can not be reached: {exception.Message}", canRetry: true, exception);
        }
    }

    private static JsonObject Card(Notice notice)
    {
        var facts = new (string Title, string? Value)[] { ("Move", notice.MoveId), ("Task", notice.TaskId), ("For", notice.Role), ("Due", notice.DueAt?.ToString("u", CultureInfo.InvariantCulture)) };
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.4",
            ["body"] = new JsonArray(
                new JsonObject { ["type"] = "TextBlock", ["size"] = "Medium", ["weight"] = "Bolder", ["wrap"] = true, ["text"] = notice.Title },
                new JsonObject { ["type"] = "TextBlock", ["wrap"] = true, ["text"] = notice.Text },
                new JsonObject
                {
                    ["type"] = "FactSet",
                    ["facts"] = new JsonArray([.. facts.Where(fact => fact.Value is not null).Select(fact => (JsonNode)new JsonObject { ["title"] = fact.Title, ["value"] = fact.Value })]),
                }),
        };
        if (notice.Url is not null)
        {
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Look at the move", ["url"] = notice.Url });
        }

        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["content"] = card }),
        };
    }
}
