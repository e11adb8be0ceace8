using System.Text;
using Microsoft.AspNetCore.Authorization;
using SpeElsa.Activities;
using SpeElsa.Lab;
using SpeElsa.Server.Access;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Fleet;
using SpeElsa.Server.Identity;

namespace SpeElsa.Server.Startup;

/// <summary>The simulated farm, under the data directory.</summary>
internal static class LabSetup
{
    /// <summary>The password of the lab's mail account. Whoever tries the lab plays the person who knows it.</summary>
    public const string SmtpPasswordFile = "lab-smtp-password.txt";

    /// <summary>The same for the multi server farm.</summary>
    public const string MultiSmtpPasswordFile = "lab-multi-smtp-password.txt";

    public static void AddLabFarm(this IServiceCollection services, ServerOptions options)
    {
        if (!options.Lab.Enabled)
        {
            // Plans are rehearsed on copies in the lab also where it has no farm of its own.
            services.AddSingleton(new LabSites(null));
            return;
        }

        var lab = new LabOptions
        {
            Directory = Path.Combine(options.DataPath, "lab"),
            SlowStep = options.Lab.SlowStep,
            CopyBytesPerSecond = options.Lab.CopyBytesPerSecond,
            HoldScript = options.Lab.HoldScript,
            HoldAt = options.Lab.HoldAt,
        };
        var product = new LabProductOptions
        {
            Farm = options.Lab.Farm,
            ArchiveBytes = options.Lab.ArchiveBytes,
            KeyFolder = options.Lab.KeyFolder,
            Names = new LabProductNames { ServiceSuffix = options.Lab.ServiceSuffix },
        };
        services.AddSingleton(product);
        services.AddLab(lab, product);
    }

    /// <summary>Keeps the secrets of a farm that is being made. The lab asks before it stores anything that depends on them, so a start that dies in between makes new ones.
    /// The calls are there without a farm too: they reach the copies of rehearsals.</summary>
    public static void MapLabFarm(this WebApplication app, ServerOptions options)
    {
        if (options.Lab.Enabled)
        {
            var secrets = app.Services.GetRequiredService<ISecretStore>();
            app.Services.GetRequiredService<LabProductOptions>().SecretsCreated = created =>
            {
                secrets.PutAsync(ConfiguredFleet.LabSecret(created.Farm), created.ServiceAdministratorPassword, CancellationToken.None).AsTask().GetAwaiter().GetResult();
                PrivateFile.Write(Path.Combine(options.DataPath, created.Farm == LabFarmKind.Multi ? MultiSmtpPasswordFile : SmtpPasswordFile), Encoding.UTF8.GetBytes(created.SmtpPassword));
            };
        }

        IEndpointConventionBuilder lab = app.MapLab(app.Services.GetRequiredService<LabSites>()).CheckTexts();
        lab.Add(endpoint => endpoint.Metadata.Add(new AuthorizeAttribute(ActsOn(endpoint) ? Policies.Operate : Policies.Read)));
    }

    private static bool ActsOn(EndpointBuilder endpoint) =>
        endpoint.Metadata.OfType<IHttpMethodMetadata>().SelectMany(methods => methods.HttpMethods).Any(method => !HttpMethods.IsGet(method));
}
