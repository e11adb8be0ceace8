using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Moves.Windows;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Moves;

/// <summary>The maintenance window of a move: how it stands, and the warning before it is missed.</summary>
public sealed class WindowTests
{
    private static readonly DateTimeOffset Now = new(2026, 12, 1, 2, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(60, null, null, "ok", "60 minutes are left until 2026-12-01 03:00 UTC.")]
    [InlineData(20, null, null, "warning", "20 minutes are left until 2026-12-01 02:20 UTC, and no move of this procedure has been measured")]
    [InlineData(20, 10, null, "ok", "20 minutes are left until 2026-12-01 02:20 UTC; as it looks it ends at 2026-12-01 02:10 UTC.")]
    [InlineData(60, 90, null, "warning", "As it looks it ends at 2026-12-01 03:30 UTC, 30 minutes after the window; 60 minutes are left")]
    [InlineData(-5, 10, null, "missed", "The window ended 5 minutes ago, at 2026-12-01 01:55 UTC. Ask for a longer window and set it for this move, or go back")]
    [InlineData(null, null, 60, "ok", "Services have been down for 40 minutes of 60 minutes.")]
    [InlineData(null, null, 50, "warning", "Services have been down for 40 minutes of 50 minutes. Ask for")]
    [InlineData(null, 15, 50, "warning", "As it looks services will be down for 55 minutes, 5 minutes longer than planned.")]
    [InlineData(null, 15, 30, "missed", "Services have been down for 40 minutes, 10 minutes longer than planned.")]
    [InlineData(20, 10, 30, "missed", "Services have been down for 40 minutes, 10 minutes longer than planned.")]
    public void It_says_how_a_move_stands(int? minutesLeft, int? forecast, int? budget, string level, string says)
    {
        var row = new WindowRow
        {
            MoveId = "m",
            EndsAt = minutesLeft is null ? null : Now.AddMinutes(minutesLeft.Value),
            DowntimeBudget = budget is null ? null : TimeSpan.FromMinutes(budget.Value),
            SetBy = "ann",
            SetAt = Now,
        };
        var remaining = forecast is null ? null : new Remaining(TimeSpan.FromMinutes(forecast.Value), TimeSpan.FromMinutes(forecast.Value));

        var view = WindowJudge.Judge(row, Move(TimeSpan.FromMinutes(40), null), remaining, Now, TimeSpan.FromMinutes(30));

        Assert.Equal(level, view.Level);
        Assert.StartsWith(says, view.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_a_move_that_has_ended_it_says_whether_it_was_in_time()
    {
        var row = new WindowRow { MoveId = "m", EndsAt = Now.AddMinutes(10), DowntimeBudget = TimeSpan.FromMinutes(30), SetBy = "ann", SetAt = Now };

        Assert.Equal("ok", WindowJudge.Judge(row, Move(TimeSpan.FromMinutes(20), Now), null, Now.AddHours(5), TimeSpan.Zero).Level);
        var late = WindowJudge.Judge(row, Move(TimeSpan.FromMinutes(40), Now.AddHours(1)), null, Now.AddHours(5), TimeSpan.Zero);
        Assert.Equal("missed", late.Level);
        Assert.Equal("It ended 50 minutes after the end of the window. Services were down for 40 minutes, 10 minutes longer than planned.", late.Text);
        Assert.Null(late.ForecastEnd);
    }

    [Fact]
    public async Task A_move_has_the_window_it_was_started_with_until_somebody_changes_it_and_the_warning_is_given_once()
    {
        await using var host = await AccessHost.StartAsync();
        var model = JsonNode.Parse(A.Sequence("asks").With(
            A.Node("ask", "SpeElsa.HumanTask", ("taskName", A.Text("ask")), ("undo", A.Text("Nothing")), ("undoReason", A.Text("It is only asked.")))).ToJson());
        using var published = await host.SendAsync(HttpMethod.Post, "/elsa/api/workflow-definitions", host.ApiKey, new JsonObject { ["model"] = model, ["publish"] = true });
        Assert.True(published.IsSuccessStatusCode);

        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Post, "/api/moves", host.ApiKey, new { scenario = "asks", window = new { endsAt = "2020-01-01T00:00:00Z" } }));
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Post, "/api/moves", host.ApiKey, new { scenario = "asks", window = new { length = "00:00:01" } }));
        using var started = await host.SendAsync(HttpMethod.Post, "/api/moves", host.ApiKey, new { scenario = "asks", window = new { length = "00:10:00", downtimeBudget = "00:05:00" } });
        var id = (string)(await started.Content.ReadFromJsonAsync<JsonObject>())!["id"]!;
        var first = await WindowOfAsync(host, id);
        Assert.Equal(("warning", "00:05:00"), ((string)first!["level"]!, (string)first["downtimeBudget"]!));

        // The clock of a server that starts finds it, and notes that it has warned.
        await host.RestartAsync();
        await Eventually.TrueAsync(
            () => host.WithAccountsAsync(async (_, database) => (await database.Windows.SingleAsync(row => row.MoveId == id)).Level == "warning"), "it has warned");

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Put, $"/api/moves/{id}/window", host.ApiKey, new { length = "08:00:00" }));
        var longer = await WindowOfAsync(host, id);
        Assert.Equal(("ok", null), ((string)longer!["level"]!, longer["downtimeBudget"]));
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Put, $"/api/moves/{id}/window", host.ApiKey, new { length = "01:00:00", endsAt = "2100-01-01T00:00:00Z" }));
        Assert.Equal(HttpStatusCode.BadRequest, await host.StatusAsync(HttpMethod.Put, $"/api/moves/{id}/window", host.ApiKey, new { endsAt = "9999-12-31T23:59:59Z" }));
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Put, $"/api/moves/{id}/window", host.ApiKey, new { }));
        Assert.Null(await WindowOfAsync(host, id));
        Assert.Equal(HttpStatusCode.NotFound, await host.StatusAsync(HttpMethod.Put, "/api/moves/nobody/window", host.ApiKey, new { }));

        // Once a move of the procedure has finished, the next one is told when it will have ended.
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync(HttpMethod.Post, $"/api/tasks/{id}-ask-1/complete", host.ApiKey, new { completedBy = "ann" }));
        await Eventually.TrueAsync(async () => await host.StatusAsync(HttpMethod.Put, $"/api/moves/{id}/window", host.ApiKey, new { }) is HttpStatusCode.Conflict, "it has ended");
        using var second = await host.SendAsync(HttpMethod.Post, "/api/moves", host.ApiKey, new { scenario = "asks", window = new { length = "08:00:00" } });
        var forecast = await WindowOfAsync(host, (string)(await second.Content.ReadFromJsonAsync<JsonObject>())!["id"]!);
        Assert.NotNull(forecast!["forecastEnd"]);
        Assert.Contains("as it looks it ends at", (string)forecast["text"]!, StringComparison.Ordinal);
    }

    private static async Task<JsonNode?> WindowOfAsync(AccessHost host, string id)
    {
        using var answer = await host.SendAsync(HttpMethod.Get, $"/api/moves/{id}", host.ApiKey);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>())!["window"];
    }

    private static MoveView Move(TimeSpan down, DateTimeOffset? finishedAt) => new()
    {
        Id = "m",
        Scenario = "s",
        DefinitionVersion = 1,
        DefinitionHash = "",
        Name = "m",
        Status = "",
        StatusText = "",
        Plan = new Dictionary<string, object?>(),
        CreatedAt = Now,
        UpdatedAt = Now,
        FinishedAt = finishedAt,
        StepsDone = 0,
        StepsInAll = 0,
        Downtime = new DowntimeView(Now - down, null, down, []),
        OpenTasks = [],
        Incidents = [],
        Steps = [],
    };
}
