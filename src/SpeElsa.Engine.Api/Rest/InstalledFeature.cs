namespace SpeElsa.Engine.Api.Rest;

/// <summary>A feature that the designer asks for by name. What is registered is listed by <c>features/installed</c>.</summary>
/// <param name="Namespace">What comes before the name; "Elsa" for the features that Elsa Studio knows.</param>
/// <param name="Name">The name.</param>
/// <param name="DisplayName">The name for people.</param>
/// <param name="Description">What it is.</param>
public sealed record InstalledFeature(string Namespace, string Name, string DisplayName, string Description);
