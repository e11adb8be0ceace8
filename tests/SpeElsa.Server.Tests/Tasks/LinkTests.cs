using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Tasks;

/// <summary>Links with which somebody answers a task without signing in.</summary>
public sealed class LinkTests
{
    [Fact]
    public async Task A_link_is_good_for_one_person_one_round_and_one_answer()
    {
        await using var host = await AccessHost.StartAsync();
        var otto = await host.PersonAsync("otto", "operator");
        await host.PersonAsync("ann", "operator");
        await host.PersonAsync("vic", "viewer");
        var fields = new JsonArray(
            new JsonObject { ["name"] = "size", ["label"] = "Size", ["type"] = "number", ["required"] = true },
            new JsonObject { ["name"] = "sure", ["label"] = "Sure", ["type"] = "boolean" });
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look", ("fields", A.Text(fields.ToJsonString())), ("instructions", A.Text("Look <b>well</b>."))));
        var task = await host.TaskAsync(moveId, "look-1");
        var path = $"/api/tasks/{task["id"]}";
        await host.PostAsync($"{path}/links", otto, new { to = "vic" }, HttpStatusCode.BadRequest, "does not have the role");
        await host.PostAsync($"{path}/links", otto, new { to = "nobody" }, HttpStatusCode.BadRequest, "no account");
        await host.PostAsync($"{path}/links", otto, new { to = "ann", lifetime = "00:00:01" }, HttpStatusCode.BadRequest, "one minute");

        // A newer one takes the place of an older one.
        var older = await LinkAsync();
        var link = await LinkAsync();
        using var browser = host.OpenBrowser();
        Assert.Equal(HttpStatusCode.Gone, await browser.GoAsync(older));
        Assert.Contains("A newer link took the place", browser.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await browser.GoAsync("/answer/made-up"));
        Assert.Contains("This link can not be used", browser.Page, StringComparison.Ordinal);

        // To look does nothing, however often; a wrong answer loses nothing.
        Assert.Equal(HttpStatusCode.OK, await browser.GoAsync(link));
        Assert.Equal(HttpStatusCode.OK, await browser.GoAsync(link));
        Assert.Contains("You answer as ann", browser.Page, StringComparison.Ordinal);
        Assert.Contains("Look <b>well</b>.", browser.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, await browser.SubmitShownAsync(link, "answer", ("outcome", "Done"), ("comment", "so far")));
        Assert.Contains("Size: This field must be filled in.", browser.Page, StringComparison.Ordinal);
        Assert.Contains("so far", browser.Page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await browser.SubmitShownAsync(link, "answer", ("outcome", "Done"), ("field.size", "2.5"), ("field.sure", "true")));
        Assert.Contains("Thank you", browser.Page, StringComparison.Ordinal);
        await host.EndAsync(moveId);
        Assert.Equal(HttpStatusCode.Gone, await browser.GoAsync(link));
        Assert.Contains("This link was used at", browser.Page, StringComparison.Ordinal);

        var told = (await host.GetAsync($"/api/moves/{moveId}/journal?take=1000")).AsArray().Single(row => (string)row!["event"]! == "TaskCompleted")!["facts"]!;
        Assert.Equal("ann a link that otto sent 2.5 True", $"{told["completedBy"]} {told["via"]} {told["fields"]!["size"]} {(bool)told["fields"]!["sure"]!}");

        async Task<string> LinkAsync() => new Uri((string)(await host.PostAsync($"{path}/links", otto, new { to = "ann" }, HttpStatusCode.Created))["url"]!).AbsolutePath;
    }

    [Fact]
    public async Task A_link_says_why_it_is_no_longer_good()
    {
        await using var host = await AccessHost.StartAsync("--Tasks:ConfirmAfter:0", "two");
        var otto = await host.PersonAsync("otto", "operator");
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look"));
        var task = await host.TaskAsync(moveId, "look-1");
        var link = new Uri((string)(await host.PostAsync($"/api/tasks/{task["id"]}/links", otto, new { to = "otto" }, HttpStatusCode.Created))["url"]!).AbsolutePath;
        using var browser = host.OpenBrowser();

        // Only its hash is stored.
        Assert.DoesNotContain(link.Split('/')[^1], await host.WithAccountsAsync(async (_, database) => (await database.TaskLinks.SingleAsync()).Hash), StringComparison.Ordinal);
        await ExpireAsync(host, 1);
        Assert.Equal(HttpStatusCode.Gone, await browser.GoAsync(link));
        Assert.Contains("This link was good until", browser.Page, StringComparison.Ordinal);
        await ExpireAsync(host, DateTimeOffset.MaxValue.UtcTicks);
        await host.AnswerAsync(otto, task, "Done");
        await host.EndAsync(moveId);
        await Eventually.TrueAsync(async () => await browser.GoAsync(link) is HttpStatusCode.Gone, "the link has ended");
        Assert.Contains("otto answered 'Done'", browser.Page, StringComparison.Ordinal);

        var second = await host.StartMoveAsync(TaskHost.Ask("two"));
        var needs = await host.TaskAsync(second, "two-1");
        await host.PostAsync($"/api/tasks/{needs["id"]}/links", otto, new { to = "otto" }, HttpStatusCode.BadRequest, "takes people who are signed in");
    }

    private static Task<int> ExpireAsync(AccessHost host, long ticks) => host.WithAccountsAsync((_, database) => database.Database.ExecuteSqlAsync($"UPDATE TaskLinks SET ExpiresAt = {ticks}"));
}
