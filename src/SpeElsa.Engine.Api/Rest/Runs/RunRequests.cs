using System.Text.Json;

namespace SpeElsa.Engine.Api.Rest.Runs;

/// <summary>A start of a workflow.</summary>
internal sealed record RunRequest
{
    public string? CorrelationId { get; init; }

    public string? Name { get; init; }

    public string? TriggerActivityId { get; init; }

    /// <summary>Which version. Default: the published one.</summary>
    public string? VersionOptions { get; init; }

    public JsonElement? Input { get; init; }

    public JsonElement? Variables { get; init; }

    public JsonElement? ActivityHandle { get; init; }

    /// <summary>Its id; only of a dispatch. Null: one is made up.</summary>
    public string? InstanceId { get; init; }

    /// <summary>How many; only of a bulk dispatch. Default 1.</summary>
    public int? Count { get; init; }
}
