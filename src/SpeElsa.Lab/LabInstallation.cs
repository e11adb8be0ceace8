namespace SpeElsa.Lab;

/// <summary>The start of an installer on a simulated server.</summary>
/// <param name="Server">The server it runs on.</param>
/// <param name="CommandLine">The Windows path of the installer.</param>
/// <param name="Arguments">Its arguments as one text, possibly empty.</param>
public sealed record LabInstallation(LabServer Server, string CommandLine, string Arguments);
