using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;

namespace SpeElsa.Activities;

/// <summary>Base of the steps that only look: their answer is an outcome, and what is wrong goes to the person who puts it right.</summary>
public abstract class MoveCheck : MoveStep
{
    /// <summary>What is wrong; empty when all is well.</summary>
    [Output(DisplayName = "Finding", Description = "What is wrong; empty when all is well")]
    public Output<string>? Finding { get; set; }

    private protected sealed override bool CanAct => false;

    private protected sealed override StepUndo Undo(StepFacts facts) => StepUndo.Nothing("It only looked.");

    private protected sealed override void PutFinding(ActivityExecutionContext context, string? finding) =>
        Put(context, Finding, finding ?? "");
}
