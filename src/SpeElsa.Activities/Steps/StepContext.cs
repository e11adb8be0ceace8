using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using SpeElsa.Machines;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>What a step may use while it observes and acts.</summary>
internal sealed class StepContext
{
    private const string StateKey = "Step";

    public StepContext(ActivityExecutionContext context)
    {
        Context = context;
        Options = context.GetService<MoveStepOptions>() ?? new MoveStepOptions();
        State = context.GetProperty<string>(StateKey) is { } text
            ? JsonSerializer.Deserialize<StepState>(text, Wire.Options)!
            : new StepState();
        Entry = context.GetMetadata<int>("Attempt");
        WasCutOff = Entry != State.Entry + 1;
    }

    public ActivityExecutionContext Context { get; }

    public MoveStepOptions Options { get; }

    public StepState State { get; }

    /// <summary>
    /// Whether the entry before this one stored nothing: it was cut off, and may have acted. Where an engine does not count entries it can never be ruled out.
    /// </summary>
    public bool WasCutOff { get; }

    private int Entry { get; }

    public TimeProvider Time => Context.GetService<TimeProvider>() ?? TimeProvider.System;

    public DateTimeOffset Now => Time.GetUtcNow();

    public CancellationToken CancellationToken => Context.CancellationToken;

    /// <summary>The move is its workflow instance.</summary>
    public string MoveId => Context.WorkflowExecutionContext.Id;

    public IFleet Fleet => Context.GetRequiredService<IFleet>().For(MoveId);

    public IMachine Machine(string name) => Fleet.Machine(name);

    public MachineSettings Settings(string name) => Fleet.Settings(name);

    public Task<IManagementApi> ApiAsync(string machine) => Fleet.ManagementApiAsync(machine, CancellationToken);

    /// <summary>What the Management Server of a machine can do; remembered for its version where the host keeps a cache.</summary>
    public Task<ManagementApiMetadata> MetadataAsync(string machine, IManagementApi api) =>
        (Context.GetService<ManagementApiMetadataCache>() ?? new ManagementApiMetadataCache()).GetAsync(machine, api, CancellationToken);

    /// <summary>A password for one use.</summary>
    public string NewPassword() => (Context.GetService<OneTimePasswords>() ?? new OneTimePasswords()).Create();

    /// <summary>Reads an input that can not be left empty.</summary>
    public string Require(Input<string> input, string name) =>
        Context.Get(input) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"The input {name} of '{HumanTasks.NameOf(Context)}' is empty.");

    public T? Get<T>(Input<T> input) => Context.Get(input);

    /// <summary>Where the product is: as the input says, or as configured for the machine.</summary>
    public string InstallDirectory(Input<string> input, string machine) =>
        Context.Get(input) is { Length: > 0 } given ? given.TrimEnd('\\') : Settings(machine).InstallDirectory.TrimEnd('\\');

    /// <summary>What a work of this step gave; null while it has not ended.</summary>
    public T? Result<T>(string key)
        where T : class => State.Tickets.Find(item => item.Key == key)?.Result is { } result ? result.Deserialize<T>(Wire.Options) : null;

    public void Journal(string eventName, string? message, object? payload = null) =>
        Context.AddExecutionLogEntry(eventName, message, null, Wire.Plain(payload));

    public void Save()
    {
        State.Entry = Entry;
        Context.SetProperty(StateKey, Wire.Write(State));
    }
}
