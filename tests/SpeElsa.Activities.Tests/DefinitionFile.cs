namespace SpeElsa.Activities.Tests;

internal static class DefinitionFile
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "workflows", "single-server-move.json");
}
