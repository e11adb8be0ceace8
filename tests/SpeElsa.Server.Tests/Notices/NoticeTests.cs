using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Api.Tests.Mail;
using SpeElsa.Server.Notices;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Server.Tests.Tasks;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Notices;

/// <summary>What others are told: each thing once by its id, through failures and restarts.</summary>
public sealed class NoticeTests
{
    [Fact]
    public async Task A_web_address_is_told_each_thing_under_one_id_however_often_it_fails()
    {
        await using var hook = await Hook.StartAsync();
        hook.Failures = 2;
        await using var host = await AccessHost.StartAsync(
            "--Notices:Webhooks:0:Name", "ops", "--Notices:Webhooks:0:Url", hook.Url, "--Notices:Webhooks:0:Secret", "ops-key", "--Http:BaseUrl", "https://moves.example");
        using var stored = await host.SendAsync(HttpMethod.Put, "/api/secrets/ops-key", host.ApiKey, new { value = "a shared secret" });
        Assert.True(stored.IsSuccessStatusCode);
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look", ("instructions", A.Text("Look well."))));
        var task = await host.TaskAsync(moveId, "look-1");

        // Two refusals, then a restart with the next try still to come.
        await Eventually.TrueAsync(() => Task.FromResult(hook.Received.Count >= 2), "it was tried");
        await host.RestartAsync();
        await Eventually.TrueAsync(async () => (int)(await host.GetAsync("/api/notices?state=sent"))["total"]! == 1, "it was taken");
        await host.AnswerAsync(host.ApiKey, task, "Done", completedBy: "ann");
        await Eventually.TrueAsync(async () => (int)(await host.GetAsync("/api/notices?state=sent"))["total"]! == 2, "the end was told");

        Assert.All(hook.Received, call => Assert.True(call.IsSigned("a shared secret"), call.Body));
        Assert.Equal(
            [("taskOpened", 3), ("moveEnded", 1)], hook.Received.GroupBy(call => call.Id).Select(calls => ((string)JsonNode.Parse(calls.First().Body)!["event"]!, calls.Count())));
        var told = JsonNode.Parse(hook.Received.First().Body)!;
        Assert.Equal(
            $"Do it|Look well.|{moveId}|{task["id"]}|operator|https://moves.example/designer/instances/{moveId}",
            $"{told["title"]}|{told["text"]}|{told["moveId"]}|{told["taskId"]}|{told["role"]}|{told["url"]}");
    }

    [Fact]
    public async Task Who_is_overdue_is_reminded_and_it_is_passed_up()
    {
        await using var hook = await Hook.StartAsync();
        await using var host = await AccessHost.StartAsync(
            "--Notices:Webhooks:0:Name", "ops", "--Notices:Webhooks:0:Url", hook.Url, "--Notices:Webhooks:0:Format", "Teams",
            "--Notices:Webhooks:0:Events:0", "taskReminder", "--Notices:Webhooks:0:Events:1", "taskEscalated",
            "--Notices:Escalations:0:After", "00:00:01", "--Notices:Escalations:0:Role", "administrator");
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look", ("dueIn", A.Text("00:00:01"))));
        var task = await host.TaskAsync(moveId, "look-1");

        var detail = await Eventually.GetAsync(async () => await host.GetAsync($"/api/tasks/{task["id"]}"), one => one["history"]!.AsArray().Count == 2, one => one.ToJsonString());
        Assert.Equal(["reminded ", "escalated To administrator"], detail["history"]!.AsArray().Select(note => $"{note!["kind"]} {note["text"]}"));
        await Eventually.TrueAsync(() => Task.FromResult(hook.Received.Count == 2), "both were told");
        var card = JsonNode.Parse(hook.Received.First().Body)!["attachments"]![0]!;
        Assert.Equal("application/vnd.microsoft.card.adaptive", (string)card["contentType"]!);
        Assert.Equal("Do it", (string)card["content"]!["body"]![0]!["text"]!);
    }

    [Fact]
    public async Task Whoever_may_answer_a_task_gets_one_mail_with_his_link_however_often_the_mail_server_fails()
    {
        await using var mail = await MailServer.StartAsync();
        mail.Answer = number => Task.FromResult(number == 1 ? new SmtpServer.Protocol.SmtpResponse(SmtpServer.Protocol.SmtpReplyCode.ServiceUnavailable, "not now") : SmtpServer.Protocol.SmtpResponse.Ok);
        await using var host = await AccessHost.StartAsync(
            "--Mail:Host", "127.0.0.1", "--Mail:Port", mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--Mail:Security", "None", "--Mail:From", "speelsa@example.net",
            "--Notices:LinksInMails", "true", "--Http:BaseUrl", "https://moves.example");
        foreach (var (name, role) in new[] { ("ann", "operator"), ("vic", "viewer"), ("ben", "operator") })
        {
            await host.PersonAsync(name, role);
            using var page = host.OpenBrowser();
            await page.SignInAsync(name);
            if (name != "ben")
            {
                Assert.Equal(HttpStatusCode.OK, await page.SubmitAsync("/account", "address", ("Confirm.Address", "no address")));
                Assert.Contains("is no mail address", page.Page, StringComparison.Ordinal);
                Assert.Equal(HttpStatusCode.Redirect, await page.SubmitAsync("/account", "address", ("Confirm.Address", $"{name}@example.net")));
            }
        }

        var moveId = await host.StartMoveAsync(TaskHost.Ask("look", ("instructions", A.Text("Look well."))));
        await Eventually.TrueAsync(async () => (int)(await host.GetAsync("/api/notices?state=sent"))["total"]! == 1, "the mail was taken");

        Assert.Equal(["ann@example.net"], mail.Received.SelectMany(one => one.Recipients).Distinct());
        Assert.Single(mail.Received.Select(one => one.Message.MessageId).Distinct());
        var message = mail.Received.Last().Message;
        Assert.Equal("[SpeElsa] Do it", message.Subject);
        Assert.Contains("Look well.", message.TextBody, StringComparison.Ordinal);
        var link = message.TextBody!.Split("https://moves.example")[^1].Trim();
        using var browser = host.OpenBrowser();
        await browser.GoAsync(link);
        Assert.Contains("You answer as ann", browser.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.SubmitShownAsync(link, "answer", ("outcome", "Done")));
        await host.EndAsync(moveId);
    }

    [Theory]
    [InlineData("22:00", "06:00", "UTC", "2026-12-01T21:59:00Z", "2026-12-01T21:59:00Z")]
    [InlineData("22:00", "06:00", "UTC", "2026-12-01T22:00:00Z", "2026-12-02T06:00:00Z")]
    [InlineData("22:00", "06:00", "UTC", "2026-12-02T03:00:00Z", "2026-12-02T06:00:00Z")]
    [InlineData("12:00", "13:00", "UTC", "2026-12-02T12:30:00Z", "2026-12-02T13:00:00Z")]
    [InlineData("22:00", "06:00", "Europe/Berlin", "2026-12-01T21:30:00Z", "2026-12-02T05:00:00Z")]
    [InlineData("22:00", "02:30", "Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T01:30:00Z")]
    [InlineData("22:00", "22:00", "UTC", "2026-12-01T22:30:00Z", "2026-12-01T22:30:00Z")]
    public void Quiet_hours_end_in_the_morning_of_their_time_zone(string from, string to, string zone, string now, string next)
    {
        var quiet = new QuietHoursSettings { From = from, To = to, TimeZone = zone };

        Assert.Null(quiet.Problem);
        Assert.Equal(DateTimeOffset.Parse(next, null), quiet.NextTime(DateTimeOffset.Parse(now, null)));
    }

    [Fact]
    public async Task Settings_that_can_not_be_used_stop_the_start_with_the_reason()
    {
        var error = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => AccessHost.StartAsync(
            "--Notices:Webhooks:0:Name", "ops", "--Notices:Webhooks:0:Url", "ftp://x", "--Notices:Webhooks:0:Events:0", "lunch", "--Notices:QuietHours:From", "25:00", "--Notices:QuietHours:To", "06:00"));

        Assert.Contains("is no http or https address", error.Message, StringComparison.Ordinal);
        Assert.Contains("knows no 'lunch'", error.Message, StringComparison.Ordinal);
        Assert.Contains("are times like 22:00", error.Message, StringComparison.Ordinal);
    }

    private sealed record Call(string Id, string Time, string? Signature, string Body)
    {
        public bool IsSigned(string secret) =>
            Signature == $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{Time}.{Body}")))}";
    }

    /// <summary>A real server that is told.</summary>
    private sealed class Hook : IAsyncDisposable
    {
        private WebApplication _app = null!;
        private int _failures;

        public ConcurrentQueue<Call> Received { get; } = new();

        /// <summary>How many calls are refused first.</summary>
        public int Failures
        {
            set => _failures = value;
        }

        public string Url => _app.Urls.First();

        public static async Task<Hook> StartAsync()
        {
            var hook = new Hook();
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            hook._app = builder.Build();
            hook._app.MapPost("/", async (HttpRequest request) =>
            {
                using var reader = new StreamReader(request.Body);
                hook.Received.Enqueue(new Call(
                    request.Headers["X-SpeElsa-Id"].ToString(), request.Headers["X-SpeElsa-Timestamp"].ToString(), request.Headers["X-SpeElsa-Signature"], await reader.ReadToEndAsync()));
                return Interlocked.Decrement(ref hook._failures) >= 0 ? Results.StatusCode((int)HttpStatusCode.InternalServerError) : Results.Ok();
            });
            await hook._app.StartAsync();
            return hook;
        }

        public ValueTask DisposeAsync() => _app.DisposeAsync();
    }
}
