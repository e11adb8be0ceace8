using SpeElsa.Engine.Storage;

namespace SpeElsa.Testing.Model;

/// <summary>Where a run of the model's workflow stands: "one", event "a", "two", ten minutes, event "b", "three".</summary>
public enum Place
{
    NotBegun,
    AtA,
    AtDelay,
    AtB,
    Faulted,
    Finished,
    Cancelled,
}

/// <summary>A stimulus as the model knows it.</summary>
public sealed class ModelStimulus
{
    public required string Key { get; init; }

    public required StimulusKind Kind { get; init; }

    /// <summary>The event it is, or "timer".</summary>
    public string? Event { get; init; }

    public StimulusState State { get; set; } = StimulusState.Pending;

    public bool IsOpen => State is StimulusState.Pending or StimulusState.Waiting;
}

/// <summary>What an instance must be like, said as simply as possible: no leases, no commits, no crashes.</summary>
public sealed class ModelInstance
{
    public static readonly TimeSpan Delay = TimeSpan.FromMinutes(10);

    public bool IsStarted { get; set; }

    public Place Place { get; set; }

    public bool IsReady { get; set; }

    public bool IsSetAside { get; set; }

    public int Version { get; set; } = 1;

    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Until when a worker has it that sleeps.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    public List<string> Effects { get; } = [];

    public List<ModelStimulus> Inbox { get; } = [];

    public bool HasEnded => Place is Place.Faulted or Place.Finished or Place.Cancelled;

    public Acceptance Accept(string key, StimulusKind kind, string? name = null)
    {
        if (Inbox.Any(stimulus => stimulus.Key == key))
        {
            return Acceptance.Duplicate;
        }

        if (!IsStarted && kind is not StimulusKind.Start)
        {
            return Acceptance.UnknownInstance;
        }

        if (HasEnded && !(kind is StimulusKind.Retry or StimulusKind.Resume && Place is Place.Faulted))
        {
            return Acceptance.InstanceFinished;
        }

        // What comes for a faulted run waits for a retry.
        IsStarted = true;
        IsReady |= !HasEnded || kind is StimulusKind.Retry;
        Inbox.Add(new ModelStimulus { Key = key, Kind = kind, Event = name });
        return Acceptance.Accepted;
    }

    /// <summary>A timer that is due becomes a stimulus, whoever has the instance.</summary>
    public void Raise(DateTimeOffset now)
    {
        if (DueAt <= now)
        {
            DueAt = null;
            Accept($"timer {Inbox.Count}", StimulusKind.Resume, "timer");
        }
    }

    /// <summary>What a worker does with it, until only waits are left.</summary>
    public void Run(DateTimeOffset now, bool isBroken)
    {
        IsReady = false;
        foreach (var order in Inbox.Where(stimulus => stimulus is { IsOpen: true, Kind: StimulusKind.Migrate }))
        {
            order.State = StimulusState.Consumed;
            Version = 2;
        }

        while (Inbox.Where(stimulus => stimulus.IsOpen && (!HasEnded || stimulus.Kind is StimulusKind.Retry))
            .OrderByDescending(stimulus => stimulus.Kind is StimulusKind.Cancel).FirstOrDefault(Fits) is { } next)
        {
            next.State = StimulusState.Consumed;
            Apply(next, now, isBroken);
        }

        foreach (var rest in Inbox.Where(stimulus => stimulus.IsOpen))
        {
            rest.State = Place is Place.Finished or Place.Cancelled ? StimulusState.Superseded : StimulusState.Waiting;
        }
    }

    private bool Fits(ModelStimulus stimulus) => stimulus.Kind is not StimulusKind.Resume || (Place, stimulus.Event) is (Place.AtA, "a") or (Place.AtDelay, "timer") or (Place.AtB, "b");

    private void Apply(ModelStimulus stimulus, DateTimeOffset now, bool isBroken)
    {
        switch (stimulus.Kind)
        {
            case StimulusKind.Start:
                Effects.Add("one");
                Place = Place.AtA;
                break;
            case StimulusKind.Cancel:
                Place = Place.Cancelled;
                DueAt = null;
                break;
            case StimulusKind.Retry when Place is Place.Faulted:
                Second(now, isBroken);
                break;
            case StimulusKind.Resume when Place is Place.AtA:
                Second(now, isBroken);
                break;
            case StimulusKind.Resume when Place is Place.AtDelay:
                Place = Place.AtB;
                break;
            case StimulusKind.Resume:
                Effects.Add("three");
                Place = Place.Finished;
                break;
        }
    }

    private void Second(DateTimeOffset now, bool isBroken)
    {
        if (isBroken)
        {
            Place = Place.Faulted;
            return;
        }

        Effects.Add("two");
        Place = Place.AtDelay;
        DueAt = now + Delay;
    }
}
