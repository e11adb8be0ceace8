using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>Stops scripts that another workflow started on machines, and removes what is kept of them there.</summary>
[Activity(
    "SpeElsa",
    "StopTickets",
    1,
    "Stops scripts that a move has started on machines and that may still run",
    "Undo",
    DisplayName = "Stop running scripts",
    Kind = ActivityKind.Task)]
public sealed class StopTickets : MoveStep
{
    /// <summary>The tickets: a JSON list of machine and ticket.</summary>
    [Input(DisplayName = "Tickets", Description = "JSON list of {machine, ticket}", UIHint = "json-editor", Order = 1)]
    public Input<object?> Tickets { get; set; } = new((object?)null);

    private protected override StepUndo Undo(StepFacts facts) => StepUndo.OfUndo;

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        var running = new List<string>();
        foreach (var ticket in Read(step))
        {
            var status = await step.Machine(ticket.Machine).GetStatusAsync(ticket.Ticket, 0, step.CancellationToken);
            if (status.State is TicketState.Running)
            {
                running.Add($"{ticket.Ticket} on {ticket.Machine}");
            }
        }

        return running.Count == 0
            ? Observation.Done(new { stopped = Read(step) })
            : Observation.NotDone($"These scripts of the move still run: {string.Join(", ", running)}.");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        foreach (var ticket in Read(step))
        {
            await step.Machine(ticket.Machine).CancelAsync(ticket.Ticket, step.CancellationToken);
        }

        return MoveAct.Finished("Stopped the scripts");
    }

    private protected override async Task FinishingAsync(StepContext step, bool isDone)
    {
        if (isDone)
        {
            foreach (var ticket in Read(step))
            {
                await step.Machine(ticket.Machine).CompleteAsync(ticket.Ticket, step.CancellationToken);
            }
        }
    }

    private static List<MoveTicket> Parse(object? value) => Wire.Read<List<MoveTicket>>(value) ?? [];

    private List<MoveTicket> Read(StepContext step) => Parse(step.Get(Tickets));
}
