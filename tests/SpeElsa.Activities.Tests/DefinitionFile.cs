namespace SpeElsa.Activities.Tests;

internal static class DefinitionFile
{
    public static string Path { get; } = Of("single-server-move");

    public static string Of(string definitionId) => System.IO.Path.Combine(AppContext.BaseDirectory, "workflows", $"{definitionId}.json");
}
