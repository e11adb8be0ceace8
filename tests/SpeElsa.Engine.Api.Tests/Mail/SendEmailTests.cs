using System.Text.Json.Nodes;
using Elsa.Workflows;
using Elsa.Workflows.Models;
using Elsa.Workflows.Runtime;
using Elsa.Workflows.Runtime.Messages;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SmtpServer.Protocol;
using SpeElsa.Engine.Api.Mail;
using SpeElsa.Engine.Api.Tests.Http;
using SpeElsa.Engine.Storage;
using SpeElsa.Testing;

namespace SpeElsa.Engine.Api.Tests.Mail;

/// <summary>Workflows that send mails to a real mail server.</summary>
public sealed class SendEmailTests : HttpTest, IAsyncLifetime
{
    private MailServer? _server;
    private string _host = "127.0.0.1";

    private MailServer Server => _server!;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        _server = await MailServer.StartAsync();
        await InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await Server.DisposeAsync();
    }

    protected override void Add(IServiceCollection services) => services.AddWorkflowMail(mail =>
    {
        (mail.Host, mail.Port, mail.Security, mail.From) = (_host, Server.Port, MailSecurity.None, "SpeElsa <speelsa@example.net>");
        mail.RetryDelays = [TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1)];
    });

    [Fact]
    public async Task A_mail_is_sent_as_it_is_described()
    {
        var run = await RunAsync("mail", Mail(
            ("to", List("Ann M\u00fcller <ann@example.net>", "bob@example.net")),
            ("cc", List("cc@example.net")),
            ("bcc", List("bcc@example.net")),
            ("subject", A.Text("Gr\u00fc\u00dfe")),
            ("body", A.Text("<p>It is <b>done</b>.</p>")),
            ("attachments", A.JavaScript("[{ content: 'a;b', fileName: 'list.csv', contentType: 'text/csv' }, { answer: 42 }]"))));

        Assert.Equal(WorkflowSubStatus.Finished, run.SubStatus);
        var (message, recipients) = Assert.Single(Server.Received);
        Assert.Equal(["ann@example.net", "bcc@example.net", "bob@example.net", "cc@example.net"], recipients.Order(StringComparer.Ordinal));
        Assert.Equal(("speelsa@example.net", "Gr\u00fc\u00dfe"), (message.From.Mailboxes.Single().Address, message.Subject));
        Assert.Equal(["Ann M\u00fcller", ""], message.To.Mailboxes.Select(mailbox => mailbox.Name ?? ""));
        Assert.Empty(message.Bcc);
        Assert.Equal("<p>It is <b>done</b>.</p>", message.HtmlBody!.Trim());
        Assert.Equal("auto-generated", message.Headers[HeaderId.AutoSubmitted]);
        Assert.Equal(["list.csv a;b", """Attachment-2.json {"answer":42}"""], message.Attachments.Cast<MimePart>().Select(Attached));
        var sent = (await JournalAsync("mail")).Single(row => row is { EventName: "Completed", ActivityId: "send" });
        Assert.Equal($"{sent.ActivityInstanceId}@example.net", message.MessageId);
        Assert.Equal(message.MessageId, (string?)JsonNode.Parse(sent.Payload!)!["MessageId"]);
    }

    [Fact]
    public async Task An_attempt_after_a_stop_bears_the_id_of_the_first()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Answer = number =>
        {
            arrived.TrySetResult();
            return number == 1 ? new TaskCompletionSource<SmtpResponse>().Task : Task.FromResult(SmtpResponse.Ok);
        };
        await PublishAsync(A.Sequence("again").With(Mail(("to", List("ann@example.net")))));
        var client = await Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync();
        _ = client.CreateAndRunInstanceAsync(new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionId("again") });
        await arrived.Task;

        await RestartAsync();
        var ended = await EndAsync("again");

        Assert.Equal(WorkflowSubStatus.Finished, ended.SubStatus);
        Assert.Equal(2, Server.Received.Count);
        Assert.NotEmpty(Assert.Single(Server.Received.Select(mail => mail.Message.MessageId).Distinct())!);
    }

    [Fact]
    public async Task What_fails_for_a_passing_reason_is_tried_again_under_the_same_id()
    {
        Server.Answer = number => Task.FromResult(number < 3 ? new SmtpResponse(SmtpReplyCode.InsufficientStorage, "later") : SmtpResponse.Ok);
        await StartAsync("later", Mail(("to", List("ann@example.net"))));

        var ended = await EndAsync("later");

        Assert.Equal(WorkflowSubStatus.Finished, ended.SubStatus);
        Assert.Equal(3, Server.Received.Count);
        Assert.Single(Server.Received.Select(mail => mail.Message.MessageId).Distinct());
        var retries = (await JournalAsync("later")).Where(row => row.EventName == "Retrying").ToArray();
        Assert.Equal(2, retries.Length);
        Assert.Contains("did not take the mail. 452: later", retries[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_fails_for_good_runs_the_error_port()
    {
        Server.Answer = _ => Task.FromResult(new SmtpResponse(SmtpReplyCode.TransactionFailed, "spam"));
        var send = Mail(("to", List("ann@example.net")));
        send["error"] = A.Line("failed");

        var run = await RunAsync("failing", send);

        Assert.Equal(WorkflowSubStatus.Finished, run.SubStatus);
        Assert.Single(Server.Received);
        Assert.Contains(await JournalAsync("failing"), row => row is { EventName: "Completed", ActivityId: "failed" });
        Assert.Contains(await JournalAsync("failing"), row => row is { EventName: "Error", ActivityId: "send" } && row.Message!.EndsWith("554: spam", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_for_good_without_an_error_port_is_an_incident()
    {
        Server.Answer = _ => Task.FromResult(new SmtpResponse(SmtpReplyCode.TransactionFailed, "spam"));

        var run = await RunAsync("fault", Mail(("to", List("ann@example.net"))));

        Assert.Contains("554: spam", Assert.Single(run.Incidents).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("to", "nobody", "The recipient 'nobody' is no address. Write one such as 'Ann <ann@example.net>'.")]
    [InlineData("to", "a@example.net\r\nBcc: b@example.net", "is no address")]
    [InlineData("to", " ", "The mail is for nobody.")]
    [InlineData("attachments", "/etc/passwd", "'/etc/passwd' can not be attached: a path or address is not read")]
    public async Task What_can_not_be_sent_is_said_before_anybody_is_called(string input, string value, string why)
    {
        var run = await RunAsync("wrong", Mail((input, input == "to" ? List(value) : A.Text(value)), ("from", A.Text("me@example.net"))));

        Assert.Contains(why, Assert.Single(run.Incidents).Message, StringComparison.Ordinal);
        Assert.Empty(Server.Received);
    }

    [Fact]
    public async Task Without_a_mail_server_nothing_is_sent_and_it_says_what_to_do()
    {
        _host = "";
        await RestartAsync();

        var run = await RunAsync("none", Mail(("to", List("ann@example.net"))));

        Assert.Contains("No mail server is set up. Enter Mail:Host in appsettings.json", Assert.Single(run.Incidents).Message, StringComparison.Ordinal);
        Assert.False(Services.GetRequiredService<IMailSender>().IsSetUp);
    }

    private static string Attached(MimePart part)
    {
        using var stream = new MemoryStream();
        part.Content!.DecodeTo(stream);
        return $"{part.FileName} {System.Text.Encoding.UTF8.GetString(stream.ToArray())}";
    }

    private static JsonObject Mail(params (string Name, JsonNode? Value)[] inputs) => A.Node("send", "Elsa.SendEmail", inputs);

    private static JsonObject List(params string[] values) => A.Expression("Object", new JsonArray([.. values.Select(value => JsonValue.Create(value))]).ToJsonString());

    private async Task<IReadOnlyList<JournalRecord>> JournalAsync(string definitionId) => await Services.GetRequiredService<IInstanceReader>()
        .ReadJournalAsync(Assert.Single(await InstancesAsync(definitionId)).Id, 0, 1000, default);

    private Task<InstanceRecord> EndAsync(string definitionId) => Eventually.GetAsync(
        async () => (await InstancesAsync(definitionId))[0], record => record.Status is WorkflowStatus.Finished, record => $"it is {record.SubStatus}");

    private async Task StartAsync(string definitionId, JsonObject send) => await RunAsync(definitionId, send);

    private async Task<RunWorkflowInstanceResponse> RunAsync(string definitionId, JsonObject send)
    {
        var result = await PublishAsync(A.Sequence(definitionId).With(send));
        Assert.True(result.IsPublished, string.Join("; ", result.Findings.Select(finding => finding.Message)));
        var client = await Services.GetRequiredService<IWorkflowRuntime>().CreateClientAsync();
        return await client.CreateAndRunInstanceAsync(
            new CreateAndRunWorkflowInstanceRequest { WorkflowDefinitionHandle = WorkflowDefinitionHandle.ByDefinitionVersionId(result.Version!.Id) });
    }
}
