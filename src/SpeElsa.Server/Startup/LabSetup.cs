using SpeElsa.Activities;
using SpeElsa.Lab;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Fleet;

namespace SpeElsa.Server.Startup;

/// <summary>The simulated farm, under the data directory.</summary>
internal static class LabSetup
{
    /// <summary>The password of the lab's mail account, so that whoever tries the lab can play the person who knows it.</summary>
    public const string SmtpPasswordSecret = "lab-smtp";

    public static void AddLabFarm(this IServiceCollection services, ServerOptions options)
    {
        if (!options.Lab.Enabled)
        {
            return;
        }

        ISecretStore? secrets = null;
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
            ArchiveBytes = options.Lab.ArchiveBytes,
            Names = new LabProductNames { ServiceSuffix = options.Lab.ServiceSuffix },
            SecretsCreated = created =>
            {
                // The lab asks before it stores anything that depends on them; a start that dies in between makes new ones.
                secrets!.PutAsync(ConfiguredFleet.LabAdministratorSecret, created.ServiceAdministratorPassword, default).AsTask().GetAwaiter().GetResult();
                secrets.PutAsync(SmtpPasswordSecret, created.SmtpPassword, default).AsTask().GetAwaiter().GetResult();
            },
        };
        services.AddLab(lab, product);
        services.AddSingleton<IStartupStep>(provider => new StartupStep(() => secrets = provider.GetRequiredService<ISecretStore>()));
    }
}
