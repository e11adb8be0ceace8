using SpeElsa.Server.Tests.Harness;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Cli;

/// <summary>One server with the small farm of the lab for all tests of commands that do not mind each other, and a folder to work in.</summary>
public sealed class SpeBench : IAsyncLifetime
{
    internal AccessHost Host { get; private set; } = null!;

    internal Spe Spe => new(Host);

    /// <summary>A file of this test's own.</summary>
    public static string NewFile(string name) => Path.Combine(Directory.CreateTempSubdirectory("spe-files-").FullName, name);

    public async ValueTask InitializeAsync() => Host = await AccessHost.StartAsync(
        "--SignIn:AttemptsPerMinute", "1000", "--Lab:Enabled", "true", "--Lab:Farm", "Single", "--Lab:ArchiveBytes", UndisturbedRun.FewBytes, "--Lab:KeyFolder", TestProcess.KeyFolder);

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}

/// <summary>The tests that share a server.</summary>
[CollectionDefinition(nameof(SpeCommandsOfServer))]
public sealed class SpeCommandsOfServer : ICollectionFixture<SpeBench>;
