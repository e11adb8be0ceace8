using System.Globalization;
using System.Text.Json.Nodes;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>
/// What an editor has loaded: version, revision, and which of all open editors it is. It travels in the custom properties, which the designer sends back
/// as they are, and is never stored: Elsa's format has no other place that an unmodified designer keeps.
/// </summary>
/// <param name="DefinitionId">The definition.</param>
/// <param name="VersionId">The version.</param>
/// <param name="Revision">What had been saved in it.</param>
/// <param name="Editor">The editor.</param>
internal sealed record EditingMark(string DefinitionId, string VersionId, int Revision, string Editor)
{
    /// <summary>The custom property.</summary>
    public const string Property = "SpeElsa.Editing";

    public static EditingMark Of(DefinitionSummary version, string editor) => new(version.DefinitionId, version.Id, version.Revision, editor);

    public static string NewEditor() => Guid.NewGuid().ToString("N")[..16];

    /// <summary>Takes the mark out of a model.</summary>
    /// <returns>The mark; null where there is none that can be read.</returns>
    public static EditingMark? Take(JsonObject model)
    {
        if (model["customProperties"] is not JsonObject properties || !properties.Remove(Property, out var mark))
        {
            return null;
        }

        return mark is JsonValue value && value.TryGetValue<string>(out var text) ? Parse(text) : null;
    }

    /// <summary>Puts the mark into a model.</summary>
    public void Put(JsonObject model)
    {
        if (model["customProperties"] is not JsonObject properties)
        {
            model["customProperties"] = properties = [];
        }

        properties[Property] = ToString();
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Editor} {Revision} {VersionId} {DefinitionId}");

    private static EditingMark? Parse(string text) =>
        text.Split(' ', 4) is [var editor, var number, var versionId, var definitionId]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)
            ? new EditingMark(definitionId, versionId, revision, editor)
            : null;
}
