using SpeElsa.Server.Tests.Harness;
using SpeElsa.Server.Tests.Identity;
using SpeElsa.Testing;

namespace SpeElsa.Server.Tests.Cli;

/// <summary>One server with the small farm of the lab for all tests of commands that do not mind each other, and a folder to work in.</summary>
public sealed class SpeBench : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("spe-files-");

    internal AccessHost Host { get; private set; } = null!;

    internal Spe Spe => new(Host);

    /// <summary>A file in a folder of its own.</summary>
    public string NewFile(string name) => Path.Combine(_folder.CreateSubdirectory(Path.GetRandomFileName()).FullName, name);

    public async ValueTask InitializeAsync() => Host = await AccessHost.StartAsync(
        "--SignIn:AttemptsPerMinute", "1000", "--Lab:Enabled", "true", "--Lab:Farm", "Single", "--Lab:ArchiveBytes", UndisturbedRun.FewBytes, "--Lab:KeyFolder", TestProcess.KeyFolder);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

/// <summary>The tests that share a server.</summary>
[CollectionDefinition(nameof(SpeCommandsOfServer))]
public sealed class SpeCommandsOfServer : ICollectionFixture<SpeBench>;
