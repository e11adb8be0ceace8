using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Machines;

namespace SpeElsa.Activities.Tests.Own;

/// <summary>An author's script as a step: run once, looked at, asked about when nobody can know.</summary>
public sealed class RunScriptTests
{
    private readonly FakeMachine _machine = new("m1") { State = (_, _) => TicketState.Succeeded };
    private readonly LabBench.MemorySecrets _secrets = new();

    [Fact]
    public async Task Lost_on_its_machine_it_is_not_run_again_until_a_person_says_so()
    {
        _machine.State = (ticket, _) => ticket.EndsWith("-1", StringComparison.Ordinal) ? TicketState.Abandoned : TicketState.Succeeded;
        await using var host = await StartAsync();
        var id = await RunAsync(host);

        var (bookmark, task) = await host.WaitForTaskAsync(id);
        Assert.Contains("It began and never ended", task.Finding, StringComparison.Ordinal);
        Assert.Contains("Retry \u2013 run the script once more, from its first line, whatever it has done already.", task.Instructions, StringComparison.Ordinal);
        Assert.Single(_machine.Begun);

        await host.AnswerAsync(id, bookmark.Id, HumanTasks.RetryOutcome);
        var finished = await host.WaitForFinishAsync(id);
        Assert.Equal(2, _machine.Begun.Count);
        Assert.Equal(HumanTasks.DoneOutcome, finished.Outcome);
    }

    [Fact]
    public async Task Whether_a_lost_one_did_its_work_Done_when_tells()
    {
        var looks = 0;
        _machine.State = (_, _) => TicketState.Abandoned;
        _machine.Invoke = (input, _) =>
        {
            Assert.Equal("look", (string?)input["script"]);
            return Gives(new { done = ++looks > 1, evidence = new { looks } });
        };
        await using var host = await StartAsync();

        var finished = await host.WaitForFinishAsync(await RunAsync(host, new() { ["doneWhen"] = "look" }));

        Assert.Single(_machine.Begun);
        Assert.Equal(2, finished.Evidence.GetProperty("seen").GetProperty("looks").GetInt32());
    }

    [Fact]
    public async Task What_is_done_already_is_not_run()
    {
        _machine.Invoke = (_, _) => Gives(" True ");
        await using var host = await StartAsync();

        var finished = await host.WaitForFinishAsync(await RunAsync(host, new() { ["doneWhen"] = "look" }));

        Assert.Equal((0, HumanTasks.DoneOutcome), (_machine.Starts, finished.Outcome));
        Assert.Equal(0, finished.Count("Acted"));
    }

    [Fact]
    public async Task What_Done_when_puts_out_has_to_be_an_answer()
    {
        _machine.Invoke = (_, _) => Gives("perhaps");
        await using var host = await StartAsync();

        var (_, task) = await host.WaitForTaskAsync(await RunAsync(host, new() { ["doneWhen"] = "look" }));

        Assert.Contains("has to put out $true or $false, or an object with 'done' and 'evidence'. It put out: \"perhaps\"", task.Finding, StringComparison.Ordinal);
        Assert.Equal(0, _machine.Starts);
    }

    [Fact]
    public async Task One_that_fails_asks_and_says_why()
    {
        _machine.State = (_, _) => TicketState.Failed;
        _machine.Error = new ScriptError(ScriptErrorCodes.Failed, "Line 2: the disk is full", "Invoke-OwnScript", 2, "throw");
        await using var host = await StartAsync();

        var (_, task) = await host.WaitForTaskAsync(await RunAsync(host));

        Assert.EndsWith("did not succeed: Line 2: the disk is full", task.Finding, StringComparison.Ordinal);
        Assert.Single(_machine.Begun);
    }

    [Fact]
    public async Task One_that_takes_too_long_is_stopped_and_asked_about()
    {
        _machine.State = (_, _) => _machine.Cancelled.IsEmpty ? TicketState.Running : TicketState.Cancelled;
        await using var host = await StartAsync();

        var (_, task) = await host.WaitForTaskAsync(await RunAsync(host, new() { ["timeLimit"] = "00:00:00.0010000" }));

        Assert.Contains("it had not ended after 00:00:00.0010000 and was stopped", task.Finding, StringComparison.Ordinal);
        Assert.Equal(_machine.Begun, _machine.Cancelled);
    }

    [Fact]
    public async Task A_secret_reaches_the_script_and_nothing_else()
    {
        const string Canary = "canary-\"4711";
        await _secrets.PutAsync("script-backup", Canary, default);
        _machine.Invoke = (input, _) => Gives(new { user = "u", said = $"logged in with {(string?)input["input"]!["password"]}" });
        var store = new InMemoryStore();
        await using var host = await StartAsync(store);
        var id = await RunAsync(host, new() { ["input"] = new JsonObject { ["password"] = "secret:script-backup" } });

        var finished = await host.WaitForFinishAsync(id);

        Assert.Equal(0, _machine.Starts);
        Assert.Equal("logged in with ***", finished.Evidence.GetProperty("result").GetProperty("said").GetString());
        Assert.DoesNotContain("4711", string.Concat(finished.Journal.Select(row => row.Message + row.Payload)), StringComparison.Ordinal);
        Assert.DoesNotContain("4711", EngineJson.Write(finished.State), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_script_with_a_secret_fails_with_tells_no_secret_and_it_is_not_run_again()
    {
        await _secrets.PutAsync("script-backup", "canary-4711", default);
        _machine.Invoke = (input, _) => throw new MachineScriptException(
            "m1", "Invoke-OwnScript", new ScriptError(ScriptErrorCodes.NoResult, $"it ended: {(string?)input["input"]!["password"]}", null, null, null));
        await using var host = await StartAsync();
        var id = await RunAsync(host, new() { ["input"] = new JsonObject { ["password"] = "secret:script-backup" } });

        var (bookmark, task) = await host.WaitForTaskAsync(id);

        Assert.Contains("it ended: ***", task.Finding, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", EngineJson.Write(await host.Host.StateAsync(id)), StringComparison.Ordinal);
        await host.AnswerAsync(id, bookmark.Id, HumanTasks.SkipOutcome, new JsonObject { ["reason"] = "later" });
        await host.WaitForFinishAsync(id);
    }

    [Theory]
    [InlineData("secret:token-signing-key", "A script may not have the secret 'token-signing-key'.")]
    [InlineData("secret:machines/spe-old-password", "A script may not have the secret 'machines/spe-old-password'.")]
    [InlineData("secret:script-gone", "The secret 'script-gone' is not stored, or not any more.")]
    public async Task A_secret_that_is_not_for_scripts_stays_where_it_is(string reference, string why)
    {
        await _secrets.PutAsync("token-signing-key", "x", default);
        await _secrets.PutAsync("machines/spe-old-password", "x", default);
        await using var host = await StartAsync();

        var (_, task) = await host.WaitForTaskAsync(await RunAsync(host, new() { ["input"] = new JsonObject { ["a"] = new JsonArray(reference) } }));

        Assert.StartsWith(why, task.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cut_off_in_a_run_with_a_secret_it_asks_a_person()
    {
        await _secrets.PutAsync("script-backup", "canary-4711", default);
        var (store, calls, called) = (new InMemoryStore(), 0, new TaskCompletionSource());
        _machine.Invoke = async (_, token) =>
        {
            if (++calls == 1)
            {
                called.SetResult();
                await Task.Delay(Timeout.Infinite, token);
            }

            return await Gives(new { calls });
        };
        string id;
        await using (var host = await StartAsync(store))
        {
            id = await RunAsync(host, new() { ["input"] = new JsonObject { ["password"] = "secret:script-backup" } });
            await called.Task.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        }

        await using var second = await StartAsync(store);
        var (bookmark, task) = await second.WaitForTaskAsync(id);
        Assert.Contains("The script was begun on m1 and gave no result", task.Finding, StringComparison.Ordinal);
        Assert.Equal(1, calls);

        await second.AnswerAsync(id, bookmark.Id, HumanTasks.RetryOutcome);
        var finished = await second.WaitForFinishAsync(id);
        Assert.Equal((2, 2), (calls, finished.Evidence.GetProperty("result").GetProperty("calls").GetInt32()));
    }

    [Fact]
    public async Task Cut_off_just_after_its_start_it_meets_its_ticket_also_where_its_work_shows_already()
    {
        var (store, begun) = (new InMemoryStore(), new TaskCompletionSource());
        _machine.State = (_, _) => TicketState.Running;
        _machine.Invoke = (_, _) => Gives(!_machine.Begun.IsEmpty);
        _machine.Starting = token =>
        {
            begun.TrySetResult();
            return Task.Delay(Timeout.Infinite, token);
        };
        string id;
        await using (var host = await StartAsync(store))
        {
            id = await RunAsync(host, new() { ["doneWhen"] = "look" });
            await begun.Task.WaitAsync(TimeSpan.FromMinutes(5), TestContext.Current.CancellationToken);
        }

        _machine.Starting = null;
        await using var second = await StartAsync(store);
        await second.WaitForJournalAsync(id, "TicketStarted");
        _machine.State = (_, _) => TicketState.Succeeded;
        await second.WaitForFinishAsync(id);
        Assert.Equal(_machine.Begun, _machine.Completed);
        Assert.Single(_machine.Begun);
    }

    [Fact]
    public async Task It_says_when_downtime_begins_and_ends()
    {
        await using var host = await StartAsync();

        var finished = await host.WaitForFinishAsync(await RunAsync(host, new() { ["downtimeBegins"] = true, ["downtimeEnds"] = true }));

        Assert.Equal((1, 1), (finished.Count(Downtime.StartedEvent), finished.Count(Downtime.EndedEvent)));
    }

    [Theory]
    [InlineData("""{"value":"[1]"}""", "[1]")]
    [InlineData("""{"value":"{ not json"}""", "\"{ not json\"")]
    [InlineData("""{"value":[1,"two"]}""", "[1,\"two\"]")]
    [InlineData("""{"value":null}""", "null")]
    public void A_text_that_is_JSON_is_what_it_says(string answer, string expected) =>
        Assert.Equal(expected, ScriptValue.Read(JsonSerializer.Deserialize<JsonElement>(answer))?.ToJsonString(Wire.Options) ?? "null");

    [Fact]
    public void Its_script_is_edited_as_PowerShell() => Assert.Equal(
        ["DoneWhen", "Script", "UndoScript", "UndoneWhen"],
        typeof(RunScript).GetProperties()
            .Where(property => property.GetCustomAttributes(typeof(Elsa.Workflows.Attributes.InputAttribute), false)
                .Cast<Elsa.Workflows.Attributes.InputAttribute>()
                .Any(input => input is { UIHint: "code-editor" } && input.UIHandler == typeof(PowerShellEditor)))
            .Select(property => property.Name).Order(StringComparer.Ordinal));

    private static Task<JsonElement> Gives(object value) => Task.FromResult(JsonSerializer.SerializeToElement(new { value }));

    private static Task<string> RunAsync(StepHost host, JsonObject? inputs = null)
    {
        var all = new JsonObject { ["machine"] = "m1", ["script"] = "do it" };
        foreach (var (name, value) in inputs ?? [])
        {
            all[name] = value?.DeepClone();
        }

        return host.RunAsync("SpeElsa.RunScript", all);
    }

    private Task<StepHost> StartAsync(InMemoryStore? store = null) => StepHost.StartAsync(
        services =>
        {
            services.AddSingleton<IFleet>(new FakeFleet(_machine));
            services.AddSingleton<ISecretStore>(_secrets);
        },
        store);
}
