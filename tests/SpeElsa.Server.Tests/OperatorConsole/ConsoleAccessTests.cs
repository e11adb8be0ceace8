using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Server.Identity;
using SpeElsa.Server.OperatorConsole;
using SpeElsa.Server.Tests.Identity;

namespace SpeElsa.Server.Tests.OperatorConsole;

/// <summary>Who may see which page of the console, and what its browser may do.</summary>
public sealed class ConsoleAccessTests
{
    private static readonly string[] ForReaders = ["/", "/moves", "/tasks", "/plans", "/fleet"];
    private static readonly string[] ForAdministrators = ["/audit", "/notices", "/secrets"];

    [Fact]
    public async Task A_page_is_shown_to_who_may_see_it_and_acts_are_offered_to_who_may_do_them()
    {
        await using var host = await AccessHost.StartAsync();
        await host.AddUserAsync("vera", ServerRoles.Viewer);
        using var viewer = host.OpenBrowser();
        await viewer.SignInAsync("vera");
        foreach (var path in ForReaders)
        {
            Assert.Equal(HttpStatusCode.OK, await viewer.GoAsync(path));
            Assert.DoesNotContain("Test all connections", viewer.Page, StringComparison.Ordinal);
        }

        foreach (var path in ForAdministrators.Append("/plans/new"))
        {
            Assert.Equal(HttpStatusCode.Redirect, await viewer.GoAsync(path));
            Assert.EndsWith("/no-access", viewer.Location, StringComparison.Ordinal);
        }

        foreach (var path in new[] { "/moves/none", "/moves/none/undo", "/moves/none/hand-over", "/tasks/none", "/plans/none" })
        {
            Assert.Equal(HttpStatusCode.NotFound, await viewer.GoAsync(path));
            Assert.Contains("There is no such", viewer.Page, StringComparison.Ordinal);
        }

        using var stranger = host.OpenBrowser();
        Assert.Equal(HttpStatusCode.Redirect, await stranger.GoAsync("/"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.CallAsync(HttpMethod.Post, $"{ConsoleHosting.ConnectionPath}/negotiate?negotiateVersion=1")).Status);
    }

    /// <summary>A page of another server may not open a live page in somebody's name, and looking is no act.</summary>
    [Fact]
    public async Task A_connection_comes_from_a_page_of_this_server_and_is_not_audited()
    {
        await using var host = await AccessHost.StartAsync();
        await host.AddUserAsync("vera", ServerRoles.Viewer);
        using var viewer = host.OpenBrowser();
        await viewer.SignInAsync("vera");
        const string path = $"{ConsoleHosting.ConnectionPath}/negotiate?negotiateVersion=1";

        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.CallAsync(HttpMethod.Post, path, ("Sec-Fetch-Site", "cross-site"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await viewer.CallAsync(HttpMethod.Post, path, ("Sec-Fetch-Site", "same-origin"))).Status);

        using var audit = await host.SendAsync(HttpMethod.Get, $"/api/audit?path={ConsoleHosting.ConnectionPath}", $"ApiKey {host.ApiKey.Split(' ')[^1]}");
        Assert.Equal(0, (int)JsonNode.Parse(await audit.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["total"]!);
    }

    [Fact]
    public void A_refusal_of_the_API_is_told_in_its_own_words()
    {
        var answer = new ApiAnswer(400, JsonSerializer.Serialize(new { title = "The plan is not complete", detail = "Nothing was changed.", errors = new Dictionary<string, string[]> { ["plan.target"] = ["Name it."] } }));

        Assert.False(answer.IsDone);
        Assert.Equal("The plan is not complete. Nothing was changed.", answer.Message);
        Assert.Equal(["Name it."], answer.Errors["plan.target"]);
        Assert.Contains("look whether it was done", new ApiAnswer(0, "").Message, StringComparison.Ordinal);
    }
}
