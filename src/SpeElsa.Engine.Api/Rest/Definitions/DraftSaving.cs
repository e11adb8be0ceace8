using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Elsa.Common.Models;
using SpeElsa.Engine.Management;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Definitions;

/// <summary>A draft that was saved or refused.</summary>
/// <param name="Version">The latest version as it is stored now; null when it was refused.</param>
/// <param name="Editor">The editor that saved it.</param>
/// <param name="Refusal">Why it was refused.</param>
internal sealed record DraftAnswer(DefinitionRecord? Version, string Editor, string? Refusal);

/// <summary>
/// Saves what editors send. The server decides the version; a save that is not based on what is stored now is refused, so that two editors never
/// overwrite each other unseen. What an editor is based on is told by its <see cref="EditingMark"/>, else by the version id it sends; a client that sends
/// neither replaces what is stored, as in Elsa.
/// </summary>
internal sealed class DraftSaving(IDefinitionStore store, DefinitionPublisher publisher, EditorMemory memory, TimeProvider timeProvider)
{
    private const int Tries = 5;

    /// <summary>Saves a draft.</summary>
    /// <param name="model">The definition as it was sent; what is not part of it is taken out.</param>
    /// <param name="user">Who saves.</param>
    /// <param name="cancellationToken">Stops waiting; the draft may be stored all the same.</param>
    /// <exception cref="BadRestRequestException">The model can not be stored.</exception>
    public async Task<DraftAnswer> SaveAsync(JsonObject model, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var mark = EditingMark.Take(model);
        if (mark?.DefinitionId != Text(model, "definitionId"))
        {
            // A copy under another id is based on nothing here.
            mark = null;
        }

        var sentId = Text(model, "id");
        var editor = mark?.Editor ?? EditingMark.NewEditor();
        for (var left = Tries; left > 0; left--)
        {
            var latest = await FindLatestAsync(Text(model, "definitionId"), cancellationToken);
            if (Refusal(latest) is { } locked)
            {
                return new DraftAnswer(null, editor, locked);
            }

            if (await ObjectionAsync(mark, sentId, latest, user, cancellationToken) is { } objection)
            {
                return new DraftAnswer(null, editor, objection);
            }

            if (await TryStoreAsync(model, latest, editor, user, cancellationToken) is { } saved)
            {
                return new DraftAnswer(saved, editor, null);
            }
        }

        return new DraftAnswer(null, editor, "This definition is being saved by others all the time. Nothing was stored; save again in a moment.");
    }

    /// <summary>Stores a definition from outside, whatever it was based on.</summary>
    /// <param name="model">The definition as it was sent; what is not part of it is taken out.</param>
    /// <param name="definitionId">The definition's id; null: what the model says, or a new one.</param>
    /// <param name="user">Who imports.</param>
    /// <param name="cancellationToken">Stops waiting; the draft may be stored all the same.</param>
    /// <exception cref="BadRestRequestException">The model can not be stored.</exception>
    public async Task<DraftAnswer> ImportAsync(JsonObject model, string? definitionId, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        EditingMark.Take(model);
        if (definitionId is not null)
        {
            model["definitionId"] = definitionId;
        }

        model.Remove("id");
        return await SaveAsync(model, user, cancellationToken);
    }

    /// <summary>Copies a version as a new draft. Editors that are open do not overwrite it.</summary>
    /// <returns>The draft; null when there is no such version.</returns>
    public async Task<DefinitionRecord?> RevertAsync(string definitionId, int version, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var draft = await store.RevertAsync(definitionId, version, timeProvider.GetUtcNow(), cancellationToken);
        if (draft is not null)
        {
            Remember(draft, null, EditingMark.NewEditor(), user);
        }

        return draft;
    }

    /// <summary>Why a definition can not be stored over what is here; null when it can.</summary>
    /// <exception cref="BadRestRequestException">The model can not be stored.</exception>
    public async Task<string?> FindRefusalAsync(JsonObject model, CancellationToken cancellationToken)
    {
        ToDraft(model, null);
        return Refusal(await FindLatestAsync(Text(model, "definitionId"), cancellationToken));
    }

    /// <summary>Why a definition can not be changed here; null when it can.</summary>
    public static string? Refusal(DefinitionSummary? latest) => latest switch
    {
        { MaterializerName: not "Json" } => $"'{latest.Name}' is defined by code of this program and can only be changed there.",
        { IsReadonly: true } => $"'{latest.Name}' is locked against changes.",
        _ => null,
    };

    /// <summary>Says what is wrong or doubtful in a definition as it was sent.</summary>
    /// <exception cref="BadRestRequestException">The model can not be stored.</exception>
    public Task<IReadOnlyList<DefinitionFinding>> CheckAsync(JsonObject model, CancellationToken cancellationToken) => publisher.CheckAsync(ToDraft(model, null), cancellationToken);

    /// <summary>Says what is wrong with a definition that is not stored yet; empty when it can be published.</summary>
    /// <exception cref="BadRestRequestException">The model can not be stored.</exception>
    public async Task<IReadOnlyList<DefinitionFinding>> CheckNewAsync(JsonObject model, CancellationToken cancellationToken) =>
        await FindLatestAsync(Text(model, "definitionId"), cancellationToken) is null
            ? [.. (await CheckAsync(model, cancellationToken)).Where(finding => finding.Severity is DefinitionSeverity.Error)]
            : [];

    private Task<DefinitionRecord?> FindLatestAsync(string? definitionId, CancellationToken cancellationToken) =>
        definitionId is null ? Task.FromResult<DefinitionRecord?>(null) : store.FindAsync(definitionId, VersionOptions.Latest, cancellationToken);

    private async Task<string?> ObjectionAsync(EditingMark? mark, string? sentId, DefinitionRecord? latest, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (mark is not null)
        {
            return latest is null ? Words("It was deleted meanwhile.")
                : IsBasedOn(mark, latest) ? null
                : Words(WhoSaved(latest, user));
        }

        // Without a mark only another version can be told; an id that no version of this definition has comes from another server and means nothing here.
        return latest is null || sentId is null || sentId == latest.Id || await store.FindAsync(sentId, cancellationToken) is not { } other || other.DefinitionId != latest.DefinitionId
            ? null
            : Words(WhoSaved(latest, user));
    }

    private bool IsBasedOn(EditingMark mark, DefinitionRecord latest)
    {
        var loaded = (mark.VersionId, mark.Revision);
        var stored = (latest.Id, latest.Revision);
        return loaded == stored || memory.IsOwnWork(mark.Editor, loaded, stored);
    }

    private string WhoSaved(DefinitionRecord latest, ClaimsPrincipal user)
    {
        if (memory.Find((latest.Id, latest.Revision)) is not { } saved)
        {
            return $"Version {latest.Version} was saved by somebody else after you opened it.";
        }

        var who = saved.Who is null ? "somebody else" : saved.Who == user.Identity?.Name ? "you in another window" : $"'{saved.Who}'";
        return $"Version {latest.Version} was saved by {who} at {saved.At:HH:mm:ss} UTC, after you opened it here.";
    }

    private static string Words(string reason) =>
        $"Your changes were not saved, because they would overwrite others. {reason} They are still in this editor: copy what you need from its Code view, then reload the page and enter it again.";

    /// <returns>What is stored now; null when somebody else was faster.</returns>
    private async Task<DefinitionRecord?> TryStoreAsync(JsonObject model, DefinitionRecord? latest, string editor, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var draft = latest is null ? ToDraft(model, null) : ToDraft(Reconciliation.Apply(model, latest.Json), latest.DefinitionId);
        if (latest is not null && draft.Json == latest.Json)
        {
            return latest;
        }

        var result = await store.SaveDraftAsync(draft, latest is null ? null : new DraftBase(latest.Id, latest.Revision), cancellationToken);
        if (result is not { Outcome: DraftOutcome.Saved, Latest: { } saved })
        {
            return null;
        }

        Remember(saved, latest, editor, user);
        return saved;
    }

    private void Remember(DefinitionRecord saved, DefinitionRecord? before, string editor, ClaimsPrincipal user) => memory.Remember(
        (saved.Id, saved.Revision),
        new SavedRevision(before is null ? null : (before.Id, before.Revision), editor, user.Identity?.Name, timeProvider.GetUtcNow()));

    private DefinitionRecord ToDraft(JsonObject model, string? definitionId)
    {
        try
        {
            return DefinitionJson.ToDraft(model, definitionId, timeProvider.GetUtcNow());
        }
        catch (JsonException exception)
        {
            throw new BadRestRequestException("model", exception.Message);
        }
    }

    private static string? Text(JsonObject model, string name) => (string?)model[name] is { Length: > 0 } text ? text : null;
}
