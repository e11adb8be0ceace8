using SpeElsa.Cli.Commands;

namespace SpeElsa.Cli.Tests;

/// <summary>Servers under names of their own.</summary>
public sealed class ProfileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spe-").FullName;

    public ProfileTests() => Environment.SetEnvironmentVariable("SPE_PROFILES", Path.Combine(_folder, "settings", "profiles.json"));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("SPE_PROFILES", null);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_profile_is_stored_used_shown_and_forgotten_and_holds_no_key()
    {
        var key = Path.Combine(_folder, "key.txt");
        await File.WriteAllTextAsync(key, "the-key-itself");

        var none = await RunAsync("profile", "list");
        var set = await RunAsync("profile", "set", "night", "--url", "http://127.0.0.1:9", "--key", key);
        var list = await RunAsync("profile", "list");
        var used = await RunAsync("move", "list", "--profile", "night");
        var stored = await File.ReadAllTextAsync(Path.Combine(_folder, "settings", "profiles.json"));
        var removed = await RunAsync("profile", "remove", "night");
        var again = await RunAsync("profile", "remove", "night");

        Assert.Contains("There are none", none.Output, StringComparison.Ordinal);
        Assert.Equal((0, 0, 3, 0, 2), (set.Code, list.Code, used.Code, removed.Code, again.Code));
        Assert.Contains("night", list.Output, StringComparison.Ordinal);
        Assert.Contains("http://127.0.0.1:9/ can not be reached", used.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("the-key-itself", stored, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_and_a_file_that_is_broken_are_said()
    {
        var address = await RunAsync("profile", "set", "night", "--url", "speelsa");
        Directory.CreateDirectory(Path.Combine(_folder, "settings"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "settings", "profiles.json"), "{");
        var broken = await RunAsync("profile", "list");

        Assert.Equal((2, 2), (address.Code, broken.Code));
        Assert.Contains("is no address of a server", address.Error, StringComparison.Ordinal);
        Assert.Contains("Mend it or remove it", broken.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_names_every_command()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal(0, code);
        Assert.All(["move", "plan", "task", "machine", "profile", "verify"], command => Assert.Contains($"  {command}", output, StringComparison.Ordinal));
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        return (await SpeCommands.RunAsync(args, output, error), output.ToString(), error.ToString());
    }
}
