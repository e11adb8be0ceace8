using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Elsa.Expressions.Models;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.State;
using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Access;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Tasks;

/// <summary>What became of an answer.</summary>
internal abstract record AnswerResult
{
    /// <summary>Stored, now or before under the same key.</summary>
    public sealed record Stored(TaskReceipt Receipt) : AnswerResult;

    /// <summary>It does not fit the task; nothing was stored.</summary>
    public sealed record Wrong(IReadOnlyDictionary<string, string[]> Errors) : AnswerResult;

    /// <summary>It can not be taken; nothing was stored.</summary>
    public sealed record Refused(int StatusCode, string Title, string Detail, IReadOnlyDictionary<string, object?>? Facts = null) : AnswerResult;
}

/// <summary>Takes people's answers into the inbox.</summary>
/// <remarks>
/// A task gets one answer, ever: the first one stored takes it, in the same transaction that would refuse a second. So fifty answers at once end
/// in one accepted and forty-nine that say who was first, and each of them says the same when it is sent again.
/// </remarks>
internal sealed class TaskAnswers(
    IInstanceReader reader,
    DefinitionCatalog definitions,
    StimulusInbox inbox,
    ISecretStore secrets,
    SecretMark mark,
    TaskStore tasks,
    TimeProvider timeProvider)
{
    /// <summary>Takes an answer.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="key">The same key gets the same reply again; null: the same answer of the same caller does.</param>
    /// <param name="request">The answer.</param>
    /// <param name="caller">Who gives it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="via">By what it came, if not by the caller's own sign-in or key.</param>
    public async Task<AnswerResult> CompleteAsync(string taskId, string? key, CompleteTaskRequest request, Caller caller, CancellationToken cancellationToken, string? via = null)
    {
        var fingerprint = Fingerprint(taskId, request, caller);
        var stimulusKey = $"task:{taskId}:{key ?? fingerprint}";
        if (await reader.FindStimulusAsync(stimulusKey, cancellationToken) is { } known)
        {
            return Again(known, fingerprint);
        }

        if (await reader.FindStimulusByTargetAsync(TargetOf(taskId), cancellationToken) is { } taken)
        {
            // The same request may have been stored since the look before.
            return taken.Stimulus.Key == stimulusKey ? Again(taken, fingerprint) : Taken(taken);
        }

        var (asked, isOpen, refusal) = await FindAsync(taskId, cancellationToken);
        if (asked is null)
        {
            return refusal!;
        }

        if (WhyNot(asked, caller, taskId) is { } no)
        {
            return no;
        }

        // Whoever has taken it answers it. A task that the move has not come to yet can not have been taken.
        var by = caller.Speak(request.CompletedBy).Name ?? "";
        if (await tasks.FindAsync(taskId, cancellationToken) is { State: TaskState.Open } row && TaskActs.TakenBy(row, caller.OwnerId(by), timeProvider.GetUtcNow()) is { } other)
        {
            return TaskActs.Held(row, other, timeProvider.GetUtcNow());
        }

        var completion = new HumanTaskCompletion
        {
            CompletedBy = by,
            Via = via,
            Account = caller.Account,
            Comment = request.Comment,
            Outcome = request.Outcome ?? (asked.Outcomes.Count == 1 ? asked.Outcomes[0] : ""),
            Fields = await WithFilesAsync(taskId, asked, request.Fields ?? new Dictionary<string, JsonElement>(), cancellationToken),
            CompletedAt = timeProvider.GetUtcNow(),
        };
        return Check(asked, completion, caller, request.CompletedBy) is { Count: > 0 } errors
            ? new AnswerResult.Wrong(errors)
            : await StoreAsync(taskId, stimulusKey, fingerprint, asked, completion, isOpen, cancellationToken);
    }

    /// <summary>What the first answer to a task takes.</summary>
    public static string TargetOf(string taskId) => $"task:{taskId}";

    /// <summary>Whether somebody else has to answer.</summary>
    private static AnswerResult.Refused? WhyNot(HumanTaskStimulus asked, Caller caller, string taskId)
    {
        if (!caller.MayAnswer(asked.Role))
        {
            return ForOthers(asked);
        }

        if (asked.NeedsPerson && !caller.IsPerson)
        {
            return new AnswerResult.Refused(
                StatusCodes.Status403Forbidden,
                "This takes a person who is signed in",
                $"'{asked.Title}' takes two people, and a key could be in anybody's hands. Sign in, or get a token with POST /elsa/api/identity/login and send it as 'Authorization: Bearer TOKEN'.");
        }

        return asked.NotBy.Any(person => person.Account is not null && person.Account == caller.Account)
            ? new AnswerResult.Refused(
                StatusCodes.Status403Forbidden, "This takes a second person", $"You have answered the other part of '{asked.Title}' already. Somebody else has to answer {taskId}.")
            : null;
    }

    private static Dictionary<string, string[]> Check(HumanTaskStimulus asked, HumanTaskCompletion completion, Caller caller, string? given)
    {
        var errors = HumanTasks.Validate(asked, completion).ToDictionary(
            error => error.Key is "outcome" or "completedBy" ? error.Key : $"fields.{error.Key}", error => error.Value, StringComparer.Ordinal);
        if (caller.Speak(given).Error is { } wrong)
        {
            errors["completedBy"] = [wrong];
        }

        return errors;
    }

    private async Task<AnswerResult> StoreAsync(
        string taskId, string stimulusKey, string fingerprint, HumanTaskStimulus asked, HumanTaskCompletion completion, bool isOpen, CancellationToken cancellationToken)
    {
        var references = await HideSecretsAsync(taskId, stimulusKey + fingerprint, asked, completion, cancellationToken);
        var receipt = new TaskReceipt(taskId, MoveOf(taskId, asked), isOpen ? "accepted" : "waiting", completion.Outcome, completion.CompletedBy, completion.CompletedAt);
        var stimulus = new Stimulus
        {
            Key = stimulusKey,
            Kind = StimulusKind.Resume,
            InstanceId = receipt.MoveId,
            BookmarkId = taskId,
            Target = TargetOf(taskId),
            Fingerprint = fingerprint,
            Input = EngineJson.Write(new Dictionary<string, object?> { [HumanTasks.InputKey] = completion with { Fields = WithReferences(completion, references) } }),
            Receipt = JsonSerializer.Serialize(receipt, JsonSerializerOptions.Web),
            ReceivedAt = completion.CompletedAt,
        };
        var result = await inbox.SendAsync(stimulus, cancellationToken);
        if (result.Acceptance is Acceptance.Accepted)
        {
            return new AnswerResult.Stored(receipt);
        }

        if (result.Acceptance is not Acceptance.Duplicate)
        {
            foreach (var reference in references.Values)
            {
                await secrets.DeleteAsync(reference, CancellationToken.None);
            }
        }

        return result.Acceptance switch
        {
            Acceptance.Duplicate or Acceptance.KeyReused => Again(result.Stored!, fingerprint),
            Acceptance.TargetTaken => Taken(result.Stored!),
            Acceptance.InstanceFinished => Finished(receipt.MoveId),
            _ => Unknown(taskId),
        };
    }

    /// <summary>Secrets leave the answer before it is stored; what stays is a reference.</summary>
    private async Task<Dictionary<string, string>> HideSecretsAsync(
        string taskId, string scope, HumanTaskStimulus asked, HumanTaskCompletion completion, CancellationToken cancellationToken)
    {
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in asked.Fields.Where(field => field.Type == HumanTaskFieldTypes.Secret))
        {
            if (completion.Fields.TryGetValue(field.Name, out var value) && value.GetString() is { Length: > 0 } secret)
            {
                var name = $"{taskId}.{field.Name}.{Idempotency.Hash(scope)[..12]}";
                references[field.Name] = await secrets.PutAsync(name, secret, cancellationToken);
            }
        }

        return references;
    }

    /// <summary>Puts name, size and hash of a file in the place of its id; an id that nobody knows stays, and is refused with the rest.</summary>
    private async Task<IReadOnlyDictionary<string, JsonElement>> WithFilesAsync(
        string taskId, HumanTaskStimulus asked, IReadOnlyDictionary<string, JsonElement> fields, CancellationToken cancellationToken)
    {
        var resolved = new Dictionary<string, JsonElement>(fields, StringComparer.Ordinal);
        foreach (var field in asked.Fields.Where(field => field.Type == HumanTaskFieldTypes.File && fields.ContainsKey(field.Name)))
        {
            var given = fields[field.Name];
            if (given.ValueKind is JsonValueKind.String)
            {
                resolved[field.Name] = await FileOfAsync(taskId, given, cancellationToken);
            }
            else if (given.ValueKind is JsonValueKind.Array)
            {
                var files = new List<JsonElement>();
                foreach (var one in given.EnumerateArray())
                {
                    files.Add(await FileOfAsync(taskId, one, cancellationToken));
                }

                resolved[field.Name] = JsonSerializer.SerializeToElement(files);
            }
            else if (given.ValueKind is JsonValueKind.Object)
            {
                // Only the server says what a file holds.
                resolved[field.Name] = JsonSerializer.SerializeToElement("");
            }
        }

        return resolved;
    }

    private async Task<JsonElement> FileOfAsync(string taskId, JsonElement given, CancellationToken cancellationToken) =>
        given.ValueKind is JsonValueKind.String && await tasks.FindFileAsync(taskId, given.GetString()!, cancellationToken) is { } file
            ? JsonSerializer.SerializeToElement(new { id = file.Id, name = file.Name, bytes = file.Bytes, sha256 = file.Digest })
            : JsonSerializer.SerializeToElement("?");

    private static Dictionary<string, JsonElement> WithReferences(HumanTaskCompletion completion, Dictionary<string, string> references) =>
        completion.Fields.ToDictionary(
            field => field.Key,
            field => references.TryGetValue(field.Key, out var reference) ? JsonSerializer.SerializeToElement(reference) : field.Value,
            StringComparer.Ordinal);

    /// <summary>The mark of a request. Values of fields go in under a key of this server, so that nobody can guess a secret from the mark.</summary>
    private string Fingerprint(string taskId, CompleteTaskRequest request, Caller caller) => mark.Of($"{taskId}\n{caller.Account}\n{Idempotency.Fingerprint(request)}");

    private static AnswerResult Again(StoredStimulus known, string fingerprint) => known.Stimulus.Fingerprint == fingerprint
        ? new AnswerResult.Stored(Receipt(known))
        : new AnswerResult.Refused(
            StatusCodes.Status422UnprocessableEntity,
            "The idempotency key belongs to another request",
            $"Another answer was sent with this {Idempotency.HeaderName}. Use a new key for a new answer, or send the first one again to get its receipt.");

    private static AnswerResult.Refused Taken(StoredStimulus taken)
    {
        var receipt = Receipt(taken);
        return new AnswerResult.Refused(
            StatusCodes.Status409Conflict,
            "The task is answered already",
            $"{receipt.CompletedBy} answered '{receipt.Outcome}' at {receipt.AcceptedAt:u}. If the move asks again, the task has a new id: GET /api/tasks?moveId={receipt.MoveId}.",
            new Dictionary<string, object?> { ["completedBy"] = receipt.CompletedBy, ["outcome"] = receipt.Outcome, ["completedAt"] = receipt.AcceptedAt });
    }

    private static TaskReceipt Receipt(StoredStimulus stored) => JsonSerializer.Deserialize<TaskReceipt>(stored.Stimulus.Receipt!, JsonSerializerOptions.Web)!;

    private static AnswerResult.Refused Finished(string moveId) => new(
        StatusCodes.Status409Conflict, "The move has ended", $"Move {moveId} has ended; it waits for nothing any more. GET /api/moves/{moveId} tells how it ended.");

    public static AnswerResult.Refused ForOthers(HumanTaskStimulus asked) => new(
        StatusCodes.Status403Forbidden, "This task is for others", $"'{asked.Title}' is for people with the role '{asked.Role}', which you do not have. An administrator can give it to you.");

    public static AnswerResult.Refused Unknown(string taskId) =>
        new(StatusCodes.Status404NotFound, "Unknown task", $"There is no task '{taskId}'. GET /api/tasks lists those that wait.");

    private static string MoveOf(string taskId, HumanTaskStimulus asked) => taskId[..^$"-{asked.TaskName}-{asked.Round}".Length];

    private async Task<(HumanTaskStimulus? Asked, bool IsOpen, AnswerResult.Refused? Refusal)> FindAsync(string taskId, CancellationToken cancellationToken)
    {
        if (await reader.FindBookmarkAsync(taskId, cancellationToken) is { Name: HumanTasks.BookmarkName } bookmark)
        {
            return (HumanTasks.ReadStimulus(bookmark.Payload), true, null);
        }

        var moveEnd = taskId.IndexOf('-', StringComparison.Ordinal);
        var roundStart = taskId.LastIndexOf('-');
        if (moveEnd <= 0 || roundStart <= moveEnd + 1 || !int.TryParse(taskId.AsSpan(roundStart + 1), out var round) || round < 1
            || await reader.FindAsync(taskId[..moveEnd], cancellationToken) is not { } instance)
        {
            return (null, false, Unknown(taskId));
        }

        if (instance.Status is WorkflowStatus.Finished)
        {
            return (null, false, Finished(instance.Id));
        }

        var taskName = taskId[(moveEnd + 1)..roundStart];
        var early = await FindEarlyAsync(instance, taskName, round, cancellationToken);
        return early is not null ? (early, false, null) : (null, false, Unknown(taskId));
    }

    /// <summary>A task of the procedure that the move has not come to yet: its answer is kept until it does. Only its next round can be answered ahead.</summary>
    private async Task<HumanTaskStimulus?> FindEarlyAsync(InstanceRecord instance, string taskName, int round, CancellationToken cancellationToken)
    {
        var graph = await definitions.GetAsync(instance.DefinitionVersionId, instance.DefinitionHash, cancellationToken);
        var activity = graph.Nodes.Select(node => node.Activity).OfType<HumanTask>().FirstOrDefault(task => Literal(task.TaskName) == taskName);
        var state = await reader.ReadStateAsync(instance.Id, cancellationToken) is { } bytes ? StateCodec.Decode(bytes) : new WorkflowState();
        var rounds = state.Properties.TryGetValue($"HumanTask:{taskName}", out var opened) ? ObjectConverter.ConvertTo<int>(opened) : 0;
        if (activity is null || round != rounds + 1)
        {
            return null;
        }

        return new HumanTaskStimulus
        {
            TaskName = taskName,
            Round = round,
            Title = taskName,
            Fields = LiteralJson<List<HumanTaskField>>(activity.Fields) ?? [],
            Outcomes = LiteralJson<List<string>>(activity.Outcomes) ?? [HumanTasks.DoneOutcome],
            Role = Literal(activity.Role) is { Length: > 0 } role ? role : HumanTasks.DefaultRole,
        };
    }

    private static string? Literal(Input? input) => input?.Expression is { Type: "Literal" or "Object" } expression ? expression.Value as string : null;

    private static T? LiteralJson<T>(Input? input) => input?.Expression switch
    {
        { Type: "Literal" or "Object", Value: string text } => EngineJson.Read<T>(text),
        Expression { Value: T value } => value,
        _ => default,
    };
}

/// <summary>Marks requests that may hold secrets: HMAC-SHA-256 under a key of this server.</summary>
internal sealed class SecretMark(string dataPath)
{
    private const int KeyBytes = 32;
    private readonly byte[] _key = Open(Path.Combine(dataPath, "keys", "request-mark.key"));

    public string Of(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(text)));

    private static byte[] Open(string path)
    {
        if (!File.Exists(path))
        {
            PrivateFile.Write(path, RandomNumberGenerator.GetBytes(KeyBytes));
        }

        return File.ReadAllBytes(path);
    }
}
