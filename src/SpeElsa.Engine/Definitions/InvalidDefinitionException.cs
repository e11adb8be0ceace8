namespace SpeElsa.Engine.Definitions;

/// <summary>A definition that can not be run as it stands.</summary>
public sealed class InvalidDefinitionException(string definitionId, IReadOnlyList<string> errors)
    : Exception($"Definition '{definitionId}': {string.Join("; ", errors)}")
{
    /// <summary>The definition.</summary>
    public string DefinitionId { get; } = definitionId;

    /// <summary>What is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Errors { get; } = errors;
}
