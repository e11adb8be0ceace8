using System.Text.Json;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Moves.Windows;

namespace SpeElsa.Server.Moves.Plans;

/// <summary>Makes moves and pre-flights of plans.</summary>
internal sealed class PlanRuns(PlanStore plans, MoveStarter moves, DefinitionCatalog catalog, IInstanceReader reader, MoveReader journals)
{
    /// <summary>The procedure that only looks.</summary>
    public const string PreFlight = "pre-flight";

    /// <summary>Who acts when a plan starts by itself.</summary>
    public const string Clock = "schedule";

    private static readonly string[] PreFlightInputs = ["source", "target", "managementServer", "installDirectory", "dataDirectory", "hostNameChanges", "clientAccessName"];

    public static StartMoveRequest RequestOf(PlanRow row) => new(row.Scenario, InputsOf(row), row.Name, WindowOf(row));

    public static WindowRequest? WindowOf(PlanRow row) => row.Window is { } window ? JsonSerializer.Deserialize<WindowRequest>(window, JsonSerializerOptions.Web) : null;

    public static IReadOnlyDictionary<string, JsonElement> InputsOf(PlanRow row) => JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(row.Inputs, JsonSerializerOptions.Web)!;

    /// <summary>
    /// Starts the move of a plan. That the plan is being started is stored first, so that nobody changes it meanwhile; a stop in between is made good by the next
    /// start of the server, and the key keeps it from starting twice.
    /// </summary>
    /// <returns>The receipt, or why it could not be started; both null when somebody else has changed the plan meanwhile.</returns>
    public async Task<(MoveReceipt? Receipt, Dictionary<string, string[]>? Errors)> StartAsync(PlanRow row, string who, CancellationToken cancellationToken)
    {
        var request = RequestOf(row);
        var (definition, errors) = await moves.CheckAsync(request, cancellationToken);
        if (errors.Count > 0 && row.State is not PlanState.Starting)
        {
            return (null, errors);
        }

        if (row.State is not PlanState.Starting)
        {
            (row.State, row.Note) = (PlanState.Starting, null);
            if (!await plans.ChangeAsync(row, who, cancellationToken))
            {
                return (null, null);
            }
        }

        var receipt = await ReadReceiptAsync(row, cancellationToken) ?? (definition is null || errors.Count > 0 ? null : await moves.StartAsync(definition, request, KeyOf(row), who, cancellationToken));
        row.State = receipt is null ? PlanState.Missed : PlanState.Started;
        row.MoveId = receipt?.Id;
        row.Note = receipt is null ? WhyNotStarted(errors) : null;
        await plans.ChangeAsync(row, who, cancellationToken);
        return (receipt, receipt is null ? errors : null);
    }

    /// <summary>The receipt of the move that a plan has become; null while it has not.</summary>
    public async Task<MoveReceipt?> ReadReceiptAsync(PlanRow row, CancellationToken cancellationToken) =>
        (await reader.FindStimulusAsync($"move:{KeyOf(row)}", cancellationToken))?.Stimulus.Receipt is { } receipt
            ? JsonSerializer.Deserialize<MoveReceipt>(receipt, JsonSerializerOptions.Web)
            : null;

    public static string WhyNotStarted(Dictionary<string, string[]> errors) => $"It could not be started: {Words(errors)}";

    public static string Words(Dictionary<string, string[]> errors) => string.Join(" ", errors.Values.SelectMany(texts => texts));

    /// <summary>Starts a pre-flight of a plan, and stores that with the plan as it is given.</summary>
    /// <param name="row">The plan.</param>
    /// <param name="who">Who wants it.</param>
    /// <param name="key">The same key starts it once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What is wrong, by field; empty when it was started.</returns>
    public async Task<Dictionary<string, string[]>> CheckAsync(PlanRow row, string who, string? key, CancellationToken cancellationToken)
    {
        var (planned, errors) = await moves.CheckAsync(RequestOf(row), cancellationToken);
        if (errors.Count > 0)
        {
            return errors;
        }

        var inputs = InputsOf(row);
        if (!inputs.ContainsKey("target"))
        {
            return new() { ["scenario"] = [$"'{row.Scenario}' has no pre-flight: nothing moves to another server."] };
        }

        var checks = inputs.Where(pair => PreFlightInputs.Contains(pair.Key, StringComparer.Ordinal)).ToDictionary(pair => pair.Key, pair => pair.Value);
        if (!checks.ContainsKey("managementServer"))
        {
            checks["managementServer"] = inputs["source"];
        }

        checks["role"] = JsonSerializer.SerializeToElement(await RoleAsync(planned!, cancellationToken));
        var request = new StartMoveRequest(PreFlight, checks, $"Pre-flight of {row.Name}");
        var (definition, problems) = await moves.CheckAsync(request, cancellationToken);
        if (problems.Count > 0)
        {
            return problems;
        }

        var receipt = await moves.StartAsync(definition!, request, key, who, cancellationToken);
        if (receipt is not null && row.CheckId != receipt.Id)
        {
            row.CheckId = receipt.Id;
            await plans.ChangeAsync(row, who, cancellationToken);
        }

        return [];
    }

    /// <summary>How the last pre-flight of a plan stands.</summary>
    public async Task<PlanCheckView?> ReadCheckAsync(PlanRow row, CancellationToken cancellationToken)
    {
        if (row.CheckId is not { } id || await reader.FindAsync(id, cancellationToken) is not { } run)
        {
            return null;
        }

        var found = (await journals.ReadJournalAsync(id, cancellationToken)).LastOrDefault(entry => entry is { ActivityType: "SpeElsa.CheckTarget" or "SpeElsa.TakeBaseline", EventName: "Observed" });
        var results = PreFlightResult.ReadAll(found?.Payload);
        return new PlanCheckView(
            id,
            MoveReader.StatusOf(run, null),
            results.Count == 0 ? null : found?.Timestamp,
            results.Count == 0 ? null : PlanCheckResult.NameOf(results.Max(result => result.Level)),
            [.. results.Select(PlanCheckResult.Of)]);
    }

    /// <summary>A key of a request has no space in it.</summary>
    private static string KeyOf(PlanRow row) => $"plan {row.Id}";

    /// <summary>The role that a procedure moves, as its step 'Take baseline' says; empty where the whole server moves.</summary>
    public async Task<string> RoleAsync(DefinitionRecord planned, CancellationToken cancellationToken)
    {
        var graph = await catalog.GetAsync(planned.Id, planned.ContentHash, cancellationToken);
        return graph.Nodes.Select(node => node.Activity).OfType<TakeBaseline>().Select(step => step.Role.Expression?.Value?.ToString()).FirstOrDefault() ?? "";
    }
}
