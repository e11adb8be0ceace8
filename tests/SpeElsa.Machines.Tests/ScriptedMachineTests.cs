using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace SpeElsa.Machines.Tests;

public sealed class ScriptedMachineTests
{
    private static readonly MachineScript Script = new("Get-Answer", "Write-SpeResult @{ answer = 42 }\n");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task InvokeAsync_ReadsTheResultAmongOtherLines()
    {
        var transport = new Wire(0,
            "Windows PowerShell", "{ not json", """{"other":1}""", """{"t":"begin","script":"Get-Answer"}""",
            """{"t":"log","sequence":1,"timestamp":"2026-01-01T00:00:00Z","level":"information","message":"hi"}""",
            """{"t":"progress","bytesDone":1}""", """{"t":"result","value":{"answer":42}}""", "");

        var result = await Machine(transport).InvokeAsync(Script, new JsonObject { ["name"] = "\u00fc" }, Cancelled);

        Assert.Equal(42, result.GetProperty("answer").GetInt32());
        Assert.StartsWith("# SpeElsa script: Get-Answer\n", transport.Text, StringComparison.Ordinal);
        Assert.All(transport.Text + transport.Input, character => Assert.True(char.IsAscii(character)));
        Assert.DoesNotContain('\n', transport.Input);
    }

    [Fact]
    public async Task InvokeAsync_ScriptError_IsThrownWithItsPlace()
    {
        var transport = new Wire(1,
            """{"t":"error","error":{"code":"service.timeout","message":"too slow","script":"Get-Answer","line":3,"position":"Wait"}}""");

        var failure = await FailAsync(transport);

        Assert.Equal(new ScriptError("service.timeout", "too slow", "Get-Answer", 3, "Wait"), failure.Error);
        Assert.Equal(("m", "Get-Answer", true), (failure.Machine, failure.Script, failure.CanRetry));
        Assert.Equal("Script Get-Answer failed on machine m: too slow (line 3: Wait)", failure.Message);
    }

    [Fact]
    public async Task InvokeAsync_NoResult_SaysWhatCameInstead()
    {
        var failure = await FailAsync(new Wire(5, """{"t":"begin","script":"x"}""", "Access is denied.", ""));

        Assert.Equal(ScriptErrorCodes.NoResult, failure.Error.Code);
        Assert.Contains("exit code 5", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Access is denied.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, ScriptErrorCodes.Unreachable)]
    [InlineData(true, ScriptErrorCodes.NoResult)]
    public async Task InvokeAsync_ConnectionBreaks_SaysWhetherTheScriptHadBegun(bool begun, string code)
    {
        var transport = new Wire(0, begun ? ["""{"t":"begin","script":"x"}"""] : []) { Break = new SocketException((int)SocketError.ConnectionReset) };

        var failure = await FailAsync(transport);

        Assert.Equal(code, failure.Error.Code);
        Assert.True(failure.CanRetry);
    }

    [Fact]
    public async Task InvokeAsync_ConnectionBreaksAfterTheResult_IsSuccess()
    {
        var transport = new Wire(0, """{"t":"result","value":{}}""") { Break = new IOException("reset") };

        await Machine(transport).InvokeAsync(Script, [], Cancelled);
    }

    [Fact]
    public async Task InvokeAsync_TakesTooLong_TimesOut()
    {
        var machine = new ScriptedMachine("m", new Wire(0) { Hangs = true }, new MachineTimeouts { Invocation = TimeSpan.FromMilliseconds(50) });

        var failure = await Assert.ThrowsAsync<MachineScriptException>(() => machine.InvokeAsync(Script, [], Cancelled));

        Assert.Equal(ScriptErrorCodes.TimedOut, failure.Error.Code);
    }

    [Fact]
    public async Task InvokeAsync_CallerGivesUp_IsCancellation()
    {
        using var giveUp = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Machine(new Wire(0) { Hangs = true }).InvokeAsync(Script, [], giveUp.Token));
    }

    [Fact]
    public async Task StartAsync_SendsTheScriptToBeStored_AndReadsTheStatus()
    {
        var transport = new Wire(0, """
            {"t":"result","value":{"ticket":"t","state":"ended","lastSequence":2,"log":["{\"t\":\"log\",\"sequence\":2,\"timestamp\":\"2026-01-02T03:04:05Z\",\"level\":\"warning\",\"message\":\"m\"}"],"progress":"{\"bytesDone\":1,\"bytesTotal\":2,\"filesDone\":3,\"filesTotal\":4,\"bytesPerSecond\":5.5,\"activity\":\"\"}","end":"{\"state\":\"failed\",\"result\":null,\"error\":{\"code\":\"copy.failed\",\"message\":\"no\"}}"}}
            """);

        var status = await Machine(transport).StartAsync("t", Script, new JsonObject { ["a"] = 1 }, Cancelled);

        Assert.Equal((TicketState.Failed, 2L, true), (status.State, status.LastSequence, status.IsFinal));
        Assert.Equal(new TicketLogEntry(2, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), "warning", "m"), Assert.Single(status.Log));
        Assert.Equal(new TicketProgress(1, 2, 3, 4, 5.5, null), status.Progress);
        Assert.Equal("copy.failed", status.Error!.Code);
        Assert.Null(status.Result);
        var sent = JsonNode.Parse(transport.Input)!;
        Assert.Equal("""{"a":1}""", sent["input"]!.GetValue<string>());
        Assert.StartsWith("# SpeElsa script: Get-Answer\n", sent["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ScriptErrorCodes.NoResult, true)]
    [InlineData(ScriptErrorCodes.CopyIncomplete, true)]
    [InlineData(ScriptErrorCodes.ServiceDisabled, false)]
    [InlineData(ScriptErrorCodes.Failed, false)]
    [InlineData(ScriptErrorCodes.CertificateNotExportable, false)]
    public void CanRetry_OnlyWhereTryingAgainCanHelp(string code, bool expected) => Assert.Equal(expected, ScriptErrorCodes.CanRetry(code));

    [Fact]
    public void The_line_offset_counts_exactly_what_stands_before_the_script()
    {
        foreach (var (text, before) in new[] { (ScriptText.ForInvocation(Script), 0), (ScriptText.ForTicket(Script), 1) })
        {
            var lines = text.Split('\n');
            var mark = "$SpeLineOffset = ";
            var stated = lines.Single(line => line.StartsWith(mark, StringComparison.Ordinal))[mark.Length..];
            var offset = int.Parse(stated, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal("Write-SpeResult @{ answer = 42 }", lines[offset - before]);
        }
    }

    private static ScriptedMachine Machine(IMachineTransport transport) => new("m", transport);

    private static async Task<MachineScriptException> FailAsync(IMachineTransport transport) =>
        await Assert.ThrowsAsync<MachineScriptException>(() => Machine(transport).InvokeAsync(Script, [], Cancelled));

    /// <summary>A connection that says what it is told to.</summary>
    private sealed class Wire(int exitCode, params string[] lines) : IMachineTransport
    {
        public Exception? Break { get; init; }

        public bool Hangs { get; init; }

        public string Text { get; private set; } = "";

        public string Input { get; private set; } = "";

        public async Task<int> RunAsync(string scriptText, string input, Action<string> onLine, CancellationToken cancellationToken)
        {
            (Text, Input) = (scriptText, input);
            if (Hangs)
            {
                var never = new TaskCompletionSource();
                await never.Task.WaitAsync(cancellationToken);
            }

            Array.ForEach(lines, onLine);
            return Break is null ? exitCode : throw Break;
        }
    }
}
