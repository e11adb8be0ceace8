using System.Management.Automation;
using System.Net;
using System.Security;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("ConvertTo", "SecureString")]
internal sealed class ConvertToSecureStringCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string String { get; set; } = "";

    [Parameter(Mandatory = true)]
    public SwitchParameter AsPlainText { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Execute() => WriteObject(new NetworkCredential("", String).SecurePassword);
}

[Cmdlet("Export", "PfxCertificate")]
internal sealed class ExportPfxCertificateCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Cert { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string FilePath { get; set; } = "";

    [Parameter(Mandatory = true)]
    public SecureString Password { get; set; } = new();

    protected override void Execute()
    {
        var certificate = CertificatePath.TryParse(Cert) is { Thumbprint: { } thumbprint } path
            ? Server.FindCertificate(thumbprint, path.Store)
            : null;
        if (certificate is null)
        {
            throw NotFound(Cert);
        }

        if (!certificate.HasPrivateKey || !certificate.Exportable)
        {
            throw new InvalidOperationException("Cannot export non-exportable private key.");
        }

        var file = Resolve(FilePath);
        Run.ThrowIfDiskFull();
        File.WriteAllBytes(file.Local, Pfx.Write(certificate, new NetworkCredential("", Password).Password));
        Server.RecordEffect(LabEffectKinds.CertificateExport, certificate.Thumbprint);
        Run.TellEffect();
        WriteObject(ItemObjects.ForPath(file));
    }
}

[Cmdlet("Import", "PfxCertificate")]
internal sealed class ImportPfxCertificateCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string FilePath { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string CertStoreLocation { get; set; } = "";

    [Parameter(Mandatory = true)]
    public SecureString Password { get; set; } = new();

    [Parameter]
    public SwitchParameter Exportable { get; set; }

    protected override void Execute()
    {
        var store = CertificatePath.TryParse(CertStoreLocation)?.Store ?? throw NotFound(CertStoreLocation);
        var data = File.ReadAllBytes(ResolveExisting(FilePath).Local);
        foreach (var certificate in Pfx.Read(data, new NetworkCredential("", Password).Password, Exportable))
        {
            Server.AddCertificate(certificate, store);
            Run.TellEffect();
            WriteObject(ItemObjects.ForCertificate(certificate, store));
        }
    }
}
