using System.Text.Json.Nodes;
using SpeElsa.Machines;

namespace SpeElsa.Activities;

/// <summary>What a step did: something that is over, or long work that runs by ticket.</summary>
/// <param name="Summary">What was done, for the journal.</param>
/// <param name="Works">Long work; on one machine one after the other, on several side by side.</param>
internal sealed record MoveAct(string Summary, IReadOnlyList<TicketWork> Works)
{
    public static MoveAct Finished(string summary) => new(summary, []);

    public static MoveAct Started(string summary, params IReadOnlyList<TicketWork> works) => new(summary, works);
}

/// <summary>One script to run by ticket.</summary>
/// <param name="Key">What it is for, unique within the step; its result is found by it.</param>
/// <param name="Machine">Where it runs.</param>
/// <param name="Script">What runs.</param>
/// <param name="Input">Its input; never a secret, since it is stored.</param>
internal sealed record TicketWork(string Key, string Machine, MachineScript Script, JsonObject Input);
