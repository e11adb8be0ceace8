namespace SpeElsa.Lab.Tests.Product;

/// <summary>The acts of a single server move that can be left out.</summary>
[Flags]
internal enum Acts
{
    None = 0,
    Licence = 1,
    Certificates = 2,
    Configuration = 4,
    Data = 8,
    MfaOff = 16,
    StopOld = 32,
    All = Licence | Certificates | Configuration | Data | MfaOff | StopOld,
}

/// <summary>The vendor's page "Moving Roles", single server mode, done by hand: plain file copies, plain certificate stores.</summary>
internal static class HandMove
{
    private static readonly string[] StopOrder = ["MailStoreClientAccessServer", "MailStoreInstanceHost", "MailStoreManagementServer"];
    private static readonly string[] StartOrder = [.. StopOrder.Reverse()];
    private static readonly string[] Data = [@"C:\MailStoreData\acme", @"C:\MailStoreData\globex", @"C:\Archive\initech"];
    private const string Config = @"C:\Program Files\MailStore Infrastructure\config";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task RunAsync(ProductLab lab, Acts acts)
    {
        if (acts.HasFlag(Acts.MfaOff))
        {
            await lab.Product.SetMfaAsync("spe-old", "admin", enabled: false, Token);
            await lab.Product.SetMfaAsync("spe-old", "m.berger", enabled: false, Token);
        }

        if (acts.HasFlag(Acts.StopOld))
        {
            await lab.StopAsync(lab.Old, StopOrder);
            Array.ForEach(StopOrder, service => lab.Old.SetStartMode(service, LabService.Disabled));
        }

        if (acts.HasFlag(Acts.Licence))
        {
            await lab.Product.TransferLicenceAsync("spe-new", Token);
        }

        await lab.Product.InstallAsync("spe-new", version: null, administratorPassword: null, Token);
        await lab.StopAsync(lab.New, StopOrder);
        foreach (var certificate in lab.New.Certificates().ToList())
        {
            lab.New.RemoveCertificate(certificate.Thumbprint);
        }

        if (acts.HasFlag(Acts.Certificates))
        {
            foreach (var certificate in lab.Old.Certificates().Where(
                certificate => certificate.FriendlyName.StartsWith("MailStore", StringComparison.Ordinal)))
            {
                lab.New.AddCertificate(certificate);
            }
        }

        if (acts.HasFlag(Acts.Configuration))
        {
            Directory.Delete(lab.New.ToLocalPath(Config), recursive: true);
            Copy(lab.Old.ToLocalPath(Config), lab.New.ToLocalPath(Config));
        }

        if (acts.HasFlag(Acts.Data))
        {
            Array.ForEach(Data, path => Copy(lab.Old.ToLocalPath(path), lab.New.ToLocalPath(path)));
        }

        await lab.StartAsync(lab.New, StartOrder);
    }

    public static void Copy(string source, string destination)
    {
        Directory.CreateDirectory(destination);
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos().Where(entry => entry.LinkTarget is null))
        {
            var target = Path.Combine(destination, entry.Name);
            if (entry is FileInfo file)
            {
                file.CopyTo(target, overwrite: true);
            }
            else
            {
                Copy(entry.FullName, target);
            }
        }
    }
}
