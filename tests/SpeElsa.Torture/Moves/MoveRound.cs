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
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(150);
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

    private static readonly ConcurrentDictionary<string, Lazy<Task<Outcome>>> References = new(StringComparer.Ordinal);

    private readonly Random _random = new(Seeds.Mix(options.Seed, number));
    private readonly MoveProcedure _procedure = MoveProcedure.All[number % MoveProcedure.All.Count];
    private readonly HashSet<string> _done = new(StringComparer.Ordinal);
    private int _lives;

    private string Name => string.Create(CultureInfo.InvariantCulture, $"seed {options.Seed} round {number} ({_procedure.Scenario}) life {_lives}");

    public async Task PlayAsync(CancellationToken cancellationToken)
    {
        await using var server = Open(_procedure, folder);
        string? moveId = null;
        while (moveId is null || !await LiveAsync(server, moveId, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _lives++;
            moveId ??= await BeginAsync(server);
        }

        var reference = await References.GetOrAdd(_procedure.Scenario, _ => new Lazy<Task<Outcome>>(() => UndisturbedAsync(_procedure, $"{folder}-undisturbed"))).Value;
        var outcome = await LookAsync(server, _procedure);
        Compare(reference, outcome);
        findings.Audited();
        findings.RoundEnded(1, outcome.Effects.Values.Sum());
        await server.KillAsync();
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
        await server.KillAsync();
        return moveId;
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
    private async Task<bool> LiveAsync(ServerProcess server, string moveId, CancellationToken cancellationToken)
    {
        var kills = budget.Take();
        var place = kills && _random.Next(2) == 0 ? Places[_random.Next(Places.Length)] : null;
        var killAfter = place is null ? TimeSpan.FromMilliseconds(_random.Next(1, 5000)) : LongestLife;
        server.Set("SPEELSA_KILL_AT", place ?? "");
        try
        {
            await server.StartAsync();
        }
        catch (InvalidOperationException exception)
        {
            findings.Report(Finding.Violation, Name, exception.Message);
            return true;
        }

        var (person, life, quiet) = (new LabPerson(server), Stopwatch.StartNew(), Stopwatch.StartNew());
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
                    }

                    if (end != "finished")
                    {
                        findings.Report(Finding.Violation, Name, $"the move has {end}: {move["statusText"]} {move["incidents"]}");
                    }

                    return true;
                }

                await AnswerAsync(server, person, moveId);
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

        var where = server.HasExited ? $"at {place}" : "at random";
        if (!server.HasExited)
        {
            await server.KillAsync();
        }

        findings.Killed(where);
        return false;
    }

    /// <summary>Something of a machine that the move works on is to fail.</summary>
    private Task FailAsync(LabPerson person) => person.FaultAsync(
        _procedure.Machines[_random.Next(_procedure.Machines.Length)],
        new { kind = FaultKinds[_random.Next(FaultKinds.Length)], script = FaultyScripts[_random.Next(FaultyScripts.Length)], occurrence = _random.Next(1, 3) });

    private async Task AnswerAsync(ServerProcess server, LabPerson person, string moveId)
    {
        foreach (var task in (await server.Client.GetFromJsonAsync<JsonNode>($"/api/tasks?moveId={moveId}"))!["items"]!.AsArray())
        {
            if (await DoAsync(server, person, task!) is { } wrong)
            {
                findings.Report(Finding.Violation, Name, wrong);
            }
        }
    }

    private async Task<string?> DoAsync(ServerProcess server, LabPerson person, JsonNode task)
    {
        var name = (string)task["taskName"]!;
        if ((string?)task["kind"] == "decision")
        {
            return await person.AnswerAsync(task, "Retry", null);
        }

        if (_procedure.ActFor(name) is { } act && !_done.Contains((string)task["id"]!))
        {
            await act(person, name);
            _done.Add((string)task["id"]!);
        }

        var outcomes = task["outcomes"]!.AsArray().Select(outcome => (string)outcome!).ToArray();
        return name switch
        {
            "smtp-password" => await person.AnswerAsync(task, null, new { password = File.ReadAllText(Path.Combine(server.DataDirectory, _procedure.Farm == "Multi" ? "lab-multi-smtp-password.txt" : "lab-smtp-password.txt")) }),
            "left-behind" => await person.AnswerAsync(task, "Accept", new { reason = "nothing of it is used" }),
            _ => await person.AnswerAsync(task, outcomes.Length > 1 ? outcomes[0] : null, null),
        };
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
        var person = new LabPerson(server);
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

            await AnswerAsync(server, person, moveId);
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
                if (!Repeatable.Contains((string?)effect!["kind"], StringComparer.Ordinal))
                {
                    // Thumbprints differ from farm to farm, names of what was put aside from move to move.
                    var key = Random().Replace($"{machine} {effect["kind"]} {effect["target"]}", "*");
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
