using System.Text.Json;
using Elsa.Workflows;
using Elsa.Workflows.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpeElsa.Engine.Api.Rest.Runs;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Instances;

/// <summary>Reads the variables of a workflow and gives them other values. A change is a stimulus like any other: the instance's next burst makes it.</summary>
internal static class VariablesApi
{
    private const string VariablesKey = "Variables";

    public static RouteGroupBuilder MapVariables(this RouteGroupBuilder api)
    {
        api.MapGet("/workflow-instances/{id}/variables", ListAsync).Need(Permissions.ReadInstances);
        api.MapPost("/workflow-instances/{id}/variables", ChangeAsync).Need(Permissions.WriteInstances);
        return api;
    }

    private static async Task<IResult> ListAsync(string id, IInstanceReader reader, DefinitionCatalog catalog, CancellationToken cancellationToken) =>
        await reader.FindAsync(id, cancellationToken) is { } instance
            ? await ShowAsync(instance, reader, await DeclaredAsync(instance, catalog, cancellationToken), cancellationToken)
            : RestAnswers.NotFound();

    private static async Task<IResult> ShowAsync(InstanceRecord instance, IInstanceReader reader, IReadOnlyList<Variable> declared, CancellationToken cancellationToken)
    {
        var state = await reader.ReadStateAsync(instance.Id, cancellationToken) is { } bytes ? StateCodec.Decode(bytes) : null;
        var root = state?.ActivityExecutionContexts.FirstOrDefault(context => context.ParentContextId is null);
        var values = root?.Properties.TryGetValue(VariablesKey, out var stored) is true ? stored as IDictionary<string, object?> : null;
        var items = declared.Select(variable => new { id = variable.Id, name = variable.Name, value = values?.TryGetValue(variable.Id, out var value) is true ? value : null }).ToArray();
        return RestValues.Json(new { items, count = items.Length });
    }

    private static async Task<IResult> ChangeAsync(
        string id, HttpContext context, IInstanceReader reader, DefinitionCatalog catalog, StimulusInbox inbox, InstanceWaits waits, TimeProvider timeProvider)
    {
        var request = await RestBody.RequireAsync<ChangeRequest>(context.Request);
        if (await reader.FindAsync(id, context.RequestAborted) is not { } instance)
        {
            return RestAnswers.NotFound();
        }

        var declared = await DeclaredAsync(instance, catalog, context.RequestAborted);
        var values = Read(request, declared);
        if (values.Count == 0)
        {
            // A change of nothing is none: it wakes nobody and leaves no row.
            return await ShowAsync(instance, reader, declared, context.RequestAborted);
        }

        var change = new VariableChange(values, context.User.Identity?.Name);
        var result = await inbox.SendAsync(
            new Stimulus
            {
                Key = context.Request.KeyOf($"change:{id}"),
                Kind = StimulusKind.Change,
                InstanceId = id,
                Fingerprint = SpeElsa.Engine.Execution.StimulusHash.Compute("change", change.Values),
                Input = change.ToInput(),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            CancellationToken.None);
        switch (result.Acceptance)
        {
            case Acceptance.KeyReused:
                return CallerKeys.Reused();
            case Acceptance.Accepted or Acceptance.Duplicate:
                await waits.SettleAsync(id, context.RequestAborted);
                return await ShowAsync(instance, reader, declared, context.RequestAborted);
            default:
                return RestAnswers.Conflict("The instance has ended; its variables stay as they are.");
        }
    }

    private static Dictionary<string, object?> Read(ChangeRequest request, IReadOnlyList<Variable> declared)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var (id, element) in (request.Variables ?? []).OfType<VariableValue>())
        {
            var variable = declared.FirstOrDefault(candidate => candidate.Id == id) ?? throw new BadRestRequestException("variables", $"The workflow has no variable with the id '{id}'.");
            values[variable.Id] = RestValues.Value(element, "variables");
            try
            {
                ObjectConverter.ConvertTo(values[variable.Id], variable.ValueType);
            }
            catch (FormatException exception)
            {
                throw new BadRestRequestException("variables", $"'{variable.Name}': {exception.Message}");
            }
        }

        return values;
    }

    private static async Task<IReadOnlyList<Variable>> DeclaredAsync(InstanceRecord instance, DefinitionCatalog catalog, CancellationToken cancellationToken)
    {
        try
        {
            return [.. (await catalog.GetAsync(instance.DefinitionVersionId, instance.DefinitionHash, cancellationToken)).Workflow.Variables];
        }
        catch (InvalidDefinitionException) when (instance.Status is WorkflowStatus.Finished || instance.SetAside is not null)
        {
            // Its version was deleted, or can not be read here: there is nothing to name the values by.
            return [];
        }
    }

    private sealed record ChangeRequest(IReadOnlyList<VariableValue?>? Variables);

    private sealed record VariableValue(string? Id, JsonElement? Value);
}
