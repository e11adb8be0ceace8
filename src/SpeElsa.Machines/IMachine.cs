using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Machines;

/// <summary>A Windows computer that runs our scripts.</summary>
public interface IMachine
{
    /// <summary>The name it has in the fleet.</summary>
    string Name { get; }

    /// <summary>
    /// Runs a short script to its end. For observations, and for acts whose input or result carries a secret: nothing of either is stored
    /// on the machine.
    /// </summary>
    /// <param name="script">The script.</param>
    /// <param name="input">Its input object.</param>
    /// <param name="cancellationToken">Stops waiting; whether the script still runs on is then unknown.</param>
    /// <returns>The script's result object.</returns>
    /// <exception cref="MachineScriptException">The script failed, or its result did not arrive.</exception>
    Task<JsonElement> InvokeAsync(MachineScript script, JsonObject input, CancellationToken cancellationToken);

    /// <summary>
    /// Starts a long script under a ticket, as a task of the machine that outlives this connection and this process. Starting twice is
    /// starting once. The input is stored on the machine until the ticket is completed, so it must not carry a secret.
    /// </summary>
    /// <param name="ticket">1 to 100 letters, digits, dots, hyphens and underscores; derived from persisted facts.</param>
    /// <param name="script">The script; ignored when the ticket has begun.</param>
    /// <param name="input">Its input object; ignored when the ticket has begun.</param>
    /// <param name="cancellationToken">Stops waiting; ask for the status, or start again, to learn what came of it.</param>
    /// <returns>How the ticket stands.</returns>
    /// <exception cref="MachineScriptException">The machine could not start it, or the answer did not arrive.</exception>
    Task<TicketStatus> StartAsync(string ticket, MachineScript script, JsonObject input, CancellationToken cancellationToken);

    /// <summary>Asks how a ticket stands.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="afterSequence">Log entries up to this one are left out; 0 for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How the ticket stands; <see cref="TicketState.Unknown"/> when the machine has none of that name.</returns>
    /// <exception cref="MachineScriptException">The machine could not say, or the answer did not arrive.</exception>
    Task<TicketStatus> GetStatusAsync(string ticket, long afterSequence, CancellationToken cancellationToken);

    /// <summary>Asks the script to stop, and after a while stops it. Harmless when it has ended or never began.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When it does not run any more; its effects stay.</returns>
    /// <exception cref="MachineScriptException">The machine could not stop it, or the answer did not arrive.</exception>
    Task CancelAsync(string ticket, CancellationToken cancellationToken);

    /// <summary>Removes what the machine keeps of a ticket that has ended. Harmless when nothing is there.</summary>
    /// <param name="ticket">The ticket.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>When it is gone.</returns>
    /// <exception cref="MachineScriptException">The ticket runs still, or the answer did not arrive.</exception>
    Task CompleteAsync(string ticket, CancellationToken cancellationToken);
}
