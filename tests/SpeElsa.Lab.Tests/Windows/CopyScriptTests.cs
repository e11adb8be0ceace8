using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

public abstract class CopyScriptTests : MachineSuite
{
    private const string Source = @"\\spe-old\C$\Data\Archive";
    private const string Destination = @"C:\Data\Archive";

    protected CopyScriptTests(Way way)
        : base(way)
    {
        for (var i = 0; i < 5; i++)
        {
            TestFarm.Write(Farm.Old, $@"C:\Data\Archive\Store {i}\data.dat", new string((char)('a' + i), 1000 * i));
        }

        TestFarm.Write(Farm.Old, @"C:\Data\Archive\Master.fdb", "database");
        TestFarm.Write(Farm.Old, @"C:\ProgramData\Logs\debug.log", "never copied");
        Farm.Old.CreateJunction(@"C:\Data\Archive\Debug Log", @"C:\ProgramData\Logs");
    }

    [Fact]
    public async Task CopyDirectory_Seed_CopiesTheTreeWithItsTimes_AndNoJunction()
    {
        var master = Farm.Old.ToLocalPath(@"C:\Data\Archive\Master.fdb");
        File.SetLastWriteTimeUtc(master, new DateTime(2020, 2, 3, 4, 5, 6, DateTimeKind.Utc));

        var result = await CopyAsync("seed");

        Assert.Equal(6, result.GetProperty("filesCopied").GetInt64());
        Assert.Equal(10_008, result.GetProperty("bytesCopied").GetInt64());
        Assert.Equal(1, result.GetProperty("exitCode").GetInt32());
        Assert.Equal(File.GetLastWriteTimeUtc(master), File.GetLastWriteTimeUtc(Farm.New.ToLocalPath(Destination + @"\Master.fdb")));
        Assert.False(Path.Exists(Farm.New.ToLocalPath(Destination + @"\Debug Log")));
        Assert.Equal(6, TestFarm.Targets(Farm.New, LabEffectKinds.FileCopy).Count);
        Assert.Contains(@"C:\Data\Archive\Store 3\data.dat", TestFarm.Targets(Farm.New, LabEffectKinds.FileCopy));
        await AssertSameManifestAsync();
    }

    [Fact]
    public async Task CopyDirectory_Again_CopiesWhatChanged()
    {
        await CopyAsync("seed");
        TestFarm.Write(Farm.Old, @"C:\Data\Archive\Store 1\data.dat", "longer or shorter");
        TestFarm.Write(Farm.Old, @"C:\Data\Archive\Store 9\new.dat", "new");

        var result = await CopyAsync("seed");

        Assert.Equal(2, result.GetProperty("filesCopied").GetInt64());
        Assert.Equal(5, result.GetProperty("filesSkipped").GetInt64());
        await AssertSameManifestAsync();
    }

    [Fact]
    public async Task CopyDirectory_Seed_LeavesExtras_AndFinal_RemovesThem()
    {
        TestFarm.Write(Farm.New, @"C:\Data\Archive\stale.dat", "stale");
        TestFarm.Write(Farm.New, @"C:\Data\Archive\Old Store\stale.dat", "stale");

        var seed = await CopyAsync("seed");
        Assert.Equal(0, seed.GetProperty("extrasRemoved").GetInt64());
        Assert.True(File.Exists(Farm.New.ToLocalPath(@"C:\Data\Archive\stale.dat")));

        var final = await CopyAsync("final");
        Assert.Equal(2, final.GetProperty("extrasRemoved").GetInt64());
        Assert.Equal(2, TestFarm.Targets(Farm.New, LabEffectKinds.FileRemove).Count);
        Assert.False(Directory.Exists(Farm.New.ToLocalPath(@"C:\Data\Archive\Old Store")));
        await AssertSameManifestAsync();

        Assert.Equal(0, (await CopyAsync("final")).GetProperty("exitCode").GetInt32());
    }

    [Fact]
    public async Task CopyDirectory_ExcludedPatterns_AreLeftOut()
    {
        var result = await CopyAsync("seed", ("excludeFilePatterns", new JsonArray("*.FDB", "nothing.*")));

        Assert.Equal(5, result.GetProperty("filesCopied").GetInt64());
        Assert.Equal(1, result.GetProperty("filesSkipped").GetInt64());
    }

    [Fact]
    public async Task CopyDirectory_FileInUse_IsNamed_SoIsItsOwner_AndItCanBeRetried()
    {
        const string Local = @"C:\Data\Archive\Master.fdb";
        TicketStatus status;
        JsonElement owners;
        using (Farm.Old.LockFile(Local, "MailStoreInstanceHost"))
        {
            status = await Farm.RunTicketAsync("spe-new", "locked", MachineScripts.CopyDirectory, Input("seed"));
            owners = await Farm.InvokeAsync("spe-old", MachineScripts.GetFileOwners, new JsonObject { ["paths"] = new JsonArray(Local, @"C:\Data\Archive\Store 1\data.dat") });
        }

        Assert.Equal(TicketState.Failed, status.State);
        Assert.Equal(ScriptErrorCodes.CopyLocked, status.Error!.Code);
        Assert.True(ScriptErrorCodes.CanRetry(status.Error.Code));
        Assert.Equal([Source + @"\Master.fdb"], status.Error.Files);
        var files = owners.GetProperty("files").EnumerateArray().ToList();
        Assert.Equal("MailStoreInstanceHost", Assert.Single(files[0].GetProperty("owners").EnumerateArray()).GetProperty("name").GetString());
        Assert.Empty(files[1].GetProperty("owners").EnumerateArray());
        Assert.Equal(1, (await CopyAsync("seed")).GetProperty("filesCopied").GetInt64());
    }

    [Theory]
    [InlineData(@"\\spe-old\C$\Nothing", @"C:\Data", ScriptErrorCodes.PathNotFound)]
    [InlineData(@"\\no-server\C$\Data", @"C:\Data", ScriptErrorCodes.PathNotFound)]
    [InlineData(Source, @"C:\", ScriptErrorCodes.InvalidInput)]
    [InlineData(Source, @"c:\program files\", ScriptErrorCodes.InvalidInput)]
    [InlineData(@"\\spe-old\C$\Users", @"C:\Full", ScriptErrorCodes.CopyFailed)]
    public async Task CopyDirectory_FinalToAPlaceThatCannotBeMeant_TouchesNothing(string source, string destination, string code)
    {
        TestFarm.Write(Farm.New, @"C:\Full\precious.dat", "precious");

        var status = await Farm.RunTicketAsync("spe-new", "wrong", MachineScripts.CopyDirectory, new JsonObject
        {
            ["source"] = source,
            ["destination"] = destination,
            ["mode"] = "final",
        });

        Assert.Equal(TicketState.Failed, status.State);
        Assert.Equal(code, status.Error!.Code);
        Assert.Empty(Farm.New.Effects);
    }

    [Fact]
    public async Task CopyDirectory_Slow_ReportsProgress_AndStopsWhenCancelled()
    {
        TestFarm.Write(Farm.Old, @"C:\Data\Archive\Store 0\big.dat", new string('x', 50_000));
        Farm.Options.CopyBytesPerSecond = 5_000;

        await Farm.NewMachine.StartAsync("slow", MachineScripts.CopyDirectory, Input("seed"), TestFarm.Cancelled);
        var running = await Farm.WaitAsync("spe-new", "slow", status => status.Progress is { BytesTotal: > 0 });
        var machine = new ScriptedMachine(
            "spe-new", Farm.Transport("spe-new"), new MachineTimeouts { CancelGrace = TimeSpan.FromSeconds(1) });
        await machine.CancelAsync("slow", TestFarm.Cancelled);
        var status = await Farm.NewMachine.GetStatusAsync("slow", 0, TestFarm.Cancelled);

        Assert.Equal(TicketState.Running, running.State);
        Assert.Equal(7, running.Progress!.FilesTotal);
        Assert.Equal(60_008, running.Progress.BytesTotal);
        Assert.Equal(TicketState.Cancelled, status.State);
        Assert.True(TestFarm.Targets(Farm.New, LabEffectKinds.FileCopy).Count < 7);
    }

    [Fact]
    public async Task GetDirectoryManifest_NamesJunctionsAndHashesFiles()
    {
        var status = await Farm.RunTicketAsync("spe-old", "manifest", MachineScripts.GetDirectoryManifest, new JsonObject
        {
            ["path"] = @"C:\data\ARCHIVE\",
            ["includeFiles"] = true,
            ["excludeDirectories"] = new JsonArray("Store 4"),
            ["manifestFile"] = @"C:\ProgramData\SpeElsa\Manifests\one.jsonl",
        });

        var result = status.Result!.Value;
        Assert.True(result.GetProperty("exists").GetBoolean());
        Assert.Equal(5, result.GetProperty("fileCount").GetInt64());
        Assert.Equal(6_008, result.GetProperty("totalBytes").GetInt64());
        Assert.Equal("Debug Log", Assert.Single(result.GetProperty("skippedJunctions").EnumerateArray()).GetString());
        var files = result.GetProperty("files").EnumerateArray().ToList();
        var lines = string.Concat(files.Select(file =>
            $"{file.GetProperty("path").GetString()}|{file.GetProperty("length").GetInt64()}|{file.GetProperty("sha256").GetString()}\n"));
        Assert.StartsWith("Master.fdb|8|", lines, StringComparison.Ordinal);
        Assert.Equal(Hash(lines), result.GetProperty("digest").GetString());
        Assert.Equal(Hash("database"), files[0].GetProperty("sha256").GetString());
        var written = await File.ReadAllLinesAsync(
            Farm.Old.ToLocalPath(@"C:\ProgramData\SpeElsa\Manifests\one.jsonl"), TestFarm.Cancelled);
        Assert.Equal(files.Select(file => file.GetRawText()), written);
        Assert.Equal(5, status.Progress!.FilesDone);
    }

    [Fact]
    public async Task GetDirectoryManifest_NothingThere_IsAnAnswer()
    {
        var status = await Farm.RunTicketAsync("spe-new", "manifest", MachineScripts.GetDirectoryManifest, new JsonObject { ["path"] = @"C:\Nothing" });

        Assert.False(status.Result!.Value.GetProperty("exists").GetBoolean());
        Assert.Equal(0, status.Result!.Value.GetProperty("fileCount").GetInt64());
        Assert.Equal(Hash(""), status.Result!.Value.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task MoveAside_MovesOnce_AndNeverOverwrites()
    {
        var input = new JsonObject { ["path"] = @"C:\Data\Archive", ["asidePath"] = @"C:\Aside\Archive.before" };

        var first = await Farm.InvokeAsync("spe-old", MachineScripts.MoveAside, input);
        var second = await Farm.InvokeAsync("spe-old", MachineScripts.MoveAside, input);
        TestFarm.Write(Farm.Old, @"C:\Data\Archive\again.dat", "again");
        var both = await Farm.InvokeAsync("spe-old", MachineScripts.MoveAside, input);

        Assert.Equal((true, true, false), Facts(first));
        Assert.Equal((false, true, false), Facts(second));
        Assert.Equal((false, true, true), Facts(both));
        Assert.Equal([@"C:\Data\Archive"], TestFarm.Targets(Farm.Old, LabEffectKinds.DirectoryMove));

        static (bool Moved, bool Aside, bool Path) Facts(JsonElement result) => (
            result.GetProperty("moved").GetBoolean(), result.GetProperty("asideExists").GetBoolean(), result.GetProperty("pathExists").GetBoolean());
    }

    [Fact]
    public async Task A_file_takes_the_place_of_another_which_goes_aside_once_and_is_brought_back()
    {
        const string Place = @"C:\Config\Database.json";
        const string Aside = @"C:\Config\Database.json.before";
        TestFarm.Write(Farm.Old, Place, "first");
        TestFarm.Write(Farm.New, Place, "its own");
        var input = new JsonObject { ["source"] = @"\\spe-old\C$\Config\Database.json", ["destination"] = Place, ["asidePath"] = Aside };

        var first = await Farm.RunTicketAsync("spe-new", "first", MachineScripts.CopyFile, input);
        var again = await Farm.RunTicketAsync("spe-new", "again", MachineScripts.CopyFile, (JsonObject)input.DeepClone());
        TestFarm.Write(Farm.Old, Place, "second");
        var second = await Farm.RunTicketAsync("spe-new", "second", MachineScripts.CopyFile, (JsonObject)input.DeepClone());

        Assert.Equal([(Hash("first"), true), (Hash("first"), false), (Hash("second"), true)], new[] { first, again, second }.Select(status => Facts(status.Result!.Value)));
        Assert.Equal(("second", "its own"), (Read(Place), Read(Aside)));
        Assert.Equal([Place, Place + ".arriving", Place + ".arriving"], TestFarm.Targets(Farm.New, LabEffectKinds.FileMove).Order(StringComparer.Ordinal));

        await Farm.InvokeAsync("spe-new", MachineScripts.MoveAside, new JsonObject { ["path"] = Place, ["asidePath"] = Place + ".undone" });
        await Farm.InvokeAsync("spe-new", MachineScripts.MoveAside, new JsonObject { ["path"] = Aside, ["asidePath"] = Place });
        Assert.Equal(("its own", "second"), (Read(Place), Read(Place + ".undone")));

        var missing = await Farm.RunTicketAsync("spe-new", "missing", MachineScripts.CopyFile, new JsonObject { ["source"] = @"\\spe-old\C$\Config\None.json", ["destination"] = Place, ["asidePath"] = Aside });
        Assert.Equal(ScriptErrorCodes.PathNotFound, missing.Error!.Code);

        string Read(string path) => File.ReadAllText(Farm.New.ToLocalPath(path));

        static (string?, bool) Facts(JsonElement result) => (result.GetProperty("sha256").GetString(), result.GetProperty("changed").GetBoolean());
    }

    [Fact]
    public async Task Held_in_the_middle_and_reopened_the_copy_goes_on_and_the_ledger_is_exact()
    {
        await Farm.ReopenAsync(options => (options.HoldScript, options.HoldAt) = ("Copy-Directory", "middle"));
        await Farm.NewMachine.StartAsync("held", MachineScripts.CopyDirectory, Input("final"), TestFarm.Cancelled);
        await TestFarm.UntilAsync(() => File.Exists(Path.Combine(Farm.Options.Directory, "hold.reached")));
        Assert.Single(TestFarm.Targets(Farm.New, LabEffectKinds.FileCopy));

        await Farm.ReopenAsync(options => options.HoldScript = null);
        var abandoned = await Farm.NewMachine.GetStatusAsync("held", 0, TestFarm.Cancelled);
        Assert.Equal(TicketState.Abandoned, abandoned.State);

        var result = await CopyAsync("final");
        Assert.Equal(5, result.GetProperty("filesCopied").GetInt64());
        Assert.Equal(6, TestFarm.Targets(Farm.New, LabEffectKinds.FileCopy).Distinct().Count());
        Assert.Equal(6, TestFarm.Targets(Farm.New, LabEffectKinds.FileCopy).Count);
        await AssertSameManifestAsync();
    }

    private static string Hash(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static JsonObject Input(string mode, params (string Name, JsonNode Value)[] more)
    {
        var input = new JsonObject { ["source"] = Source, ["destination"] = Destination, ["mode"] = mode };
        foreach (var (name, value) in more)
        {
            input[name] = value;
        }

        return input;
    }

    private async Task<JsonElement> CopyAsync(string mode, params (string Name, JsonNode Value)[] more)
    {
        var ticket = $"copy-{Guid.NewGuid():N}";
        var status = await Farm.RunTicketAsync("spe-new", ticket, MachineScripts.CopyDirectory, Input(mode, more));
        Assert.True(status.State == TicketState.Succeeded, status.Error?.ToString());
        return status.Result!.Value;
    }

    private async Task AssertSameManifestAsync()
    {
        var input = new JsonObject { ["path"] = Destination };
        var there = await Farm.RunTicketAsync("spe-old", $"m-{Guid.NewGuid():N}", MachineScripts.GetDirectoryManifest, input);
        var here = await Farm.RunTicketAsync("spe-new", $"m-{Guid.NewGuid():N}", MachineScripts.GetDirectoryManifest, input);
        Assert.Equal(there.Result!.Value.GetProperty("digest").GetString(), here.Result!.Value.GetProperty("digest").GetString());
    }
}
