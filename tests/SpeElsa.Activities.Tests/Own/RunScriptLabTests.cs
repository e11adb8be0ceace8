using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SpeElsa.Lab;
using SpeElsa.Machines;

namespace SpeElsa.Activities.Tests.Own;

/// <summary>An author's script, and the one that undoes it, run by the real scripts on a server of the lab that has no product.</summary>
public sealed class RunScriptLabTests : IAsyncDisposable
{
    private const string Script =
        """
        $service = Get-Service -Name $InputObject.service
        Write-Host "Stopping $($InputObject.service)"
        $service.Stop()
        [pscustomobject]@{ stopped = $InputObject.service; was = [string]$service.Status }
        """;

    private const string UndoScript =
        """
        if ($null -eq $UndoneResult) { throw 'nothing to go by' }
        (Get-Service -Name $UndoneResult.stopped).Start()
        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("spe-own-");
    private readonly LabFarm _farm;
    private readonly LabServer _server;

    public RunScriptLabTests()
    {
        _farm = LabFarm.Open(new LabOptions { Directory = _directory.FullName }, TimeProvider.System, NullLoggerFactory.Instance);
        _server = _farm.AddServer("spe-old", 1L << 30);
        _server.AddService(new LabService { Name = "Backup", State = LabService.Running });
    }

    private int Stops => _server.Effects.Count(effect => effect.Kind == LabEffectKinds.ServiceStop);

    private int Starts => _server.Effects.Count(effect => effect.Kind == LabEffectKinds.ServiceStart);

    private static JsonObject Inputs => new()
    {
        ["machine"] = "spe-old",
        ["script"] = Script,
        ["input"] = new JsonObject { ["service"] = "Backup" },
        ["undoBy"] = RunScript.UndoByScript,
        ["undoScript"] = UndoScript,
        ["undoneWhen"] = "(Get-Service -Name $InputObject.service).Status -eq 'Running'",
    };

    [Fact]
    public async Task A_script_does_its_work_says_how_far_it_is_and_is_undone_with_what_it_put_out()
    {
        await using var host = await StartAsync(machine => machine);

        var finished = await host.WaitForFinishAsync(await host.RunAsync("SpeElsa.RunScript", Inputs, null, "result"));

        Assert.Equal(1, Stops);
        Assert.Equal("Stopping Backup", finished.Journal.Single(row => row.EventName == "TicketSaid").Message);
        Assert.Equal("Backup", finished.Completed.GetProperty("Outputs").GetProperty("Result").GetProperty("stopped").GetString());
        Assert.Empty(Directory.GetDirectories(Path.Combine(_directory.FullName, "spe-old", "C", "ProgramData", "SpeElsa", "Tickets")));

        var plan = UndoPlan.Of(new MoveFacts("0123456789ab", "spe-old", "spe-new", null), [HistoryOf(finished)]);
        var undo = Assert.Single(plan.Steps);
        Assert.Equal(("SpeElsa.RunScript", "Run the script on spe-old that undoes 'Stop the backup'", UndoPhase.BeforeStart), (undo.Type, undo.Title, undo.Phase));

        await host.Host.WaitForFinishAsync(await host.Host.StartWorkflowAsync(UndoWorkflow.Write(plan, "Undo").ToJsonString()));
        Assert.Equal(1, Starts);
    }

    /// <summary>The answer to the start is lost on its way: nobody knows whether it began, and the same ticket is started again.</summary>
    [Fact]
    public async Task Started_twice_under_the_same_ticket_it_has_one_effect()
    {
        Flaky? flaky = null;
        await using var host = await StartAsync(machine => flaky = new Flaky(machine));

        var finished = await host.WaitForFinishAsync(await host.RunAsync("SpeElsa.RunScript", Inputs, null, "result"));

        Assert.Equal(2, flaky!.Tickets.Count);
        Assert.Single(flaky.Tickets.Distinct());
        Assert.Equal(1, Stops);
        Assert.Equal(1, finished.Count("TicketUnclear"));
        Assert.Equal("Backup", finished.Completed.GetProperty("Outputs").GetProperty("Result").GetProperty("stopped").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        await _farm.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static StepHistory HistoryOf(StepHost.Finished finished) => new(
        new StepFacts
        {
            Move = new MoveFacts("0123456789ab", "spe-old", "spe-new", null),
            ExecutionId = "1",
            ActivityId = "step",
            Name = "Stop the backup",
            HasEnded = true,
            MayHaveActed = true,
            Evidence = finished.Evidence,
            Inputs = finished.Payload("Started", "step").GetProperty(nameof(Inputs)).EnumerateObject()
                .ToDictionary(input => input.Name, input => input.Value, StringComparer.OrdinalIgnoreCase),
        },
        new RunScript());

    private Task<StepHost> StartAsync(Func<IMachine, IMachine> wrap)
    {
        var machine = wrap(new ScriptedMachine("spe-old", _farm.Transport("spe-old")));
        return StepHost.StartAsync(services => services.AddSingleton<IFleet>(new FakeFleet(machine)));
    }

    /// <summary>The first start arrives, its answer does not.</summary>
    private sealed class Flaky(IMachine machine) : IMachine
    {
        public List<string> Tickets { get; } = [];

        public string Name => machine.Name;

        public Task<JsonElement> InvokeAsync(MachineScript script, JsonObject input, CancellationToken cancellationToken) => machine.InvokeAsync(script, input, cancellationToken);

        public async Task<TicketStatus> StartAsync(string ticket, MachineScript script, JsonObject input, CancellationToken cancellationToken)
        {
            Tickets.Add(ticket);
            var status = await machine.StartAsync(ticket, script, input, cancellationToken);
            return Tickets.Count == 1
                ? throw new MachineScriptException(Name, script.Name, new ScriptError(ScriptErrorCodes.NoResult, "The connection broke.", null, null, null))
                : status;
        }

        public Task<TicketStatus> GetStatusAsync(string ticket, long afterSequence, CancellationToken cancellationToken) => machine.GetStatusAsync(ticket, afterSequence, cancellationToken);

        public Task CancelAsync(string ticket, CancellationToken cancellationToken) => machine.CancelAsync(ticket, cancellationToken);

        public Task CompleteAsync(string ticket, CancellationToken cancellationToken) => machine.CompleteAsync(ticket, cancellationToken);
    }
}
