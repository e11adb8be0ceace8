using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Harness;

/// <summary>The person at the keyboard: starts moves, does on the lab what tasks ask for, and answers them.</summary>
internal sealed partial class Administrator(HttpClient client, string dataDirectory)
{
    private static readonly string[] MfaAdministrators = ["admin", "m.berger"];

    private readonly HashSet<string> _done = [];

    public Administrator(ServerProcess server)
        : this(server.Client, server.DataDirectory)
    {
    }

    public static object Plan => new { scenario = "single-server-move", plan = new { source = "spe-old", target = "spe-new", hostNameChanges = true } };

    public async Task<string> StartMoveAsync(object? request = null, string? key = null)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/moves") { Content = JsonContent.Create(request ?? Plan) };
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        using var answer = await client.SendAsync(message);
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>();
        Assert.True(answer.StatusCode is HttpStatusCode.Created, body!.ToJsonString());
        return body["id"]!.GetValue<string>();
    }

    public async Task<JsonObject> GetMoveAsync(string moveId) => (await client.GetFromJsonAsync<JsonObject>($"/api/moves/{moveId}"))!;

    public async Task<JsonArray> GetTasksAsync(string moveId) =>
        (await client.GetFromJsonAsync<JsonObject>($"/api/tasks?moveId={moveId}"))!["items"]!.AsArray();

    /// <summary>Waits until the move waits for a person or has ended.</summary>
    public async Task<JsonObject?> NextTaskAsync(string moveId)
    {
        JsonObject? task = null;
        await Eventually.TrueAsync(
            async () =>
            {
                task = (await GetTasksAsync(moveId)).FirstOrDefault()?.AsObject();
                return task is not null || (await GetMoveAsync(moveId))["status"]!.GetValue<string>() is "finished" or "failed" or "aborted" or "set-aside";
            },
            "the move neither asks nor ends");
        return task;
    }

    /// <summary>Does what every task asks for until the move has ended, or the task of that name is open.</summary>
    public async Task<JsonObject?> PlayAsync(string moveId, string? until = null)
    {
        while (await NextTaskAsync(moveId) is { } task)
        {
            var name = task["taskName"]!.GetValue<string>();
            if (name == until)
            {
                return task;
            }

            Assert.True(task["kind"]!.GetValue<string>() == "task", $"A step could not go on: {task.ToJsonString()}");
            await DoAsync(name);
            using var answer = await AnswerAsync(task["id"]!.GetValue<string>(), FieldsFor(name));
            var content = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{name}: {content}");
            await Eventually.TrueAsync(
                async () => (await GetTasksAsync(moveId)).All(open => open!["id"]!.GetValue<string>() != task["id"]!.GetValue<string>()),
                $"{name} stays open");
        }

        return null;
    }

    /// <summary>Does on the lab what a task asks for, unless it was done before the server died.</summary>
    public async Task DoOnceAsync(string taskName)
    {
        if (_done.Add(taskName))
        {
            try
            {
                await DoAsync(taskName);
            }
            catch (HttpRequestException)
            {
                _done.Remove(taskName);
                throw;
            }
        }
    }

    /// <summary>Does on the lab what a task asks for.</summary>
    public async Task DoAsync(string taskName)
    {
        switch (taskName)
        {
            case "mfa-off":
                await SetMfaAsync("spe-old", false);
                break;
            case "transfer-licence":
                await LabAsync("/lab/licence/transfer", new { serverName = "spe-new" });
                break;
            case "install":
                await LabAsync("/lab/servers/spe-new/install", new { mode = "single" });
                break;
            case "mfa-on":
                await SetMfaAsync("spe-new", true);
                break;
            case "undo-transfer-licence":
                await LabAsync("/lab/licence/transfer", new { serverName = "spe-old" });
                break;
            case "undo-mfa-off":
                await SetMfaAsync("spe-old", true);
                break;
        }
    }

    public async Task<HttpResponseMessage> AnswerAsync(string taskId, object? fields = null, string? key = null, string? outcome = null, string by = "j.doe")
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, $"/api/tasks/{taskId}/complete")
        {
            Content = JsonContent.Create(new { completedBy = by, outcome, comment = "done", fields }),
        };
        if (key is not null)
        {
            message.Headers.Add("Idempotency-Key", key);
        }

        return await client.SendAsync(message);
    }

    public object? FieldsFor(string taskName) => taskName == "smtp-password"
        ? new { password = File.ReadAllText(Path.Combine(dataDirectory, "lab-smtp-password.txt")) }
        : null;

    public async Task LabAsync(string path, object body)
    {
        using var answer = await client.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>How often each effect happened on each server. Thumbprints differ from farm to farm and are counted together.</summary>
    public async Task<SortedDictionary<string, int>> EffectsAsync()
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in new[] { "spe-old", "spe-new" })
        {
            foreach (var effect in (await client.GetFromJsonAsync<JsonElement>($"/lab/servers/{name}/effects")).EnumerateArray())
            {
                var key = Thumbprint().Replace($"{name} {effect.GetProperty("kind").GetString()} {effect.GetProperty("target").GetString()}", "(certificate)");
                counts[key] = counts.GetValueOrDefault(key) + 1;
            }
        }

        return counts;
    }

    [GeneratedRegex("[0-9A-F]{40}")]
    private static partial Regex Thumbprint();

    private async Task SetMfaAsync(string machine, bool enabled)
    {
        foreach (var administrator in MfaAdministrators)
        {
            await LabAsync($"/lab/servers/{machine}/administrators/{administrator}/mfa", new { enabled });
        }
    }
}
