using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>
/// Enters the SMTP password again and has the server send a test mail. The password is read from the secret store and forgotten afterwards,
/// whether it was right or not.
/// </summary>
[Activity(
    "SpeElsa",
    "SetSmtpPassword",
    1,
    "Sets the system's SMTP password and has a test mail sent",
    "Move product",
    DisplayName = "Set SMTP password",
    Kind = ActivityKind.Task)]
[FlowNode("Done", "Failed")]
public sealed class SetSmtpPassword : MoveStep
{
    private const string PasswordField = "password";

    /// <summary>The new server.</summary>
    [Input(DisplayName = "Machine", Description = "The new server, by its name in the fleet", UIHint = "dropdown", UIHandler = typeof(MachineChoices), Order = 1)]
    public Input<string> Machine { get; set; } = new("");

    /// <summary>The reference to the password, as a secret field of a human task gives it.</summary>
    [Input(
        DisplayName = "Password",
        Description = "The reference to the password, as a secret field of a human task gives it",
        UIHint = "singleline",
        DefaultSyntax = "JavaScript",
        Order = 2)]
    public Input<string> Password { get; set; } = new("");

    /// <summary>What is wrong; empty when all is well.</summary>
    [Output(DisplayName = "Finding", Description = "What is wrong; empty when all is well")]
    public Output<string>? Finding { get; set; }

    private protected override void PutFinding(ActivityExecutionContext context, string? finding) => Put(context, Finding, finding ?? "");

    private protected override IReadOnlyList<ApiNeed> Needs { get; } = [ApiNeed.SetSmtp];

    private protected override string ApiMachine(StepContext step) => step.Require(Machine, nameof(Machine));

    private protected override StepUndo Undo(StepFacts facts)
    {
        var machine = facts.Text(nameof(Machine));
        return facts.Move.IsNew(machine)
            ? StepUndo.Nothing($"It changed the management database of {machine} only; the old server still has its own password.")
            : StepUndo.Stays($"The password that {machine} had before can not be read. The one that was set has sent a test mail.");
    }

    private protected override async Task<Observation> ObserveAsync(StepContext step)
    {
        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        string? refusal = null;
        try
        {
            await api.TestSystemSmtpConfigurationAsync(step.CancellationToken);
        }
        catch (ManagementApiException exception) when (exception.Failure is ManagementApiFailure.Refused)
        {
            refusal = exception.Message;
        }

        if (refusal is null)
        {
            return Observation.Done(new { testMail = "sent" });
        }

        return step.State.Phase is StepPhase.Acted
            ? Observation.Found("Failed", $"The test mail could not be sent with this password: {refusal}", new { testMail = refusal })
            : Observation.NotDone($"The test mail can not be sent: {refusal}");
    }

    private protected override async Task<MoveAct> ActAsync(StepContext step, Observation observation)
    {
        var reference = step.Get(Password) ?? "";
        var password = HumanTasks.IsReference(reference)
            ? await step.Context.GetRequiredService<ISecretStore>().GetAsync(reference, step.CancellationToken)
            : null;
        if (string.IsNullOrEmpty(password))
        {
            return MoveAct.Finished("The password is not stored any more; it has to be entered again");
        }

        using var api = await step.ApiAsync(step.Require(Machine, nameof(Machine)));
        var configuration = await api.GetSystemSmtpConfigurationAsync(step.CancellationToken);
        var field = configuration.Select(pair => pair.Key)
            .FirstOrDefault(key => key.Equals(PasswordField, StringComparison.OrdinalIgnoreCase)) ?? PasswordField;
        configuration[field] = JsonValue.Create(password);
        await api.SetSystemSmtpConfigurationAsync(configuration, step.CancellationToken);
        return MoveAct.Finished("Set the SMTP password");
    }

    private protected override async Task FinishingAsync(StepContext step, bool isDone)
    {
        if (step.Get(Password) is { } reference && HumanTasks.IsReference(reference))
        {
            await step.Context.GetRequiredService<ISecretStore>().DeleteAsync(reference, step.CancellationToken);
        }
    }
}
