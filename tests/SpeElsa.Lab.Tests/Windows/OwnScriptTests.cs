using System.Text.Json;
using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

/// <summary>A script that an author wrote: what it finds, what comes of what it puts out and says, and what becomes of its errors.</summary>
public abstract class OwnScriptTests(Way way) : MachineSuite(way)
{
    [Fact]
    public async Task By_ticket_it_finds_its_input_gives_its_result_and_what_it_says_is_logged()
    {
        var ended = await Farm.RunTicketAsync("spe-old", "own-1", MachineScripts.InvokeOwnScript, Input(
            """
            Write-Host "Gr\u00fc\u00dfe an $($InputObject.name)"
            Write-Warning 'careful'
            $missing = $InputObject.nothing
            [ordered]@{ name = $InputObject.name; service = @(Get-Service -Name 'Role')[0]; none = $missing; list = @(1); at = [datetime]::new(2026, 1, 2, 3, 4, 5, [DateTimeKind]::Utc) }
            """.Replace("\\u00fc\\u00df", "\u00fc\u00df", StringComparison.Ordinal),
            new JsonObject { ["name"] = "M\u00fcller" }));

        Assert.Null(ended.Error);
        Assert.Equal(TicketState.Succeeded, ended.State);
        Assert.Equal([("information", "Gr\u00fc\u00dfe an M\u00fcller"), ("warning", "careful")], ended.Log.Select(entry => (entry.Level, entry.Message)));
        Assert.Equal("Gr\u00fc\u00dfe an M\u00fcller", ended.Progress?.Activity);
        var value = ended.Result!.Value.GetProperty("value");
        Assert.Equal("M\u00fcller", value.GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.String, value.GetProperty("service").ValueKind);
        Assert.Equal(JsonValueKind.Null, value.GetProperty("none").ValueKind);
        Assert.Equal(1, Assert.Single(value.GetProperty("list").EnumerateArray()).GetInt32());
        Assert.Equal("2026-01-02T03:04:05.0000000Z", value.GetProperty("at").GetString());
    }

    [Theory]
    [InlineData("$null = 1", "null")]
    [InlineData("$true", "true")]
    [InlineData("'a text'", "\"a text\"")]
    [InlineData("1; 'two'; @{ three = 3 }", """[1,"two",{"three":3}]""")]
    [InlineData(", @(1, 2)", "[1,2]")]
    [InlineData("foreach ($number in 1..205) { $number }; return", "6 to 205")]
    [InlineData("function Get-It { return 7 }; Get-It", "7")]
    public async Task What_it_puts_out_is_its_result(string script, string expected)
    {
        var value = (await Farm.InvokeAsync("spe-old", MachineScripts.InvokeOwnScript, Input(script))).GetProperty("value");

        Assert.Equal(expected, value.ValueKind is JsonValueKind.Array && value.GetArrayLength() > 100 ? $"{value[0]} to {value[value.GetArrayLength() - 1]}" : value.GetRawText());
    }

    [Theory]
    [InlineData("\nthrow 'the disk is full'", ScriptErrorCodes.Failed, 2, "Line 2: the disk is full")]
    [InlineData("\n\n  Get-Item -LiteralPath 'C:\\nowhere'", ScriptErrorCodes.Failed, 3, "Line 3: ")]
    [InlineData("Write-Host 'x'\nif (", ScriptErrorCodes.InvalidInput, 2, "nothing of it has run. Line 2: ")]
    [InlineData("(Get-Service -Name 'Role').Stop()\nif ($false) { exit 3 }", ScriptErrorCodes.InvalidInput, 2, "Line 2 has 'exit 3', so nothing of the script has run. Use return, or throw to fail.")]
    public async Task An_error_says_where_in_the_script_of_the_author_it_is(string script, string code, int line, string message)
    {
        var failure = await Farm.FailAsync("spe-old", MachineScripts.InvokeOwnScript, Input(script));

        Assert.Equal((code, line), (failure.Error.Code, failure.Error.Line));
        Assert.Contains(message, failure.Error.Message, StringComparison.Ordinal);
        Assert.Empty(TestFarm.Targets(Farm.Old, LabEffectKinds.ServiceStop));
    }

    [Fact]
    public async Task It_can_use_what_every_script_finds_ready()
    {
        var failure = await Farm.FailAsync("spe-old", MachineScripts.InvokeOwnScript, Input("Stop-SpeScript 'share.refused' (Get-SpeInput 'script').Substring(0, 4)"));

        Assert.Equal((ScriptErrorCodes.ShareRefused, "Stop"), (failure.Error.Code, failure.Error.Message));
    }

    private JsonObject Input(string script, JsonObject? input = null)
    {
        if (Farm.Old.Services.Count == 0)
        {
            Farm.Old.AddService(new LabService { Name = "Role", State = LabService.Running });
        }

        return new() { ["script"] = script, ["input"] = input ?? [] };
    }
}

public sealed class OwnScriptsInProcess() : OwnScriptTests(Way.InProcess);

public sealed class OwnScriptsOverSsh() : OwnScriptTests(Way.Ssh);
