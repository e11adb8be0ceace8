namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>What a caller can do with an answer.</summary>
/// <param name="Href">The path below the API.</param>
/// <param name="Rel">What it does.</param>
/// <param name="Method">The verb.</param>
internal sealed record RestLink(string Href, string Rel, string Method);

/// <summary>
/// The links of definitions. The designer takes its rights from two of them: without "publish" a definition can only be looked at, without "bulk-publish"
/// none can be made. Both are there for who may save and publish: an editor who can do only one of the two would be stopped in the middle.
/// </summary>
internal static class DefinitionLinks
{
    private const string Definitions = "/workflow-definitions";

    public static IReadOnlyList<RestLink> OfList(DefinitionRights rights) =>
    [
        new(Definitions, "self", "GET"),
        new($"{Definitions}/validation/is-name-unique", "is-name-unique", "GET"),
        new($"{Definitions}/query/count", "count", "GET"),
        new($"{Definitions}/many-by-id", "many-by-id", "GET"),
        .. If(rights.Delete, new("/bulk-actions/delete/workflow-definitions/by-definition-id", "bulk-delete-by-definition-id", "POST")),
        .. If(rights.Delete, new("/bulk-actions/delete/workflow-definitions/by-id", "bulk-delete-by-id", "POST")),
        .. If(rights is { Write: true, Publish: true }, new("/bulk-actions/publish/workflow-definitions/by-definition-ids", "bulk-publish", "POST")),
        .. If(rights.Retract, new("/bulk-actions/retract/workflow-definitions/by-definition-ids", "bulk-retract", "POST")),
        .. If(rights.Write, new($"{Definitions}/import", "import", "POST")),
        .. If(rights.Write, new($"{Definitions}/import-files", "import-files", "POST")),
        .. If(rights.Write, new(Definitions, "create", "POST")),
    ];

    public static IReadOnlyList<RestLink> Of(string definitionId, bool isReadonly, DefinitionRights rights)
    {
        var self = $"{Definitions}/{Uri.EscapeDataString(definitionId)}";
        var mayChange = !isReadonly && rights is { Write: true, Publish: true };
        return
        [
            new(self, "self", "GET"),
            new($"{Definitions}/by-definition-id/{Uri.EscapeDataString(definitionId)}", "self", "GET"),
            new($"{self}/versions", "versions", "GET"),
            .. If(rights.Execute, new($"{self}/bulk-dispatch", "bulk-dispatch", "POST")),
            .. If(rights.Execute, new($"{self}/dispatch", "dispatch", "POST")),
            .. If(rights.Execute, new($"{self}/execute", "execute", "POST")),
            new($"{self}/export", "export", "POST"),
            .. If(mayChange, new($"{self}/publish", "publish", "POST")),
            .. If(!isReadonly && rights.Retract, new($"{self}/retract", "retract", "POST")),
            .. If(!isReadonly && rights.Delete, new(self, "delete", "DELETE")),
            .. If(!isReadonly && rights.Write, new($"{self}/import", "import", "PUT")),
            .. If(mayChange, new($"{self}/update-references", "update-references", "POST")),
        ];
    }

    private static RestLink[] If(bool condition, RestLink link) => condition ? [link] : [];
}
