using System.Net;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Server.Tests.Tasks;

namespace SpeElsa.Server.Tests.Audit;

/// <summary>Who did what, when and from where.</summary>
public sealed class AuditTests
{
    [Fact]
    public async Task Every_act_and_every_refused_one_stands_there_with_who_did_it_and_no_look_does()
    {
        await using var host = await AccessHost.StartAsync();
        var ann = await host.PersonAsync("ann", "operator");
        var moveId = await host.StartMoveAsync(TaskHost.Ask("look"));
        var task = await host.TaskAsync(moveId, "look-1");
        await host.AnswerAsync(ann, task, "Never", HttpStatusCode.BadRequest);
        await host.AnswerAsync(ann, task, "Done");
        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync(HttpMethod.Put, "/api/secrets/canary?value=canary", ann, new { value = "canary" }));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync(HttpMethod.Post, "/api/moves", null, new { }));
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Post, "/elsa/api/workflow-instances", ann, new { }));
        using (var browser = host.OpenBrowser())
        {
            await browser.SignInAsync("ann");
            await browser.SignOutAsync(host.Address);
            await browser.GoAsync("/answer/canary");
        }

        var rows = (await host.GetAsync("/api/audit?pageSize=200"))["items"]!.AsArray().Select(row => row!).Reverse().ToArray();
        Assert.Equal(
            [
                "api-key POST /elsa/api/identity/users 200", "ann POST /elsa/api/identity/login 200", "api-key POST /elsa/api/workflow-definitions 200", "api-key POST /api/moves 201",
                $"ann POST /api/tasks/{task["id"]}/complete 400", $"ann POST /api/tasks/{task["id"]}/complete 200", "ann PUT /api/secrets/canary 403", "? POST /api/moves 401",
                "ann POST /sign-in 302", "ann POST /sign-out 302",
            ],
            rows.Select(row => $"{row["actor"] ?? "?"} {row["method"]} {row["path"]} {row["status"]}"));
        Assert.All(rows, row => Assert.Equal("127.0.0.1", (string?)row["address"]));
        Assert.DoesNotContain("value", string.Join(' ', rows.Select(row => (string)row["path"]!)), StringComparison.Ordinal);

        Assert.Equal(6, (int)(await host.GetAsync("/api/audit?actor=ann"))["total"]!);
        Assert.Equal(2, (int)(await host.GetAsync("/api/audit?path=/api/tasks"))["total"]!);
        Assert.Equal(0, (int)(await host.GetAsync("/api/audit?from=2100-01-01T00:00:00Z"))["total"]!);
        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync(HttpMethod.Get, "/api/audit", ann));
    }
}
