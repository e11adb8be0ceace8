using Elsa.Common.Models;
using Elsa.Http;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Runs;

/// <summary>Starts workflows for callers of the API.</summary>
internal sealed class RunStarter(IDefinitionStore definitions, IInstanceReader reader, DefinitionCatalog catalog, StimulusInbox inbox)
{
    private const int Attempts = 5;

    /// <summary>Stores a start.</summary>
    /// <param name="definitionId">The definition.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="key">Unique for ever; the same key starts one instance.</param>
    /// <param name="cancellationToken">Stops looking; a start that is being stored is not given up.</param>
    /// <returns>Null when there is no such version.</returns>
    /// <exception cref="BadRestRequestException">The request does not fit the workflow.</exception>
    public async Task<AcceptResult?> StartAsync(string definitionId, RunRequest request, string key, CancellationToken cancellationToken)
    {
        var versions = VersionsOf(request);
        RestTexts.Check("name", request.Name);
        RestTexts.Check("correlationId", request.CorrelationId);
        if (request.ActivityHandle is not null)
        {
            throw new BadRestRequestException("activityHandle", "A run begins at the start of its workflow; name the trigger it is for by triggerActivityId.");
        }

        for (var attempt = 1; ; attempt++)
        {
            if (await definitions.FindAsync(definitionId, versions, cancellationToken) is not { } version)
            {
                return null;
            }

            var result = await StoreAsync(version, request, key, cancellationToken);
            if (result.Acceptance is not Acceptance.DefinitionChanged || attempt == Attempts)
            {
                return result;
            }
        }
    }

    /// <summary>The request that a run answers to, where it writes an answer.</summary>
    public static string RequestIdOf(string key) => DerivedId.Of(key, 1);

    private async Task<AcceptResult> StoreAsync(DefinitionRecord version, RunRequest request, string key, CancellationToken cancellationToken)
    {
        var graph = await catalog.GetAsync(version.Id, version.ContentHash, cancellationToken);
        if (!string.IsNullOrEmpty(request.TriggerActivityId) && graph.FindNodeByActivityId(request.TriggerActivityId) is null)
        {
            throw new BadRestRequestException("triggerActivityId", $"The workflow has no activity '{request.TriggerActivityId}'.");
        }

        var instanceId = InstanceIdOf(request) ?? DerivedId.Of(key, 0);
        if (request.InstanceId is not null && await reader.FindStimulusAsync(key, cancellationToken) is null && await reader.FindAsync(instanceId, cancellationToken) is not null)
        {
            throw new BadRestRequestException("instanceId", $"There is an instance '{instanceId}' already.");
        }

        return await inbox.StartAsync(
            new StartRequest
            {
                Key = key,
                Fingerprint = StimulusHash.Compute(version.DefinitionId, new { request.CorrelationId, request.Name, request.TriggerActivityId, request.VersionOptions, request.Input, request.Variables }),
                InstanceId = instanceId,
                DefinitionId = version.DefinitionId,
                DefinitionVersionId = version.Id,
                Name = EmptyAsNull(request.Name),
                CorrelationId = EmptyAsNull(request.CorrelationId),
                TriggerActivityId = EmptyAsNull(request.TriggerActivityId),
                Input = RestValues.Values(request.Input, "input"),
                Variables = RestValues.Values(request.Variables, "variables"),
                Properties = new Dictionary<string, object?> { [WriteHttpResponse.RequestKey] = RequestIdOf(key) },
            },
            CancellationToken.None);
    }

    private static VersionOptions VersionsOf(RunRequest request) =>
        string.IsNullOrEmpty(request.VersionOptions) ? VersionOptions.Published
        : VersionOptions.TryParse(request.VersionOptions, out var versions) ? versions
        : throw new BadRestRequestException("versionOptions", $"'{request.VersionOptions}' names no version.");

    private static string? InstanceIdOf(RunRequest request) => request.InstanceId is not { Length: > 0 } id ? null
        : id.Length <= 100 && id.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.') ? id
        : throw new BadRestRequestException("instanceId", "An id has at most 100 letters, digits, dots, hyphens and underscores.");

    private static string? EmptyAsNull(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
