using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Api.Mail;

namespace SpeElsa.Engine.Api.Tests.Mail;

/// <summary>How the mail server is met: encryption, sign-in, time limits, settings that can not be.</summary>
public sealed class MailSenderTests
{
    private static readonly OutgoingMail Any = new() { Id = "task-1", To = ["ann@example.net"], Subject = "Hello", Text = "plain" };

    [Fact]
    public async Task It_signs_in_with_the_password_that_the_secret_holds()
    {
        await using var server = await MailServer.StartAsync();

        var id = await Sender(server.Port, MailServer.Password).SendAsync(Any, TestContext.Current.CancellationToken);

        var (message, _) = Assert.Single(server.Received);
        Assert.Equal(("task-1@example.net", "task-1@example.net", "plain"), (id, message.MessageId, message.TextBody!.Trim()));
    }

    [Theory]
    [InlineData("wrong-canary", "It does not let the account in. Look at Mail:UserName")]
    [InlineData(null, "Store the secret 'mail', which Mail:PasswordSecret names.")]
    public async Task A_password_that_is_wrong_or_missing_is_for_a_person_to_put_right(string? password, string why)
    {
        await using var server = await MailServer.StartAsync();

        var failure = await FailAsync(Sender(server.Port, password));

        Assert.Contains(why, failure.Message, StringComparison.Ordinal);
        Assert.False(failure.CanRetry);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_refused()
    {
        using var certificate = MailServer.SelfSigned();
        await using var server = await MailServer.StartAsync(certificate);

        var failure = await FailAsync(Sender(server.Port, MailServer.Password, mail => mail.Security = MailSecurity.StartTls));

        Assert.Contains("Its certificate is not trusted", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.CanRetry);
        Assert.Empty(server.Received);
    }

    [Fact]
    public async Task A_server_that_can_not_encrypt_is_refused_where_it_has_to()
    {
        await using var server = await MailServer.StartAsync();

        var failure = await FailAsync(Sender(server.Port, MailServer.Password, mail => mail.Security = MailSecurity.StartTls));

        Assert.Contains("It does not offer what Mail:Security", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.CanRetry);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_server_that_is_not_there_or_says_nothing_may_be_tried_again(bool listens)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        if (!listens)
        {
            listener.Stop();
        }

        var failure = await FailAsync(Sender(port, MailServer.Password, mail => mail.Timeout = listens ? TimeSpan.FromMilliseconds(50) : mail.Timeout));

        Assert.True(failure.CanRetry, failure.Message);
    }

    [Theory]
    [InlineData("", "", "", MailSecurity.StartTls, null)]
    [InlineData("SpeElsa <a@example.net>", "u", "mail", MailSecurity.Tls, null)]
    [InlineData("nobody at all", "", "", MailSecurity.StartTls, "Mail:From is 'nobody at all', which is no address.")]
    [InlineData("", "u", "", MailSecurity.StartTls, "Mail:PasswordSecret is not.")]
    [InlineData("", "u", "mail", MailSecurity.None, "the password would travel readable")]
    public void Settings_that_can_not_be_are_said(string from, string user, string secret, MailSecurity security, string? fault)
    {
        var options = new MailOptions { From = from, UserName = user, PasswordSecret = secret, Security = security };

        var found = options.Validate(new ValidationContext(options)).Select(result => result.ErrorMessage!).ToArray();

        Assert.Equal(fault is null ? 0 : 1, found.Length);
        Assert.Contains(fault ?? "", found.FirstOrDefault() ?? "", StringComparison.Ordinal);
    }

    private static MailSender Sender(int port, string? password, Action<MailOptions>? change = null)
    {
        var options = new MailOptions
        {
            Host = "127.0.0.1",
            Port = port,
            Security = MailSecurity.None,
            From = "speelsa@example.net",
            UserName = MailServer.User,
            PasswordSecret = "mail",
        };
        change?.Invoke(options);
        return new MailSender(Options.Create(options), [(name, _) => new(name == "mail" ? password : null)]);
    }

    private static Task<MailException> FailAsync(MailSender sender) =>
        Assert.ThrowsAsync<MailException>(() => sender.SendAsync(Any, TestContext.Current.CancellationToken));
}
