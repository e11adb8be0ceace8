using Elsa.Workflows.Runtime.Stimuli;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing.Stores;
using Xunit;

namespace SpeElsa.Testing.Model;

/// <summary>
/// Does a sequence of commands to the runtime and to a model of it, and compares everything that can be seen after each. The model has no leases,
/// commits or crashes: they must make no difference.
/// </summary>
public sealed class ModelRun : IDisposable
{
    private const string Sleeper = "sleeper";
    private readonly RuntimeBench _bench;
    private readonly SortedDictionary<string, ModelInstance> _model = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Claim> _asleep = [];
    private string _secondVersion = "";
    private int _deaths;

    private ModelRun(StoreUnderTest store)
    {
        _bench = new RuntimeBench(store);
        for (var number = 0; number < RuntimeCommand.Instances; number++)
        {
            _model[$"i{number}"] = new ModelInstance();
        }
    }

    /// <summary>Runs the commands on a store; throws where runtime and model differ.</summary>
    public static async Task PlayAsync(StoreUnderTest store, IReadOnlyList<RuntimeCommand> commands)
    {
        using var run = new ModelRun(store);
        run._secondVersion = await run._bench.PrepareAsync();
        foreach (var command in commands)
        {
            await run.DoAsync(command);
            await run.CompareAsync(settled: command.Verb is RuntimeVerb.Work or RuntimeVerb.Die);
        }

        // Whatever happened, everything that is not waiting for somebody is done in the end.
        await run.WorkAsync();
        await run.CompareAsync(settled: true);
    }

    public void Dispose() => _bench.Dispose();

    private async Task DoAsync(RuntimeCommand command)
    {
        var id = command.Instance;
        var instance = _model[id];
        switch (command.Verb)
        {
            case RuntimeVerb.Work:
                await WorkAsync();
                break;
            case RuntimeVerb.Start:
                var start = new StartRequest { Key = $"{id} start", InstanceId = id, DefinitionId = RuntimeBench.DefinitionId };
                Agree(instance.Accept($"{id} start", StimulusKind.Start), await _bench.Inbox.StartAsync(start, default), command);
                break;
            case RuntimeVerb.Signal:
                var name = command.Number % 2 == 0 ? "a" : "b";
                var signal = A.Signal($"{id} {name} {command.Number / 2 % 3}", id, hash: StimulusHash.Compute("Elsa.Event", new EventStimulus(name)));
                Agree(instance.Accept(signal.Key, StimulusKind.Resume, name), await _bench.Inbox.SendAsync(signal, default), command);
                break;
            case RuntimeVerb.Cancel:
                var cancel = A.Cancel($"{id} cancel {command.Number % 2}", id);
                Agree(instance.Accept(cancel.Key, StimulusKind.Cancel), await _bench.Inbox.SendAsync(cancel, default), command);
                break;
            case RuntimeVerb.Retry:
                var key = $"{id} retry {command.Number}";
                Agree(instance.Accept(key, StimulusKind.Retry), await _bench.Inbox.RetryAsync(id, key, [], default), command);
                break;
            case RuntimeVerb.Pass:
                _bench.Clock.Advance(TimeSpan.FromMinutes(command.Number));
                break;
            case RuntimeVerb.Break:
                _bench.IsBroken = !_bench.IsBroken;
                break;
            case RuntimeVerb.Die:
                await DieAsync(1 + command.Number, command.Number % 2 == 0 ? CrashSide.Before : CrashSide.After);
                break;
            case RuntimeVerb.Migrate:
                await MigrateAsync(id, instance);
                break;
            default:
                await ClaimAsync(command.Verb, id, instance);
                break;
        }
    }

    private async Task WorkAsync()
    {
        await _bench.WorkAsync($"worker {_deaths}");
        var now = _bench.Clock.GetUtcNow();
        foreach (var instance in _model.Values)
        {
            instance.Raise(now);
            if (instance is { IsReady: true, IsSetAside: false } && !(instance.LeaseUntil > now))
            {
                instance.LeaseUntil = null;
                instance.Run(now, _bench.IsBroken);
            }
        }
    }

    /// <summary>To the model a death is nothing: what the dead one had begun, the next one ends.</summary>
    private async Task DieAsync(int call, CrashSide side)
    {
        _bench.Dying.DieAt(call, side);
        try
        {
            await _bench.WorkAsync($"worker {_deaths}");
        }
        catch (StoreCrashedException)
        {
            // As it was told.
        }

        _bench.Dying.Revive();
        _deaths++;
        await _bench.Dying.EvictAsync("", default);
        foreach (var instance in _model.Values)
        {
            instance.LeaseUntil = null;
        }

        await WorkAsync();
    }

    private async Task MigrateAsync(string id, ModelInstance instance)
    {
        if (instance.Place is not (Place.AtA or Place.AtDelay or Place.AtB))
        {
            return;
        }

        var key = $"{id} migrate";
        var answer = await _bench.MigrateAsync(id, _secondVersion, key);
        Assert.Equal(instance.Accept(key, StimulusKind.Migrate), answer.Acceptance);
    }

    private async Task ClaimAsync(RuntimeVerb verb, string id, ModelInstance instance)
    {
        var now = _bench.Clock.GetUtcNow();
        var isFree = instance is { IsReady: true, IsSetAside: false } && !(instance.LeaseUntil > now);
        switch (verb)
        {
            case RuntimeVerb.PutBack:
                Assert.Equal(instance.IsSetAside, await _bench.Dying.PutBackAsync(id, default));
                instance.IsSetAside = false;
                break;
            case RuntimeVerb.SetAside or RuntimeVerb.Claim:
                var claim = await _bench.Dying.ClaimAsync(id, Sleeper, now, now + RuntimeBench.Lease, default);
                Assert.Equal(isFree, claim is not null);
                if (claim is not null && verb is RuntimeVerb.SetAside)
                {
                    await _bench.Dying.SetAsideAsync(claim, "by hand", default);
                    (instance.IsSetAside, instance.LeaseUntil) = (true, null);
                }
                else if (claim is not null)
                {
                    _asleep[id] = claim;
                    instance.LeaseUntil = now + RuntimeBench.Lease;
                }

                break;
            case RuntimeVerb.Wake when _asleep.TryGetValue(id, out var stale) && instance.LeaseUntil is null:
                await WakeAsync(stale);
                break;
        }
    }

    /// <summary>Somebody else has had the instance since: nothing is written, whatever the sleeper wants.</summary>
    private async Task WakeAsync(Claim stale)
    {
        var record = (await _bench.Reader.FindAsync(stale.InstanceId, default))!;
        var outcome = await _bench.Dying.CommitAsync(
            new Checkpoint
            {
                Claim = stale,
                ExpectedVersion = record.StateVersion,
                Instance = record with { Name = "stale", StateVersion = record.StateVersion + 1 },
                State = [1],
            },
            default);
        Assert.Equal(CommitOutcome.Superseded, outcome);
        Assert.Equal(record, await _bench.Reader.FindAsync(stale.InstanceId, default));
    }

    private static void Agree(Acceptance expected, AcceptResult actual, RuntimeCommand command) =>
        Assert.True(expected == actual.Acceptance, $"{command}: {actual.Acceptance}, not {expected}");

    private async Task CompareAsync(bool settled)
    {
        foreach (var (id, instance) in _model)
        {
            await new ModelComparison(_bench, id, instance).AssertAsync(settled);
        }
    }
}
