using System.Text.Json.Nodes;
using SpeElsa.Cli.Commands;

namespace SpeElsa.Cli.Tests;

/// <summary>The command as somebody types it.</summary>
public sealed class CommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("spe-").FullName;
    private readonly string _bundle;

    public CommandTests()
    {
        _bundle = Path.Combine(_folder, "move.zip");
        File.WriteAllBytes(_bundle, BundleMaker.Sound().Sign());
    }

    private static string Fingerprint => BundleMaker.Fingerprint(BundleMaker.Key);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_genuine_bundle_ends_with_0_under_every_spelling_of_the_key()
    {
        var pem = Path.Combine(_folder, "key.pem");
        await File.WriteAllTextAsync(pem, BundleMaker.Key.ExportSubjectPublicKeyInfoPem());
        string[] keys = [Fingerprint, Fingerprint.ToUpperInvariant(), $"SHA256:{Fingerprint}", string.Join(':', Fingerprint.Chunk(2).Select(pair => new string(pair))), pem];

        foreach (var key in keys)
        {
            var (exitCode, output, error) = await RunAsync("verify", _bundle, "--key", key);

            Assert.True(exitCode == 0, output + error);
            Assert.Contains("Genuine:", output, StringComparison.Ordinal);
            Assert.DoesNotContain('\e', output);
        }
    }

    [Fact]
    public async Task Without_a_key_it_says_plainly_how_little_that_shows()
    {
        var (exitCode, output, _) = await RunAsync("verify", _bundle);

        Assert.Equal(0, exitCode);
        Assert.Contains("NOT COMPARED", output, StringComparison.Ordinal);
        Assert.Contains("anybody can change a bundle and sign it with a key of his own", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Genuine", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_bundle_ends_with_1_and_programs_read_why()
    {
        var bytes = await File.ReadAllBytesAsync(_bundle);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(_bundle, bytes);

        var (exitCode, output, error) = await RunAsync("verify", _bundle, "--key", Fingerprint, "--output", "json");

        Assert.Equal(1, exitCode);
        Assert.Equal("", error);
        var answer = JsonNode.Parse(output)!;
        Assert.False((bool)answer["genuine"]!);
        Assert.True((bool)answer["keyPinned"]!);
        var failed = Assert.Single(answer["checks"]!.AsArray(), check => !(bool)check!["passed"]!);
        Assert.Equal("layout", (string)failed!["name"]!);
        Assert.Contains($"Byte {bytes.Length - 1}", (string)failed["faults"]![0]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_else_than_a_bundle_is_not_genuine()
    {
        var (exitCode, output, _) = await RunAsync("verify", typeof(CommandTests).Assembly.Location);

        Assert.Equal(1, exitCode);
        Assert.Contains("NOT GENUINE", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("verify", "no-such-file.zip")]
    [InlineData("verify", "BUNDLE", "--key", "no-such-key")]
    [InlineData("verify", "BUNDLE", "--key", "BUNDLE")]
    [InlineData("verify", "BUNDLE", "--output", "yaml")]
    [InlineData("verify", "BUNDLE", "--speed", "9")]
    [InlineData("teleport")]
    [InlineData("move", "list", "--page", "x")]
    [InlineData("move", "watch", "x", "--every", "often")]
    [InlineData("move", "window", "x", "--length", "90")]
    [InlineData("audit", "list", "--from", "yesterday")]
    [InlineData("definition", "delete", "x")]
    [InlineData("definition", "delete", "x", "--version", "first")]
    [InlineData("definition", "check", "x", "--file", "x.json")]
    [InlineData("completion", "tcsh")]
    public async Task What_can_not_be_used_ends_with_2_and_one_line(params string[] args)
    {
        var (exitCode, output, error) = await RunAsync([.. args.Select(argument => argument == "BUNDLE" ? _bundle : argument)]);

        Assert.Equal(2, exitCode);
        Assert.Equal("", output);
        Assert.StartsWith("spe: ", error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n', '\r').Split('\n'));
    }

    [Fact]
    public async Task Help_says_what_the_exit_codes_mean()
    {
        var (exitCode, output, _) = await RunAsync("verify", "--help");

        Assert.Equal(0, exitCode);
        Assert.Contains("--key", output, StringComparison.Ordinal);
        Assert.Contains("1 when it is not", output, StringComparison.Ordinal);
    }

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] args)
    {
        var output = new StringWriter();
        var error = new StringWriter();
        return (await SpeCommands.RunAsync(args, output, error), output.ToString(), error.ToString());
    }
}
