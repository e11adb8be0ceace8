using System.Text.Json.Nodes;
using SpeElsa.Activities;

namespace SpeElsa.Server.Tasks;

/// <summary>What an answer to a task has to look like, as a JSON schema (2020-12), for programs that draw their own form.</summary>
internal static class TaskSchema
{
    public static JsonObject Of(HumanTaskStimulus asked) => new()
    {
        ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
        ["type"] = "object",
        ["additionalProperties"] = false,
        ["properties"] = new JsonObject
        {
            ["completedBy"] = new JsonObject { ["type"] = "string", ["description"] = "For whom a key answers; people who are signed in leave it out." },
            ["outcome"] = new JsonObject { ["enum"] = Texts(asked.Outcomes) },
            ["comment"] = new JsonObject { ["type"] = "string" },
            ["fields"] = Fields(asked, null),
        },
        ["required"] = asked.Outcomes.Count > 1 ? new JsonArray("outcome") : new JsonArray(),
        ["allOf"] = new JsonArray([.. asked.Outcomes.Where(outcome => NeedsMore(asked, outcome)).Select(outcome => (JsonNode)new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["outcome"] = new JsonObject { ["const"] = outcome } }, ["required"] = new JsonArray("outcome") },
            ["then"] = new JsonObject { ["properties"] = new JsonObject { ["fields"] = Fields(asked, outcome) }, ["required"] = new JsonArray("fields") },
        })]),
    };

    private static bool NeedsMore(HumanTaskStimulus asked, string outcome) => asked.Fields.Any(field => field.RequiredFor.Contains(outcome, StringComparer.Ordinal));

    /// <param name="asked">The task.</param>
    /// <param name="outcome">The answer that needs more than the others; null: what every answer needs.</param>
    private static JsonObject Fields(HumanTaskStimulus asked, string? outcome)
    {
        string[] required = [.. asked.Fields.Where(field => field.Required || (outcome is not null && field.RequiredFor.Contains(outcome, StringComparer.Ordinal))).Select(field => field.Name)];
        return outcome is null
            ? new JsonObject
            {
                ["type"] = "object",
                ["additionalProperties"] = false,
                ["properties"] = new JsonObject(asked.Fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Field(field)))),
                ["required"] = Texts(required),
            }
            : new JsonObject { ["required"] = Texts(required) };
    }

    private static JsonObject Field(HumanTaskField field)
    {
        var schema = field.Type switch
        {
            HumanTaskFieldTypes.Boolean => new JsonObject { ["type"] = "boolean" },
            HumanTaskFieldTypes.Number => new JsonObject { ["type"] = "number" },
            HumanTaskFieldTypes.Choice => new JsonObject { ["enum"] = Texts(field.Choices) },
            HumanTaskFieldTypes.Secret => new JsonObject { ["type"] = "string", ["format"] = "password", ["writeOnly"] = true },
            HumanTaskFieldTypes.File => new JsonObject
            {
                ["description"] = "The id of a file that was given to the task before, or a list of ids.",
                ["oneOf"] = new JsonArray(new JsonObject { ["type"] = "string" }, new JsonObject { ["type"] = "array", ["items"] = new JsonObject { ["type"] = "string" }, ["minItems"] = 1 }),
            },
            _ => new JsonObject { ["type"] = "string" },
        };
        if (field.Label.Length > 0)
        {
            schema["title"] = field.Label;
        }

        if (field.Description is not null)
        {
            schema["description"] = field.Description;
        }

        if (!string.IsNullOrEmpty(field.Pattern))
        {
            schema["pattern"] = $"^(?:{field.Pattern})$";
        }

        return schema;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)JsonValue.Create(text))]);
}
