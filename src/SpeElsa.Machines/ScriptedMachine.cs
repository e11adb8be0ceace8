using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace SpeElsa.Machines;

/// <summary>A machine that is reached through a transport. Safe for concurrent use; it keeps no state.</summary>
/// <param name="name">The name it has in the fleet.</param>
/// <param name="transport">The way to its PowerShell.</param>
/// <param name="timeouts">The time limits; null for <see cref="MachineTimeouts.Standard"/>.</param>
/// <param name="time">The clock of the time limits; null for the system's.</param>
/// <param name="logger">Where it says what ran; inputs and results are never logged.</param>
public sealed class ScriptedMachine(
    string name,
    IMachineTransport transport,
    MachineTimeouts? timeouts = null,
    TimeProvider? time = null,
    ILogger<ScriptedMachine>? logger = null) : IMachine
{
    private readonly MachineTimeouts _timeouts = timeouts ?? MachineTimeouts.Standard;
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ILogger _logger = logger ?? NullLogger<ScriptedMachine>.Instance;

    /// <inheritdoc />
    public string Name { get; } = name;

    /// <inheritdoc />
    public Task<JsonElement> InvokeAsync(MachineScript script, JsonObject input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(input);
        return RunAsync(script, input, _timeouts.Invocation, cancellationToken);
    }

    /// <inheritdoc />
    public Task<TicketStatus> StartAsync(string ticket, MachineScript script, JsonObject input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(script);
        ArgumentNullException.ThrowIfNull(input);
        return AskAsync(MachineScripts.TicketStart, ticket, cancellationToken,
            ("text", ScriptText.ForTicket(script)),
            ("input", input.ToJsonString()),
            ("beginSeconds", (int)_timeouts.TicketBegin.TotalSeconds));
    }

    /// <inheritdoc />
    public Task<TicketStatus> GetStatusAsync(string ticket, long afterSequence, CancellationToken cancellationToken) =>
        AskAsync(MachineScripts.TicketStatus, ticket, cancellationToken, ("afterSequence", afterSequence));

    /// <inheritdoc />
    public Task CancelAsync(string ticket, CancellationToken cancellationToken) =>
        AskAsync(MachineScripts.TicketCancel, ticket, cancellationToken, ("graceSeconds", (int)_timeouts.CancelGrace.TotalSeconds));

    /// <inheritdoc />
    public async Task CompleteAsync(string ticket, CancellationToken cancellationToken) =>
        await RunAsync(MachineScripts.TicketComplete, TicketInput(ticket, []), _timeouts.TicketVerb, cancellationToken);

    private static JsonObject TicketInput(string ticket, (string Name, JsonNode Value)[] more)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(ticket);
        if (ticket.Length > 100 || !ticket.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') ||
            !char.IsAsciiLetterOrDigit(ticket[0]) || !char.IsAsciiLetterOrDigit(ticket[^1]))
        {
            throw new ArgumentException(
                $"'{ticket}' is not a ticket; use 1 to 100 letters, digits, dots, hyphens and underscores, a letter or digit at both ends.",
                nameof(ticket));
        }

        var input = new JsonObject { ["ticket"] = ticket };
        foreach (var (key, value) in more)
        {
            input[key] = value;
        }

        return input;
    }

    private async Task<TicketStatus> AskAsync(
        MachineScript verb, string ticket, CancellationToken cancellationToken, params (string Name, JsonNode Value)[] more)
    {
        var answer = await RunAsync(verb, TicketInput(ticket, more), _timeouts.TicketVerb, cancellationToken);
        return answer.Deserialize<TicketAnswer>()!.ToStatus();
    }

    private async Task<JsonElement> RunAsync(MachineScript script, JsonObject input, TimeSpan limit, CancellationToken cancellationToken)
    {
        var output = new ScriptOutput();
        var began = _time.GetTimestamp();
        using var timeout = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        int exitCode;
        try
        {
            // The default encoder escapes everything beyond ASCII, so the code page of the machine's console does not matter.
            exitCode = await transport.RunAsync(ScriptText.ForInvocation(script), input.ToJsonString(), Read, either.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Failure(ScriptErrorCodes.TimedOut, string.Create(CultureInfo.InvariantCulture, $"it did not end within {limit.TotalSeconds:0.#} s. Whether it did its work is not known: look before you do it again."), e);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // Once the result is there, a connection that breaks while closing changes nothing.
            if (output.Result is { } arrived)
            {
                return arrived;
            }

            if (!output.HasBegun && e is MachineTransportException known)
            {
                throw Failure(known.Code, known.Message, e);
            }

            throw output.HasBegun
                ? Failure(ScriptErrorCodes.NoResult, $"the connection broke before its result arrived, so whether it did its work is not known: look before you do it again. {e.Message}", e)
                : Failure(ScriptErrorCodes.Unreachable, $"the machine cannot be reached: {e.Message}", e);
        }

        if (_logger.IsEnabled(LogLevel.Debug))
        {
            _logger.ScriptRan(script.Name, Name, _time.GetElapsedTime(began).TotalMilliseconds);
        }

        if (output.Error is { } error)
        {
            throw new MachineScriptException(Name, script.Name, error);
        }

        return output.Result
            ?? throw Failure(ScriptErrorCodes.NoResult, $"it ended with exit code {exitCode} and no result. {output.LastStrayLine}", null);

        void Read(string line)
        {
            if (output.Read(line) is { } message)
            {
                _logger.ScriptSaid(script.Name, Name, message);
            }
        }

        MachineScriptException Failure(string code, string message, Exception? inner) =>
            new(Name, script.Name, new ScriptError(code, message, script.Name, null, null), inner);
    }
}
