using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SpeElsa.Server.Tests.Harness;

namespace SpeElsa.Torture.Moves;

/// <summary>One move of one procedure. The server is killed and started again, machines fail, and in the end everything must be as after a move that nobody disturbed.</summary>
internal sealed partial class MoveRound(int number, string folder, TortureOptions options, Findings findings, IKillBudget budget) : IRound
{
    /// <summary>So that a move comes to its end.</summary>
    private const int MostKills = 12;

    /// <summary>A move costs so much by itself that fewer are not worth it.</summary>
    private const int FewestKills = 4;

    /// <summary>A life costs the start of a server and what the server does in it: short ones make room for more deaths.</summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(3);

    /// <summary>Who waits for a named place comes to it soon, except on a machine that others use and where a move has little left to do.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>To be asked costs the server a good part of its time.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private static readonly string[] Places = [.. typeof(Engine.Runtime.FaultPoint).GetFields().Select(field => (string)field.GetValue(null)!)];

    /// <summary>Faults after which doing it again is enough.</summary>
    private static readonly string[] FaultKinds = ["Delay", "LostReply", "CutMidStream", "WrongExitCode", "PartialCopy", "LockedFile", "DiskFull"];

    private static readonly string[] FaultyScripts =
    [
        "Copy-Directory", "Get-DirectoryManifest", "Stop-WindowsService", "Start-WindowsService", "Set-WindowsServiceStartMode", "Import-Certificates", "Export-Certificates",
        "Move-CertificatesAside", "Move-Aside", "Get-MailStoreServices", "Get-ServerFacts", "Get-Certificates",
    ];

    /// <summary>What a repeat does again because nothing of the first try is left: it changes nothing that counts.</summary>
    private static readonly string[] Repeatable = ["certificate-export", "file-copy", "file-remove"];

    /// <summary>Acts of people. One that a kill has cut off is done again by the person, and is no promise of the product.</summary>
    private static readonly string[] ByPeople = ["tool:", "console:"];

    private static readonly ConcurrentDictionary<string, Lazy<Task<Outcome>>> References = new(StringComparer.Ordinal);

    private readonly Random _random = new(Seeds.Mix(options.Seed, number));
    private readonly MoveProcedure _procedure = MoveProcedure.All[number % MoveProcedure.All.Count];

    /// <summary>So that a short run comes to every procedure, too.</summary>
    private readonly int _mostKills = Math.Clamp(options.Kills / MoveProcedure.All.Count, FewestKills, MostKills);

    private int _lives;
    private int _kills;

    private string Name => string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed} round {number} ({_procedure.Scenario}) life {_lives}");

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        await using var server = Open(_procedure, folder);
        var person = new LabPerson(server, _procedure);
        string? moveId = null;
        while (moveId is null || !await LiveAsync(server, person, moveId, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _lives++;
            moveId ??= await BeginAsync(server);
        }

        var outcome = await LookAsync(server, _procedure);
        await server.KillAsync();
        Compare(await References.GetOrAdd(_procedure.Scenario, _ => new Lazy<Task<Outcome>>(() => UndisturbedAsync(_procedure, $"{folder}-undisturbed"))).Value, outcome);
        findings.Audited();
        findings.RoundEnded(1, outcome.Effects.Values.Sum());
    }

    private static ServerProcess Open(MoveProcedure procedure, string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        var server = ServerProcess.On(folder);
        server.Set("Lab__Farm", procedure.Farm);
        server.Set("Lab__ArchiveBytes", "600000");
        return server;
    }

    private async Task<string> BeginAsync(ServerProcess server)
    {
        await server.StartAsync();
        var moveId = await StartMoveAsync(server, _procedure);
        if (MayKill())
        {
            findings.Killed("when the move is accepted");
        }

        await server.KillAsync();
        return moveId;
    }

    private bool MayKill()
    {
        var may = _kills < _mostKills && budget.Take();
        _kills += may ? 1 : 0;
        return may;
    }

    private static async Task<string> StartMoveAsync(ServerProcess server, MoveProcedure procedure)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, "/api/moves") { Content = JsonContent.Create(new { scenario = procedure.Scenario, plan = procedure.Plan }) };
        message.Headers.Add("Idempotency-Key", "the-move");
        using var answer = await server.Client.SendAsync(message);
        var body = await answer.Content.ReadFromJsonAsync<JsonNode>();
        return (string?)body!["id"] ?? throw new InvalidOperationException(body.ToJsonString());
    }

    /// <summary>One process, from its start to its death.</summary>
    /// <returns>Whether the move has ended.</returns>
    private async Task<bool> LiveAsync(ServerProcess server, LabPerson person, string moveId, CancellationToken cancellationToken)
    {
        var (kills, way) = (MayKill(), _random.Next(3));
        var place = kills && way == 0 ? Places[_random.Next(Places.Length)] : null;
        var killAfter = place is null ? Draw(LongestLife) : LongestWait;
        server.Set("SPEELSA_KILL_AT", place ?? "");
        if (kills && way == 1)
        {
            await DieYoungAsync(server, cancellationToken);
            return false;
        }

        try
        {
            await server.StartAsync();
        }
        catch (InvalidOperationException exception)
        {
            findings.Report(Finding.Violation, Name, exception.Message);
            return true;
        }

        var (life, quiet) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        var last = "";
        while (!server.HasExited && (!kills || life.Elapsed < killAfter))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (_random.Next(12) == 0 && kills)
                {
                    await FailAsync(person);
                }

                var move = (await server.Client.GetFromJsonAsync<JsonNode>($"/api/moves/{moveId}", cancellationToken))!;
                if ((string?)move["status"] is not ("running" or "waiting") and var end)
                {
                    if (kills)
                    {
                        budget.GiveBack();
                        await (place is null ? Task.CompletedTask : SpareAsync(server));
                    }

                    if (end != "finished")
                    {
                        findings.Report(Finding.Violation, Name, $"the move has {end}: {move["statusText"]} {move["incidents"]}");
                    }

                    return true;
                }

                await AnswerAsync(person, move);
                var now = $"{move["updatedAt"]}";
                if (now != last)
                {
                    (last, quiet) = (now, Stopwatch.StartNew());
                }

                if (!kills && quiet.Elapsed > options.Patience * 6)
                {
                    findings.Report(Finding.Stuck, Name, $"{move["statusText"]}");
                    return true;
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or TaskCanceledException or JsonException && !cancellationToken.IsCancellationRequested)
            {
                // It died while it was asked. What was asked is asked again.
            }

            await Task.Delay(LookEvery, cancellationToken);
        }

        if (server.GaveUp is { } reason)
        {
            findings.Report(Finding.Violation, Name, reason);
        }

        var where = server.HasExited ? $"at {place}" : "at random";
        if (!server.HasExited)
        {
            await server.KillAsync();
        }

        findings.Killed(where);
        return false;
    }

    /// <summary>The move has ended before the place of the death was reached. It could still be reached while the farm is looked at.</summary>
    private static async Task SpareAsync(ServerProcess server)
    {
        await server.KillAsync();
        server.Set("SPEELSA_KILL_AT", "");
        await server.StartAsync();
    }

    /// <summary>Killed before it is ready: while the program loads, takes up what the death before has left, or opens the lab.</summary>
    private async Task DieYoungAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        server.Launch();
        await Task.Delay(Draw(LongestStart), cancellationToken);
        if (server.GaveUp is { } reason)
        {
            findings.Report(Finding.Violation, Name, reason);
        }

        await server.KillAsync();
        findings.Killed("while it starts");
    }

    private TimeSpan Draw(TimeSpan longest) => TimeSpan.FromMilliseconds(_random.Next(1, (int)longest.TotalMilliseconds));

    /// <summary>Something of a machine that the move works on is to fail.</summary>
    private Task FailAsync(LabPerson person) => person.FaultAsync(
        _procedure.Machines[_random.Next(_procedure.Machines.Length)],
        new { kind = FaultKinds[_random.Next(FaultKinds.Length)], script = FaultyScripts[_random.Next(FaultyScripts.Length)], occurrence = _random.Next(1, 3) });

    private async Task AnswerAsync(LabPerson person, JsonNode move)
    {
        if (move["openTasks"]!.AsArray() is [])
        {
            return;
        }

        foreach (var wrong in await person.AnswerTasksAsync((string)move["id"]!))
        {
            findings.Report(Finding.Violation, Name, wrong);
        }
    }

    private void Compare(Outcome expected, Outcome found)
    {
        foreach (var key in expected.Effects.Keys.Union(found.Effects.Keys))
        {
            var (wanted, was) = (expected.Effects.GetValueOrDefault(key), found.Effects.GetValueOrDefault(key));
            if (wanted != was)
            {
                findings.Report(was < wanted ? Finding.Lost : Finding.Doubled, Name, $"{key}: {was} times and not {wanted}");
            }
        }

        foreach (var line in expected.Fingerprint.Except(found.Fingerprint).Select(line => $"missing: {line}").Concat(found.Fingerprint.Except(expected.Fingerprint).Select(line => $"not as it should be: {line}")).Take(10))
        {
            findings.Report(Finding.Violation, Name, line);
        }
    }

    /// <summary>The same move when nothing happens.</summary>
    private async Task<Outcome> UndisturbedAsync(MoveProcedure procedure, string place)
    {
        await using var server = Open(procedure, place);
        await server.StartAsync();
        var moveId = await StartMoveAsync(server, procedure);
        var person = new LabPerson(server, procedure);
        var patience = Stopwatch.StartNew();
        while (true)
        {
            var move = (await server.Client.GetFromJsonAsync<JsonNode>($"/api/moves/{moveId}"))!;
            if ((string?)move["status"] is not ("running" or "waiting"))
            {
                break;
            }

            if (patience.Elapsed > TimeSpan.FromMinutes(5))
            {
                throw new TimeoutException($"Undisturbed, the procedure {procedure.Scenario} does not end: {move["statusText"]}");
            }

            await AnswerAsync(person, move);
            await Task.Delay(LookEvery);
        }

        var outcome = await LookAsync(server, procedure);
        await server.KillAsync();
        Directory.Delete(place, recursive: true);
        return outcome;
    }

    private static async Task<Outcome> LookAsync(ServerProcess server, MoveProcedure procedure)
    {
        var effects = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var machine in procedure.Machines)
        {
            foreach (var effect in (await server.Client.GetFromJsonAsync<JsonNode>($"/lab/servers/{machine}/effects"))!.AsArray())
            {
                var kind = (string)effect!["kind"]!;
                if (!Repeatable.Contains(kind, StringComparer.Ordinal) && !ByPeople.Any(kind.StartsWith))
                {
                    // Thumbprints differ from farm to farm, names of what was put aside from move to move.
                    var key = Random().Replace($"{machine} {kind} {effect["target"]}", "*");
                    effects[key] = effects.GetValueOrDefault(key) + 1;
                }
            }
        }

        return new Outcome(await FarmFingerprint.TakeAsync(server), effects);
    }

    [GeneratedRegex("[0-9A-F]{40}|[0-9a-f]{12}")]
    private static partial Regex Random();

    private sealed record Outcome(IReadOnlyList<string> Fingerprint, SortedDictionary<string, int> Effects);
}
