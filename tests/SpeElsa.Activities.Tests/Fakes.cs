using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using SpeElsa.Machines;
using SpeElsa.MailStore;

namespace SpeElsa.Activities.Tests;

/// <summary>The world of a fake step: what it shows, how often it was changed, and how it goes wrong.</summary>
internal sealed class FakeWorld
{
    private int _acts;
    private int _observations;

    public bool IsDone { get; set; }

    public bool ActHelps { get; set; } = true;

    public int Acts => _acts;

    public int Observations => _observations;

    /// <summary>Overrides what is seen; gets the number of the look, from 1.</summary>
    public Func<int, Observation?>? See { get; set; }

    /// <summary>What goes wrong in an act; gets its number, from 1.</summary>
    public Func<int, Exception?>? Fail { get; set; }

    /// <summary>Set: the act is carried out and then never returns, as when the process dies there.</summary>
    public TaskCompletionSource? Hang { get; set; }

    /// <summary>Given: the step works by ticket.</summary>
    public IReadOnlyList<TicketWork> Works { get; set; } = [];

    public Observation Observe(StepContext step)
    {
        var number = Interlocked.Increment(ref _observations);
        if (See?.Invoke(number) is { } seen)
        {
            return seen;
        }

        var isDone = Works.Count > 0 ? Works.All(work => step.Result<JsonObject>(work.Key) is not null) : IsDone;
        return isDone ? Observation.Done(new { seen = "done", number }) : Observation.NotDone("It is not done.");
    }

    public async Task<MoveAct> ActAsync(CancellationToken cancellationToken)
    {
        var number = Interlocked.Increment(ref _acts);
        if (Fail?.Invoke(number) is { } exception)
        {
            throw exception;
        }

        IsDone = ActHelps;
        if (Hang is { } hang)
        {
            hang.TrySetResult();
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        return new MoveAct("Acted", Works);
    }
}

/// <summary>A step on a <see cref="FakeWorld"/>.</summary>
[Activity("Test", "FakeStep", 1, "A step of tests", "Test", Kind = ActivityKind.Task)]
public sealed class FakeStep : MoveStep
{
    private protected override Task<Observation> ObserveAsync(StepContext step) =>
        Task.FromResult(step.Context.GetRequiredService<FakeWorld>().Observe(step));

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.Stays("It is a test.");

    private protected override Task<MoveAct> ActAsync(StepContext step, Observation observation) =>
        step.Context.GetRequiredService<FakeWorld>().ActAsync(step.CancellationToken);
}

internal sealed class FakeFleet(params IEnumerable<IMachine> machines) : IFleet
{
    private readonly Dictionary<string, IMachine> _machines = machines.ToDictionary(machine => machine.Name, StringComparer.Ordinal);

    public IReadOnlyList<string> Names => [.. _machines.Keys];

    public IMachine Machine(string name) => _machines[name];

    public MachineSettings Settings(string name) => new() { Name = name, HostName = $"{name}.lab.example" };

    public Task<IManagementApi> ManagementApiAsync(string machineName, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}

/// <summary>A machine whose tickets do what a test says.</summary>
internal sealed class FakeMachine(string name) : IMachine
{
    private readonly ConcurrentDictionary<string, TicketState> _tickets = new(StringComparer.Ordinal);

    public string Name => name;

    /// <summary>Every start that began a ticket, in order.</summary>
    public ConcurrentQueue<string> Begun { get; } = [];

    public ConcurrentQueue<string> Completed { get; } = [];

    public int Starts { get; private set; }

    public int Polls { get; private set; }

    /// <summary>The state of a ticket at a poll; gets the ticket and the number of the poll.</summary>
    public Func<string, int, TicketState> State { get; set; } = (_, _) => TicketState.Succeeded;

    public ScriptError Error { get; set; } = new(ScriptErrorCodes.CopyFailed, "The disk is full.", null, null, null);

    public int MostAtOnce { get; private set; }

    /// <summary>What a script that is no ticket gives.</summary>
    public Func<JsonObject, CancellationToken, Task<JsonElement>> Invoke { get; set; } = (_, _) => throw new NotSupportedException();

    /// <summary>What was asked to stop.</summary>
    public ConcurrentQueue<string> Cancelled { get; } = [];

    public Task<JsonElement> InvokeAsync(MachineScript script, JsonObject input, CancellationToken cancellationToken) => Invoke(input, cancellationToken);

    /// <summary>What a start waits for before it answers.</summary>
    public Func<CancellationToken, Task>? Starting { get; set; }

    public async Task<TicketStatus> StartAsync(string ticket, MachineScript script, JsonObject input, CancellationToken cancellationToken)
    {
        Starts++;
        if (_tickets.TryAdd(ticket, TicketState.Running))
        {
            Begun.Enqueue(ticket);
        }

        MostAtOnce = Math.Max(MostAtOnce, _tickets.Values.Count(state => state is TicketState.Running));
        await (Starting?.Invoke(cancellationToken) ?? Task.CompletedTask);
        return Status(ticket, _tickets[ticket]);
    }

    public Task<TicketStatus> GetStatusAsync(string ticket, long afterSequence, CancellationToken cancellationToken)
    {
        var state = _tickets.ContainsKey(ticket) ? State(ticket, ++Polls) : TicketState.Unknown;
        if (_tickets.ContainsKey(ticket))
        {
            _tickets[ticket] = state;
        }

        return Task.FromResult(Status(ticket, state));
    }

    public Task CancelAsync(string ticket, CancellationToken cancellationToken)
    {
        Cancelled.Enqueue(ticket);
        return Task.CompletedTask;
    }

    public Task CompleteAsync(string ticket, CancellationToken cancellationToken)
    {
        Completed.Enqueue(ticket);
        return Task.CompletedTask;
    }

    /// <summary>As a machine that was set up anew: it knows no ticket.</summary>
    public void Forget() => _tickets.Clear();

    private TicketStatus Status(string ticket, TicketState state) => new(
        ticket,
        state,
        [],
        0,
        new TicketProgress(50, 200, 1, 4, 100, "mail.dat"),
        state is TicketState.Succeeded ? JsonSerializer.SerializeToElement(new { filesCopied = 4 }) : null,
        state is TicketState.Failed ? Error : null);
}
