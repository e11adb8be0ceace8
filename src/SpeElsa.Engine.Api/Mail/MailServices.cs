using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Api.Mail;

/// <summary>Adds mail to the engine.</summary>
public static class MailServices
{
    /// <summary>
    /// Adds the activity that sends mails, and <see cref="IMailSender"/>. A host whose mail server wants a password registers a <see cref="MailPassword"/> too.
    /// </summary>
    public static IServiceCollection AddWorkflowMail(this IServiceCollection services, Action<MailOptions>? configure = null)
    {
        var options = services.AddOptions<MailOptions>().ValidateDataAnnotations();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddSingleton<IMailSender, MailSender>();
        services.TryAddSingleton<MailRetries>();
        return services;
    }
}

/// <summary>How patient the activity is with a mail server.</summary>
internal sealed class MailRetries(IOptions<MailOptions> options)
{
    /// <summary>The waits before a mail is handed over again.</summary>
    public IReadOnlyList<TimeSpan> Delays => options.Value.Retries;
}
