using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace SpeElsa.Torture;

/// <summary>How many deaths are left to the run.</summary>
internal interface IKillBudget
{
    /// <summary>Takes one; false when none is left.</summary>
    bool Take();

    /// <summary>Gives one back that was not needed.</summary>
    void GiveBack();
}

/// <summary>One database with drawn workflows, whose engine is killed and started again until all instances have ended.</summary>
internal sealed class Round(int number, string folder, TortureOptions options, Findings findings, IKillBudget budget) : IRound
{
    private static readonly string[] Places = [.. typeof(Engine.Runtime.FaultPoint).GetFields().Select(field => (string)field.GetValue(null)!)];
    /// <summary>The exit code of a process that SIGKILL has ended.</summary>
    private const int Killed = 128 + 9;

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    /// <summary>How long a life that is to show the recovery may take where the machine has no processor for it.</summary>
    private static readonly TimeSpan SlowRecovery = TimeSpan.FromMinutes(1);

    private readonly Random _random = new(Seeds.Mix(options.Seed, number));
    private readonly ConcurrentDictionary<string, Sighting> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _moved = new(StringComparer.Ordinal);
    private readonly List<Command> _commands = [];
    private readonly Dictionary<string, DrawnWorkflow> _plans = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _lives;
    private (string InstanceId, byte[] State)? _poison;
    private string? _poisoned;

    private string Name => string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed} round {number} life {_lives}");

    private string Data => Path.Combine(folder, "data");

    /// <summary>Plays the round to its end.</summary>
    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(Data);
        Plan();
        using var audit = new Audit(Data, Path.Combine(folder, "copy"), findings);
        var isDone = false;
        while (!isDone)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _lives++;
            isDone = await LiveAsync(audit, cancellationToken);
        }

        await audit.EndAsync(Name, _plans, [.. _commands.Where(command => command.IsSignal).Select(command => command.Key)]);
        findings.RoundEnded(_plans.Count, audit.Effects);
    }

    /// <summary>Four definitions, three instances of each; one of the definitions gets a next version, and an instance of that.</summary>
    private void Plan()
    {
        var generator = new Generator(_random);
        foreach (var workflow in Enumerable.Range(0, 4).Select(index => generator.Draw($"d{index}")).ToArray())
        {
            var publishing = workflow.Children.Select(child => Publish(child, 1, null)).ToList();
            publishing.Add(Publish(workflow, 1, null));
            var starts = Enumerable.Range(0, 3).Select(index => Start($"{workflow.DefinitionId}-{index}", workflow, publishing)).ToArray();
            if (workflow.DefinitionId == "d0")
            {
                // Published when the instances before it are running: they stay on theirs.
                var next = Generator.NextVersion(workflow);
                Start("d0-next", next, [Publish(next, 2, starts)]);
            }
        }
    }

    private Command Publish(DrawnWorkflow workflow, int version, IReadOnlyList<Command>? after)
    {
        var path = Path.Combine(Data, $"{workflow.DefinitionId}@{version}.json");
        File.WriteAllText(path, workflow.Json);
        return Add(new Command(path, $"publish {path}", after ?? []));
    }

    private Command Start(string instanceId, DrawnWorkflow workflow, IReadOnlyList<Command> after)
    {
        _plans.Add(instanceId, workflow);
        var start = Add(new Command($"start:{instanceId}", $"start start:{instanceId} {instanceId} {workflow.DefinitionId}", after));
        foreach (var (name, times) in workflow.Signals)
        {
            for (var time = 0; time < times; time++)
            {
                var key = $"signal:{instanceId}:{name}:{time}";
                Add(new Command(key, $"signal {key} {instanceId} {name}", [start]) { IsSignal = true });
            }
        }

        return start;
    }

    private Command Add(Command command)
    {
        lock (_lock)
        {
            _commands.Add(command);
        }

        return command;
    }

    /// <summary>One process, from its start to its death.</summary>
    /// <returns>Whether everything has ended.</returns>
    private async Task<bool> LiveAsync(Audit audit, CancellationToken cancellationToken)
    {
        var isNamed = _random.Next(2) == 0;
        var death = isNamed ? (Places[_random.Next(Places.Length)], _random.Next(1, 30)) : ((string, int)?)null;
        var killAfter = TimeSpan.FromMilliseconds(isNamed ? 1500 : _random.Next(1, 800));
        var diesEarly = !isNamed && _random.Next(12) == 0;
        if (!isNamed && !diesEarly && _random.Next(12) == 0)
        {
            // Long enough to see that everything that was cut off has gone on in time.
            killAfter = Recovery + TimeSpan.FromMilliseconds(500);
        }

        var kills = budget.Take();
        var cutOff = audit.CutOff.ToHashSet(StringComparer.Ordinal);
        _moved.Clear();
        using var process = EngineProcess.Start(Data, options.Sabotage, kills ? death : null, (engine, line) => Hear(engine, line, cutOff));
        if (kills && diesEarly)
        {
            await Task.WhenAny(process.Exit, Task.Delay(killAfter, cancellationToken));
            await KillAsync(process, "while it starts");
            await audit.LookAsync(Name, Answered());
            return false;
        }

        await process.Ready;
        var feeding = FeedAsync(process, cancellationToken);
        var deadline = kills ? killAfter : TimeSpan.FromMinutes(2);
        var started = process.Age;
        var served = process.Served;
        var lastChange = (Count: 0L, At: process.Age);
        var (isDone, isMended) = (false, false);
        while (!process.Exit.IsCompleted && (process.Age - started < deadline || (killAfter > Recovery && process.Age - started < SlowRecovery && process.Served - served < Recovery)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            isDone = IsDone();
            isMended = !isDone && _poison is { } poison && _seen.GetValueOrDefault(poison.InstanceId) is { SubStatus: "SetAside" };
            if (isDone || isMended)
            {
                break;
            }

            var count = _seen.Values.Sum(sighting => sighting.StateVersion) + _answers.Count;
            lastChange = count == lastChange.Count ? lastChange : (count, process.Age);
            if (!kills && process.Age - lastChange.At > options.Patience)
            {
                break;
            }

            await Task.WhenAny(process.Exit, Task.Delay(5, cancellationToken));
        }

        if (isDone || isMended || (!kills && !process.Exit.IsCompleted))
        {
            process.Tell("quit");
            var code = await process.EndAsync();
            if (kills && code == Killed)
            {
                // Its place came after all.
                findings.Killed($"at {death?.Item1}");
            }
            else if (kills)
            {
                budget.GiveBack();
            }

            if (code != 0 && !(kills && code == Killed))
            {
                findings.Report(Finding.Violation, Name, $"it ended with exit code {code}: {process.Errors}");
            }

            await feeding;
            await audit.LookAsync(Name, Answered());
            if (isMended && Poison(audit))
            {
                return false;
            }

            foreach (var id in isDone ? [] : _plans.Keys.Where(id => !HasEnded(id)))
            {
                findings.Report(Finding.Stuck, Name, $"{id} is {_seen.GetValueOrDefault(id)?.SubStatus ?? "nowhere"} and goes on no more; {audit.Describe(id)}");
            }

            return true;
        }

        // On a machine that is busy with other things five seconds may be gone before the process has run at all.
        if (!process.Exit.IsCompleted && process.Served - served > Recovery && cutOff.FirstOrDefault(id => !_moved.ContainsKey(id)) is { } still)
        {
            findings.Report(Finding.Violation, Name, $"{still} was cut off and has not gone on {Recovery.TotalSeconds} s after the start; {audit.Describe(still)}");
        }

        await KillAsync(process, process.Exit.IsCompleted ? $"at {death?.Item1}" : "at random");
        await feeding;
        await audit.LookAsync(Name, Answered());
        Poison(audit);
        return false;
    }

    private async Task KillAsync(EngineProcess process, string place)
    {
        if (!process.Exit.IsCompleted)
        {
            process.Kill();
        }

        if (await process.EndAsync() is not Killed and var code)
        {
            findings.Report(Finding.Violation, Name, $"it gave up by itself with exit code {code}: {process.Errors}");
        }

        findings.Killed(place);
    }

    private void Hear(EngineProcess process, string line, HashSet<string> cutOff)
    {
        var words = line.Split(' ');
        switch (words[0])
        {
            case "was" or "at" when words.Length == 4:
                var sighting = new Sighting(words[1], words[2], long.Parse(words[3], CultureInfo.InvariantCulture));
                _seen[sighting.InstanceId] = sighting;
                if (words[0] == "at" && cutOff.Contains(sighting.InstanceId) && _moved.TryAdd(sighting.InstanceId, true))
                {
                    findings.Recovered(process.Age);
                }

                break;
            case "aside":
                _moved.TryAdd(words[1], true);
                _seen[words[1]] = new Sighting(words[1], "SetAside", 0);
                break;
            case "did" when words[1].StartsWith("retry:", StringComparison.Ordinal) && words[2] == "InstanceFinished":
                // A fault is seen twice, with the result and at the end of the burst: the retry of the first sighting may have brought it to its end.
                // A run that ended by a fault and refuses its retry is found as stuck.
                break;
            case "did":
                // The same key gets the same answer, for ever: after Accepted only Duplicate.
                if (words[2] is not ("Accepted" or "Duplicate"))
                {
                    findings.Report(Finding.Violation, Name, $"{words[1]} was answered {words[2]}");
                }

                if (_answers.TryGetValue(words[1], out var earlier) && earlier is "Accepted" or "Duplicate" && words[2] == "Accepted" && words[1].Contains(':', StringComparison.Ordinal) && !words[1].StartsWith("putback", StringComparison.Ordinal))
                {
                    findings.Report(Finding.Lost, Name, $"{words[1]} was answered {earlier}, and is not known any more");
                }

                _answers[words[1]] = words[2];
                break;
            case "failed":
                findings.Report(Finding.Violation, Name, line);
                break;
        }
    }

    /// <summary>Says what has not been answered yet, some of it twice, and retries what has faulted.</summary>
    private async Task FeedAsync(EngineProcess process, CancellationToken cancellationToken)
    {
        var random = new Random(Seeds.Mix(options.Seed, number, _lives));
        var told = new HashSet<string>(StringComparer.Ordinal);
        while (!process.Exit.IsCompleted)
        {
            foreach (var faulted in _seen.Values.Where(sighting => sighting.SubStatus == "Faulted"))
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"retry:{faulted.InstanceId}:{faulted.StateVersion}");
                if (told.Add(key))
                {
                    process.Tell($"retry {key} {faulted.InstanceId}");
                }
            }

            Command[] commands;
            lock (_lock)
            {
                commands = [.. _commands];
            }

            foreach (var command in commands.Where(command => command.After.All(other => _answers.ContainsKey(other.Key))))
            {
                var isAnswered = _answers.ContainsKey(command.Key);
                if ((!isAnswered && told.Add(command.Key)) || (isAnswered && command.Key.Contains(':', StringComparison.Ordinal) && random.Next(200) == 0))
                {
                    process.Tell(command.Line);
                    if (random.Next(3) == 0)
                    {
                        await Task.WhenAny(process.Exit, Task.Delay(random.Next(1, 6), cancellationToken));
                    }
                }
            }

            await Task.WhenAny(process.Exit, Task.Delay(4, cancellationToken));
        }
    }

    /// <summary>Once in the round the stored state of an instance is damaged, and mended when it has been set aside.</summary>
    /// <returns>Whether an instance was mended.</returns>
    private bool Poison(Audit audit)
    {
        if (_poisoned is null && _lives > 2)
        {
            using var connection = Open();
            foreach (var victim in audit.Unfinished.Where(_plans.ContainsKey))
            {
                if (Execute(connection, "SELECT State FROM InstanceStates WHERE InstanceId = $id", victim) is byte[] state)
                {
                    Execute(connection, "UPDATE InstanceStates SET State = x'00ff00ff' WHERE InstanceId = $id", victim);
                    _poison = (victim, state);
                    _poisoned = victim;
                    break;
                }
            }
        }
        else if (_poison is { } poison && audit.SetAside.Contains(poison.InstanceId))
        {
            using var connection = Open();
            Execute(connection, "UPDATE InstanceStates SET State = $state WHERE InstanceId = $id", poison.InstanceId, poison.State);
            Add(new Command($"putback:{poison.InstanceId}", $"putback putback:{poison.InstanceId} {poison.InstanceId}", []));
            _poison = null;
            return true;
        }

        return false;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(Data, "engine.db")};Pooling=False");
        connection.Open();
        return connection;
    }

    private static object? Execute(SqliteConnection connection, string sql, string id, byte[]? state = null)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", id);
        if (state is not null)
        {
            command.Parameters.AddWithValue("$state", state);
        }

        return command.ExecuteScalar();
    }

    private string[] Answered() => [.. _answers.Keys.Where(key => key.Contains(':', StringComparison.Ordinal) && !key.StartsWith("putback", StringComparison.Ordinal))];

    private bool IsDone() => _commands.TrueForAll(command => _answers.ContainsKey(command.Key)) && _plans.Keys.All(HasEnded) && _seen.Values.All(sighting => sighting.SubStatus == "Finished");

    private bool HasEnded(string instanceId) => _seen.TryGetValue(instanceId, out var sighting) && sighting.SubStatus == "Finished";

    /// <summary>Something the run says to the engine until it is answered.</summary>
    /// <param name="Key">Its key.</param>
    /// <param name="Line">How it is said.</param>
    /// <param name="After">What must have been answered before.</param>
    private sealed record Command(string Key, string Line, IReadOnlyList<Command> After)
    {
        public bool IsSignal { get; init; }
    }
}
