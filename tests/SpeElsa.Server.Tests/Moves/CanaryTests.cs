using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SpeElsa.Engine.Api.Tests.Mail;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Tests.Harness;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Server.Tests.Tasks;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>What people and programs sign in with, and what they hand over, is found nowhere afterwards: neither on disk, nor in logs, nor in what any endpoint tells.</summary>
public sealed partial class CanaryTests
{
    private const string Password = "canary-password-5d1e07";
    private const string NewPassword = "canary-new-password-8c2f41";
    private const string UserPassword = "canary-user-password-b70a93";
    private const string WebhookSecret = "canary-webhook-2e9d55";
    private const string MailSecret = "canary-mail-7a61c8";
    private const string ScriptSecret = "canary-script-f3b804";
    private const string Evidence = "canary-evidence-91c6d2";

    [Fact]
    public async Task No_secret_of_people_or_programs_is_found_on_disk_in_logs_or_in_any_answer()
    {
        await using var hook = await StartHookAsync();
        using var certificate = MailServer.SelfSigned();
        await using var mail = await MailServer.StartAsync(certificate);
        await using var host = await AccessHost.StartAsync(
            "--SignIn:AttemptsPerMinute", "1000", "--Lab:Enabled", "true", "--Lab:Farm", "Single", "--Lab:ArchiveBytes", UndisturbedRun.FewBytes, "--Lab:KeyFolder", TestProcess.KeyFolder,
            "--Notices:Webhooks:0:Name", "ops", "--Notices:Webhooks:0:Url", hook.Urls.First(), "--Notices:Webhooks:0:Secret", "ops-key",
            "--Mail:Host", "127.0.0.1", "--Mail:Port", $"{mail.Port}", "--Mail:From", "speelsa@example.net", "--Mail:UserName", "speelsa", "--Mail:PasswordSecret", "mail");
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["the API key"] = host.ApiKey["ApiKey ".Length..],
            ["the set-up code"] = host.Code,
            ["a password"] = Password,
            ["a new password"] = NewPassword,
            ["a user's password"] = UserPassword,
            ["a webhook's secret"] = WebhookSecret,
            ["the mail password"] = MailSecret,
            ["a script's secret"] = ScriptSecret,
            ["what an evidence file holds"] = Evidence,
        };
        foreach (var (name, value) in new[] { ("ops-key", WebhookSecret), ("mail", MailSecret), ("script-demo", ScriptSecret) })
        {
            Assert.Equal(HttpStatusCode.NoContent, await host.StatusAsync(HttpMethod.Put, $"/api/secrets/{name}", host.ApiKey, new { value }));
        }

        using var browser = host.OpenBrowser();
        await SetUpAsync(host, browser, secrets);
        await MakeProgramAsync(host, secrets);
        var known = await MoveAsync(host, secrets);
        await Eventually.TrueAsync(async () => (int)(await host.GetAsync("/api/notices?state=sent"))["total"]! >= 1, "the webhook was told");
        await Eventually.TrueAsync(async () => (await host.GetAsync("/api/notices")).ToJsonString().Contains("certificate is not trusted", StringComparison.Ordinal), "the mail was tried");

        var answers = await AskAllAsync(host, known);
        foreach (var page in new[] { "/", "/account", "/designer", "/set-up" })
        {
            await browser.GoAsync(page);
            answers[$"the page {page}"] = browser.Page;
        }

        Assert.Contains(answers, answer => answer.Key == "/api/moves/{id}/evidence" && answer.Value.Contains("signature.json", StringComparison.Ordinal));
        Assert.Contains(answers, answer => answer.Key == "/api/audit" && answer.Value.Contains("/answer", StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.True(secret.Value.Length > 5, secret.Key));
        Assert.All(answers, answer => Assert.All(secrets, secret => Assert.False(answer.Value.Contains(secret.Value, StringComparison.Ordinal), $"{answer.Key} tells {secret.Key}")));
        var found = new List<string>();
        foreach (var file in Directory.EnumerateFiles(host.DataDirectory, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            var content = await ReadAsync(file);
            found.AddRange(secrets.Where(secret => content.Contains(secret.Value, StringComparison.Ordinal)).Select(secret => $"{Path.GetRelativePath(host.DataDirectory, file).Split(Path.DirectorySeparatorChar)[0]}: {secret.Key}"));
        }

        // Each is where it belongs: the key in its file, the evidence in its own.
        Assert.Equal(["api-key.txt: the API key", "evidence-files: what an evidence file holds"], found.Order(StringComparer.Ordinal));
    }

    /// <summary>The first administrator: set-up, second step, new password, another session.</summary>
    private static async Task SetUpAsync(AccessHost host, Browser browser, Dictionary<string, string> secrets)
    {
        Assert.Equal(HttpStatusCode.Redirect, await browser.SubmitAsync(
            "/set-up", "set-up", ("Input.Code", host.Code), ("Input.Name", "ada"), ("Input.Password", Password), ("Input.Again", Password)));
        secrets["a session"] = browser.Session;
        await browser.SubmitAsync("/account", "app-new");
        secrets["the key of an authenticator"] = Key().Match(browser.Page).Groups["key"].Value;
        await browser.SubmitAsync("/account", "app-on", ("Confirm.Code", AuthenticatorApp.CodeOf(secrets["the key of an authenticator"])));
        foreach (Match code in RecoveryCode().Matches(browser.Page))
        {
            secrets[$"a recovery code ({secrets.Count})"] = code.Groups["code"].Value;
        }

        Assert.True(secrets.Count >= 20, browser.Page);
        Assert.Equal(HttpStatusCode.Redirect, await browser.SubmitAsync("/account", "address", ("Confirm.Address", "ada@example.net")));
        Assert.Equal(HttpStatusCode.Redirect, await browser.SubmitAsync("/account", "password", ("Confirm.Password", Password), ("Confirm.NewPassword", NewPassword), ("Confirm.Again", NewPassword)));
        secrets["the next session"] = browser.Session;
        Assert.True(await browser.IsSignedInAsync());
    }

    /// <summary>A user with tokens, and a program with its key.</summary>
    private static async Task MakeProgramAsync(AccessHost host, Dictionary<string, string> secrets)
    {
        using var user = await host.SendAsync(HttpMethod.Post, "/elsa/api/identity/users", host.ApiKey, new { name = "otto", password = UserPassword, roles = new[] { ServerRoles.Operator } });
        Assert.True(user.IsSuccessStatusCode);
        Assert.True(await host.WithAccountsAsync(async (accounts, _) => (await accounts.SetEmailAsync((await accounts.FindByNameAsync("otto"))!, "otto@example.net")).Succeeded));
        var tokens = await host.LoginAsync("otto", UserPassword);
        secrets["an access token"] = (string)tokens["accessToken"]!;
        secrets["a refresh token"] = (string)tokens["refreshToken"]!;
        using var made = await host.SendAsync(HttpMethod.Post, "/elsa/api/identity/applications", host.ApiKey, new { name = "tool", roles = new[] { ServerRoles.Viewer } });
        var application = (await made.Content.ReadFromJsonAsync<JsonObject>())!;
        secrets["the key of a program"] = (string)application["apiKey"]!;
        secrets["the secret of a program"] = (string)application["clientSecret"]!;
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Get, "/api/moves", $"ApiKey {application["apiKey"]}"));
    }

    /// <summary>A move with a script that has a secret, and a task with a file that is answered by a link.</summary>
    private static async Task<(string Pattern, string Value)[]> MoveAsync(AccessHost host, Dictionary<string, string> secrets)
    {
        var fields = new JsonArray(new JsonObject { ["name"] = "proof", ["type"] = "file" });
        var moveId = await host.StartMoveAsync(A.Sequence("canary").With(
            A.Node(
                "script", "SpeElsa.RunScript", ("machine", A.Text("spe-old")), ("script", A.Text("Write-Host $InputObject.password; @{ said = $InputObject.password; length = $InputObject.password.Length }")),
                ("input", A.Expression("Object", """{"password":"secret:script-demo"}""")), ("undoBy", A.Text("Nothing")), ("undoReason", A.Text("It only looks."))),
            A.Node(
                "ask", "SpeElsa.HumanTask", ("taskName", A.Text("look")), ("title", A.Text("Look")), ("fields", A.Text(fields.ToJsonString())), ("undo", A.Text("Nothing")), ("undoReason", A.Text("It is only asked.")))));
        var task = await host.TaskAsync(moveId, "look-1");
        var path = $"/api/tasks/{task["id"]}";
        using var client = new HttpClient { BaseAddress = host.Address };
        using var message = new HttpRequestMessage(HttpMethod.Post, $"{path}/files?name=proof.txt&by=j.doe") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Evidence)) };
        message.Headers.Authorization = AuthenticationHeaderValue.Parse(host.ApiKey);
        using var kept = await client.SendAsync(message);
        Assert.Equal(HttpStatusCode.Created, kept.StatusCode);
        foreach (var name in new[] { "an older link", "a link" })
        {
            var link = new Uri((string)(await host.PostAsync($"{path}/links", host.ApiKey, new { to = "otto", by = "j.doe" }, HttpStatusCode.Created))["url"]!);
            secrets[name] = link.AbsolutePath.Split('/')[^1];
        }

        using var browser = host.OpenBrowser();
        Assert.Equal(HttpStatusCode.Gone, await browser.GoAsync($"/answer/{secrets["an older link"]}"));
        Assert.Equal(HttpStatusCode.OK, await browser.SubmitAsync($"/answer/{secrets["a link"]}", "answer", ("outcome", "Done")));
        await host.EndAsync(moveId);
        var journal = (await host.GetAsync($"/api/moves/{moveId}/journal?take=1000")).ToJsonString();
        Assert.Contains($"\"length\":{ScriptSecret.Length}", journal, StringComparison.Ordinal);
        var version = await host.GetAsync("/elsa/api/workflow-definitions/canary");
        return
        [
            ("/api/moves/{id}", moveId), ("/api/tasks/{id}", (string)task["id"]!), ("workflow-instances/{id}", moveId), ("{definitionId}", "canary"), ("/by-id/{id}", (string)version["id"]!),
            ("/subgraph/{id}", (string)version["id"]!), ("/segments/{id}", (string)version["id"]!), ("{documentName}", "v1"), ("/servers/{name}", "spe-old"), ("{activityId}", "script"),
        ];
    }

    /// <summary>Asks every endpoint that only tells something. What a file of evidence holds is left out: that one is to be told.</summary>
    private static async Task<Dictionary<string, string>> AskAllAsync(AccessHost host, (string Pattern, string Value)[] known)
    {
        var answers = new Dictionary<string, string>(StringComparer.Ordinal);
        var patterns = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Contains("GET", StringComparer.Ordinal) == true)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))
            .Where(pattern => Asked().IsMatch(pattern) && !pattern.EndsWith("{fileId}", StringComparison.Ordinal) && !pattern.EndsWith("/execute", StringComparison.Ordinal));
        foreach (var pattern in patterns)
        {
            var path = Parameter().Replace(pattern, match => known.FirstOrDefault(one => pattern[..(match.Index + match.Length)].EndsWith(one.Pattern, StringComparison.Ordinal)).Value ?? "none");
            using var answer = await host.SendAsync(HttpMethod.Get, path, host.ApiKey);
            answers[pattern] = answer.Headers + Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync());
        }

        return answers;
    }

    private static async Task<string> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return Encoding.Latin1.GetString(content.ToArray());
    }

    private static async Task<WebApplication> StartHookAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/", () => Results.Ok());
        await app.StartAsync();
        return app;
    }

    [GeneratedRegex("^/(api|elsa/api|lab|health|openapi)/")]
    private static partial Regex Asked();

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex("<p><code>(?<key>[A-Z2-7]{16,})</code></p>")]
    private static partial Regex Key();

    [GeneratedRegex("<li><code>(?<code>[A-Za-z0-9-]+)</code></li>")]
    private static partial Regex RecoveryCode();
}
