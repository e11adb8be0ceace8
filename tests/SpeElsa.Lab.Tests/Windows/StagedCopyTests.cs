using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

public sealed class StagedCopyTests : IAsyncDisposable
{
    private const string Destination = @"C:\Data\Archive";
    private readonly TestFarm _farm = new();

    public StagedCopyTests()
    {
        TestFarm.Write(_farm.Old, @"C:\Data\Archive\small.dat", "small");
        TestFarm.Write(_farm.Old, @"C:\Data\Archive\Store\large.dat", new string('l', 5000));
        TestFarm.Write(_farm.Old, @"C:\Data\Archive\Store\larger.dat", new string('m', 6000));
    }

    public ValueTask DisposeAsync() => _farm.DisposeAsync();

    [Fact]
    public async Task Only_large_files_go_in_restart_mode_and_only_the_last_pass_removes()
    {
        TestFarm.Write(_farm.New, @"C:\Data\Archive\extra.dat", "extra");

        var result = (await CopyAsync("final", ("restartableFromBytes", 5000))).Result!.Value;

        var passes = result.GetProperty("passes").EnumerateArray().ToList();
        Assert.Equal(2, passes.Count);
        Assert.Equal(["/E", "/Z", "/MIN:5000"], Options(passes[0]).TakeLast(3));
        Assert.Equal(2, passes[0].GetProperty("filesCopied").GetInt64());
        Assert.Equal("/MIR", Options(passes[1])[^1]);
        Assert.DoesNotContain("/Z", Options(passes[1]));
        Assert.Equal(1, passes[1].GetProperty("filesCopied").GetInt64());
        Assert.Equal(3, result.GetProperty("filesCopied").GetInt64());
        Assert.Equal(11_005, result.GetProperty("bytesCopied").GetInt64());
        Assert.Equal(0, result.GetProperty("filesSkipped").GetInt64());
        Assert.Equal(1, result.GetProperty("extrasRemoved").GetInt64());
        Assert.Equal(3, TestFarm.Targets(_farm.New, LabEffectKinds.FileCopy).Count);
        Assert.False(File.Exists(_farm.New.ToLocalPath(@"C:\Data\Archive\extra.dat")));
    }

    [Fact]
    public async Task Without_large_files_there_is_one_pass_with_junctions_left_out_and_few_retries()
    {
        var pass = Assert.Single((await CopyAsync("seed")).Result!.Value.GetProperty("passes").EnumerateArray());

        Assert.DoesNotContain("/Z", Options(pass));
        Assert.Superset(new HashSet<string> { "/XJ", "/R:2", "/W:2", "/COPY:DAT", "/DCOPY:DAT" }, Options(pass).ToHashSet());
    }

    [Fact]
    public async Task The_exit_code_is_told_bit_by_bit()
    {
        TestFarm.Write(_farm.New, @"C:\Data\Archive\extra.dat", "extra");

        var first = (await CopyAsync("seed")).Result!.Value;
        var second = (await CopyAsync("delta")).Result!.Value;
        var third = (await CopyAsync("final")).Result!.Value;
        var fourth = (await CopyAsync("final")).Result!.Value;

        Assert.Equal((3, true, true, false), Outcome(first));
        Assert.Equal((2, false, true, false), Outcome(second));
        Assert.Equal((2, false, true, false), Outcome(third));
        Assert.Equal((0, false, false, false), Outcome(fourth));
        Assert.Equal([0, 0, 1, 0], new[] { first, second, third, fourth }.Select(result => result.GetProperty("extrasRemoved").GetInt32()));
    }

    [Fact]
    public async Task A_seed_may_leave_young_files_to_the_delta()
    {
        var old = _farm.Old.ToLocalPath(@"C:\Data\Archive\Store\large.dat");
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-3));

        var seed = (await CopyAsync("seed", ("minimumAgeDays", 1), ("excludeFilePatterns", new JsonArray("*.fdb")))).Result!.Value;
        var delta = (await CopyAsync("delta")).Result!.Value;

        Assert.Equal(1, seed.GetProperty("filesCopied").GetInt64());
        Assert.Equal(2, delta.GetProperty("filesCopied").GetInt64());
    }

    [Theory]
    [InlineData("delta", 1)]
    [InlineData("final", 1)]
    [InlineData("mirror", 0)]
    public async Task What_would_leave_a_final_copy_incomplete_is_refused(string mode, int minimumAgeDays)
    {
        var status = await CopyAsync(mode, ("minimumAgeDays", minimumAgeDays));

        Assert.Equal(ScriptErrorCodes.InvalidInput, status.Error?.Code);
        Assert.Empty(_farm.New.Effects);
    }

    [Theory]
    [InlineData(1_000_000, "/IPG:66")]
    [InlineData(65_536_000, "/IPG:1")]
    [InlineData(100_000_000, null)]
    [InlineData(0, null)]
    public async Task A_limit_becomes_a_pause_after_each_block_or_a_warning(long bytesPerSecond, string? option)
    {
        var status = await CopyAsync("seed", ("bytesPerSecond", bytesPerSecond));

        var pass = Assert.Single(status.Result!.Value.GetProperty("passes").EnumerateArray());
        Assert.Equal(option, Options(pass).SingleOrDefault(argument => argument.StartsWith("/IPG", StringComparison.Ordinal)));
        Assert.Equal(option is null && bytesPerSecond > 0, status.Log.Any(entry => entry.Level == "warning"));
    }

    [Fact]
    public async Task A_manifest_that_broke_off_is_resumed_where_it_was()
    {
        const string Manifest = @"C:\ProgramData\SpeElsa\Manifests\archive.jsonl";
        using (_farm.Old.LockFile(@"C:\Data\Archive\small.dat", "Editor"))
        {
            var broken = await ManifestAsync(Manifest);
            Assert.Equal(TicketState.Failed, broken.State);
        }

        Assert.False(File.Exists(_farm.Old.ToLocalPath(Manifest)));
        var part = _farm.Old.ToLocalPath(Manifest + ".part");
        await File.AppendAllTextAsync(part, "{\"path\":\"half a li", TestFarm.Cancelled);
        TestFarm.Write(_farm.Old, @"C:\Data\Archive\Store\larger.dat", new string('n', 6000));
        File.SetLastWriteTimeUtc(_farm.Old.ToLocalPath(@"C:\Data\Archive\Store\larger.dat"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var resumed = await ManifestAsync(Manifest);
        var fresh = await ManifestAsync("");

        Assert.True(resumed.State == TicketState.Succeeded, resumed.Error?.ToString());
        Assert.Equal(1, resumed.Result!.Value.GetProperty("filesReused").GetInt32());
        Assert.Equal(3, resumed.Result!.Value.GetProperty("fileCount").GetInt32());
        Assert.Equal(0, fresh.Result!.Value.GetProperty("filesReused").GetInt32());
        Assert.Equal(fresh.Result!.Value.GetProperty("digest").GetString(), resumed.Result!.Value.GetProperty("digest").GetString());
        Assert.False(File.Exists(part));
        Assert.Equal(3, (await File.ReadAllLinesAsync(_farm.Old.ToLocalPath(Manifest), TestFarm.Cancelled)).Length);
    }

    [Fact]
    public async Task What_a_resumed_manifest_kept_under_a_key_is_gone_when_it_is_whole()
    {
        var input = new JsonObject { ["path"] = Destination, ["resumeKey"] = "move-1-acme", ["parallel"] = 1 };
        using (_farm.Old.LockFile(@"C:\Data\Archive\small.dat", "Editor"))
        {
            await _farm.RunTicketAsync("spe-old", "one", MachineScripts.GetDirectoryManifest, input);
        }

        var part = _farm.Old.ToLocalPath(@"C:\ProgramData\SpeElsa\Manifests\move-1-acme.part");
        Assert.True(File.Exists(part));
        var resumed = await _farm.RunTicketAsync("spe-old", "two", MachineScripts.GetDirectoryManifest, input);

        Assert.Equal(2, resumed.Result!.Value.GetProperty("filesReused").GetInt32());
        Assert.False(File.Exists(part));
    }

    [Fact]
    public async Task A_manifest_is_the_same_however_many_files_are_hashed_at_a_time()
    {
        for (var i = 0; i < 30; i++)
        {
            TestFarm.Write(_farm.Old, $@"C:\Data\Archive\Many\{i}.dat", new string('x', i * 100));
        }

        var one = await ManifestAsync("", parallel: 1);
        var eight = await ManifestAsync("", parallel: 8);

        Assert.Equal(33, one.Result!.Value.GetProperty("fileCount").GetInt32());
        Assert.Equal(one.Result!.Value.GetProperty("digest").GetString(), eight.Result!.Value.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Paths_that_would_be_too_long_at_the_destination_are_found()
    {
        TestFarm.Write(_farm.Old, $@"C:\Data\Archive\{new string('d', 100)}\{new string('f', 60)}.dat", "deep");
        _farm.Old.CreateJunction(@"C:\Data\Archive\Link", @"C:\Windows");

        var here = await _farm.RunTicketAsync("spe-old", "here", MachineScripts.FindLongPaths, new JsonObject { ["path"] = Destination });
        var there = await _farm.RunTicketAsync("spe-old", "there", MachineScripts.FindLongPaths, new JsonObject
        {
            ["path"] = Destination,
            ["destination"] = @"C:\" + new string('x', 100),
        });

        Assert.Equal(0, here.Result!.Value.GetProperty("count").GetInt32());
        Assert.Equal(Destination.Length + 1 + 100 + 1 + 64, here.Result!.Value.GetProperty("longest").GetInt32());
        Assert.False(here.Result!.Value.GetProperty("longPathsEnabled").GetBoolean());
        Assert.EndsWith(".dat", Assert.Single(there.Result!.Value.GetProperty("paths").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    private static string[] Options(JsonElement pass) => pass.GetProperty("options").GetString()!.Split(' ');

    private static (int ExitCode, bool Copied, bool Extras, bool Mismatched) Outcome(JsonElement result)
    {
        var outcome = result.GetProperty("outcome");
        return (result.GetProperty("exitCode").GetInt32(), outcome.GetProperty("copied").GetBoolean(), outcome.GetProperty("extras").GetBoolean(),
            outcome.GetProperty("mismatched").GetBoolean());
    }

    private Task<TicketStatus> ManifestAsync(string manifestFile, int parallel = 1) => _farm.RunTicketAsync(
        "spe-old", $"m-{Guid.NewGuid():N}", MachineScripts.GetDirectoryManifest,
        new JsonObject { ["path"] = Destination, ["manifestFile"] = manifestFile, ["parallel"] = parallel });

    private Task<TicketStatus> CopyAsync(string mode, params (string Name, JsonNode Value)[] more)
    {
        var input = new JsonObject { ["source"] = @"\\spe-old\C$\Data\Archive", ["destination"] = Destination, ["mode"] = mode };
        foreach (var (name, value) in more)
        {
            input[name] = value;
        }

        return _farm.RunTicketAsync("spe-new", $"copy-{Guid.NewGuid():N}", MachineScripts.CopyDirectory, input);
    }
}
