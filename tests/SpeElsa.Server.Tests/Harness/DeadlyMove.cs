using System.Diagnostics;
using System.Net;
using System.Text.Json;

namespace SpeElsa.Server.Tests.Harness;

/// <summary>A move during which the server dies again and again.</summary>
internal static class DeadlyMove
{
    /// <summary>The server is asked at every so many looks at its process: to be asked costs it a good part of its time.</summary>
    private const int LooksPerQuestion = 6;

    /// <summary>Plays the move to its end, starting the server again whenever it has died.</summary>
    /// <returns>How often it was started again.</returns>
    public static async Task<int> PlayAsync(ServerProcess server, Func<Task> killNow)
    {
        var administrator = new Administrator(server);
        var (restarts, looks) = (0, 0);
        string? moveId = null;
        var patience = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(40));
        while (patience.Elapsed < TimeSpan.FromMinutes(25))
        {
            await killNow();
            if (server.HasExited)
            {
                restarts++;
                await server.StartAsync();
            }

            try
            {
                moveId ??= await administrator.StartMoveAsync(key: "the-move");
                if (looks++ % LooksPerQuestion == 0 && await AdvanceAsync(administrator, moveId))
                {
                    return restarts;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException or JsonException)
            {
                // It died while it was asked. What was asked is asked again.
            }

            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException($"The move did not end: {await administrator.GetMoveAsync(moveId!)}\n{server.Output}");
    }

    private static async Task<bool> AdvanceAsync(Administrator administrator, string moveId)
    {
        foreach (var task in await administrator.GetTasksAsync(moveId))
        {
            var name = task!["taskName"]!.GetValue<string>();
            var id = task["id"]!.GetValue<string>();
            if (task["kind"]!.GetValue<string>() == "decision")
            {
                // A machine that restarts in the middle of the same work again and again is a person's decision, and here the person says: again.
                Assert.Contains("began and never ended", task["finding"]!.GetValue<string>(), StringComparison.Ordinal);
                using var decided = await administrator.AnswerAsync(id, key: id, outcome: "Retry");
                Assert.True(decided.StatusCode is HttpStatusCode.OK, await decided.Content.ReadAsStringAsync());
                continue;
            }

            await administrator.DoOnceAsync(name);
            using var answer = await administrator.AnswerAsync(id, administrator.FieldsFor(name), key: id);
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{name}: {await answer.Content.ReadAsStringAsync()}");
        }

        var move = await administrator.GetMoveAsync(moveId);
        var status = move["status"]!.GetValue<string>();
        Assert.True(status is "running" or "waiting" or "finished", move.ToJsonString());
        return status == "finished";
    }
}
