using Elsa.Extensions;
using Elsa.Workflows;
using Elsa.Workflows.Attributes;
using Elsa.Workflows.Models;
using SpeElsa.Engine.Api.Mail;

namespace Elsa.Email.Activities;

/// <summary>
/// Sends a mail. After a crash in the middle it may be sent again, under the same Message-Id, which derives from the execution. What fails for a passing reason is
/// tried again by timer; what fails for good runs the Error port, or faults where there is none.
/// </summary>
[Activity("Elsa", "SendEmail", 1, "Sends a mail", "Email", DisplayName = "Send Email", Kind = ActivityKind.Task)]
public class SendEmail : Activity
{
    private const string TriesKey = "Tries";

    /// <summary>The sender; empty: as in the settings.</summary>
    [Input(Description = "The sender; empty: as in the settings", Order = 1)]
    public Input<string?> From { get; set; } = new((string?)null);

    /// <summary>Whom it is for.</summary>
    [Input(Description = "Whom it is for", UIHint = "multitext", Order = 2)]
    public Input<ICollection<string>> To { get; set; } = new(new List<string>());

    /// <summary>Who gets a copy.</summary>
    [Input(Description = "Who gets a copy", UIHint = "multitext", Category = "More", Order = 3)]
    public Input<ICollection<string>> Cc { get; set; } = new(new List<string>());

    /// <summary>Who gets a copy that the others do not see.</summary>
    [Input(Description = "Who gets a copy that the others do not see", UIHint = "multitext", Category = "More", Order = 4)]
    public Input<ICollection<string>> Bcc { get; set; } = new(new List<string>());

    /// <summary>The subject.</summary>
    [Input(Description = "The subject", Order = 5)]
    public Input<string?> Subject { get; set; } = new((string?)null);

    /// <summary>What is attached: a file, bytes, an object with content, fileName and contentType, another object (as JSON), or a list of them.</summary>
    [Input(Description = "A file, bytes, an object with content, fileName and contentType, another object, or a list of them", Category = "More", Order = 6)]
    public Input<object?> Attachments { get; set; } = new((object?)null);

    /// <summary>The text, as HTML.</summary>
    [Input(Description = "The text, as HTML: what comes from others has to be encoded", UIHint = "multiline", Order = 7)]
    public Input<string?> Body { get; set; } = new((string?)null);

    /// <summary>Runs where the mail could not be sent; without it the workflow faults.</summary>
    [Port]
    public IActivity? Error { get; set; }

    /// <inheritdoc />
    protected override ValueTask ExecuteAsync(ActivityExecutionContext context) => SendAsync(context);

    private async ValueTask SendAsync(ActivityExecutionContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            var id = await context.GetRequiredService<IMailSender>().SendAsync(Read(context), context.CancellationToken);
            context.JournalData["MessageId"] = id;
        }
        catch (MailException exception) when (exception.CanRetry && Wait(context) is { } wait)
        {
            context.AddExecutionLogEntry("Retrying", $"{exception.Message} Trying again in {wait}.");
            context.DelayFor(wait, OnDueAsync);
            return;
        }
        catch (MailException exception) when (Error is not null)
        {
            context.JournalData["Error"] = exception.Message;
            context.AddExecutionLogEntry("Error", exception.Message);
            await context.ScheduleActivityAsync(Error, OnErrorHandledAsync);
            return;
        }

        await context.CompleteActivityAsync();
    }

    /// <summary>Goes on when a wait is over.</summary>
    protected ValueTask OnDueAsync(ActivityExecutionContext context) => SendAsync(context);

    private ValueTask OnErrorHandledAsync(ActivityCompletedContext context) => context.CompleteActivityAsync();

    /// <summary>The next wait; null when it was tried often enough.</summary>
    private static TimeSpan? Wait(ActivityExecutionContext context)
    {
        var delays = context.GetRequiredService<MailRetries>().Delays;
        var tries = context.GetProperty<int>(TriesKey);
        context.SetProperty(TriesKey, tries + 1);
        return tries < delays.Count ? delays[tries] : null;
    }

    private OutgoingMail Read(ActivityExecutionContext context) => new()
    {
        Id = context.Id,
        From = context.Get(From),
        To = [.. context.Get(To) ?? []],
        Cc = [.. context.Get(Cc) ?? []],
        Bcc = [.. context.Get(Bcc) ?? []],
        Subject = context.Get(Subject) ?? "",
        Html = context.Get(Body) ?? "",
        Attachments = MailAttachments.Read(context.Get(Attachments)),
    };
}
