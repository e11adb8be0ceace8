using System.Text.Json.Nodes;

namespace SpeElsa.Activities;

/// <summary>
/// The secrets in the input of an author's script: texts that begin with <c>secret:</c>. They are read just before the script runs, and what it gives back is
/// searched for them before anything of it is kept.
/// </summary>
internal sealed class ScriptSecrets
{
    private const string Hidden = "***";
    private readonly List<string> _values = [];

    /// <summary>How the names of secrets begin that an administrator has stored for scripts; all others are no author's business.</summary>
    public const string NamePrefix = "script-";

    /// <summary>Whether an input refers to any.</summary>
    public static bool AreIn(JsonNode? node) => node switch
    {
        JsonObject map => map.Any(pair => AreIn(pair.Value)),
        JsonArray list => list.Any(AreIn),
        JsonValue value => value.TryGetValue<string>(out var text) && HumanTasks.IsReference(text),
        _ => false,
    };

    /// <summary>A copy of an input with the secrets in place of what refers to them.</summary>
    /// <exception cref="InvalidOperationException">One is not stored any more, or is none that a script may have.</exception>
    public async Task<JsonNode?> ResolveAsync(StepContext step, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject map:
                var copy = new JsonObject();
                foreach (var (name, value) in map)
                {
                    copy[name] = await ResolveAsync(step, value);
                }

                return copy;
            case JsonArray list:
                var copies = new JsonArray();
                foreach (var item in list)
                {
                    copies.Add(await ResolveAsync(step, item));
                }

                return copies;
            case JsonValue value when value.TryGetValue<string>(out var text) && HumanTasks.IsReference(text):
                return JsonValue.Create(await FindAsync(step, text));
            default:
                return node?.DeepClone();
        }
    }

    /// <summary>A copy of what a script gave back, without the secrets it was given.</summary>
    public JsonNode? Hide(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.Select(pair => KeyValuePair.Create(Hide(pair.Key), Hide(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Hide)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Hide(text)),
        _ => node?.DeepClone(),
    };

    /// <summary>A text without the secrets.</summary>
    public string Hide(string text) => _values.Aggregate(text, (rest, secret) => rest.Replace(secret, Hidden, StringComparison.Ordinal));

    private async Task<string> FindAsync(StepContext step, string reference)
    {
        var name = reference[HumanTasks.SecretPrefix.Length..];
        if (!RunScript.MayHave(name) && !IsOfMove(name, step.MoveId))
        {
            throw new InvalidOperationException(
                $"A script may not have the secret '{name}'. It may have what a person entered in a task of this move, and what an administrator stored under a name that begins with '{NamePrefix}'.");
        }

        var secret = await step.Context.GetRequiredService<ISecretStore>().GetAsync(reference, step.CancellationToken);
        if (string.IsNullOrEmpty(secret))
        {
            throw new InvalidOperationException($"The secret '{name}' is not stored, or not any more. Store it again, or have it entered again.");
        }

        _values.Add(secret);
        return secret;
    }

    /// <summary>The secrets of a task begin with the task's id, which begins with the move's. The undo of a move may have those of the move.</summary>
    private static bool IsOfMove(string name, string moveId) =>
        name.StartsWith($"{moveId}-", StringComparison.Ordinal) || UndoWorkflow.InstanceIdOf(name.Split('-')[0]) == moveId;
}
