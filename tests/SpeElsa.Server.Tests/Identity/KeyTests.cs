using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;

namespace SpeElsa.Server.Tests.Identity;

/// <summary>The keys of programs: what they open, until when, and when they were used.</summary>
public sealed class KeyTests
{
    [Fact]
    public async Task A_key_opens_what_its_role_may_do_until_its_time_is_over_and_then_says_so()
    {
        await using var host = await AccessHost.StartAsync();
        var made = await MakeAsync(host, new { name = "ticketing", roles = new[] { "viewer" }, expiresAt = TimeProvider.System.GetUtcNow().AddDays(1) });
        var key = $"ApiKey {made["apiKey"]}";

        var look = await host.StatusAsync(HttpMethod.Get, "/api/moves", key);
        var act = await host.StatusAsync(HttpMethod.Post, "/api/moves", key, new { scenario = "single-server-move", plan = new { } });
        await EndAsync(host, (string)made["id"]!);
        using var late = await host.SendAsync(HttpMethod.Get, "/api/moves", key);
        var lateAtElsa = await host.StatusAsync(HttpMethod.Get, "/elsa/api/workflow-definitions", key);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (look, act, late.StatusCode, lateAtElsa));
        Assert.Contains("The API key of 'ticketing' expired at 2020-", await late.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_says_until_when_a_key_is_good_and_when_it_was_used_and_no_key()
    {
        await using var host = await AccessHost.StartAsync("--SignIn:ApiKeyLifetime", "10.00:00:00");
        var before = TimeProvider.System.GetUtcNow();
        var made = await MakeAsync(host, new { name = "ticketing", roles = new[] { "viewer" } });
        var unused = await OneAsync(host);
        await host.StatusAsync(HttpMethod.Get, "/api/moves", $"ApiKey {made["apiKey"]}");
        var used = await OneAsync(host);

        Assert.InRange(Time(unused["expiresAt"]), before.AddDays(10), before.AddDays(10).AddMinutes(5));
        Assert.Null(unused["lastUsedAt"]);
        Assert.InRange(Time(used["lastUsedAt"]), before.AddSeconds(-1), TimeProvider.System.GetUtcNow());
        Assert.DoesNotContain((string)made["apiKey"]!, used.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_would_be_over_already_is_not_made()
    {
        await using var host = await AccessHost.StartAsync();

        using var answer = await host.SendAsync(HttpMethod.Post, "/elsa/api/identity/applications", host.ApiKey, new { name = "late", roles = new[] { "viewer" }, expiresAt = "2020-01-01T00:00:00Z" });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("Give a later time", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private static async Task<JsonObject> MakeAsync(AccessHost host, object request)
    {
        using var answer = await host.SendAsync(HttpMethod.Post, "/elsa/api/identity/applications", host.ApiKey, request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!;
    }

    private static async Task<JsonObject> OneAsync(AccessHost host)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, "/elsa/api/identity/applications", host.ApiKey);
        return Assert.Single((await answer.Content.ReadFromJsonAsync<JsonObject>())!["applications"]!.AsArray())!.AsObject();
    }

    private static DateTimeOffset Time(JsonNode? node) => DateTimeOffset.Parse((string)node!, CultureInfo.InvariantCulture);

    private static Task<int> EndAsync(AccessHost host, string id) => host.WithAccountsAsync((_, database) =>
        database.Applications.Where(row => row.Id == id).ExecuteUpdateAsync(row => row.SetProperty(one => one.ExpiresAt, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero))));
}
