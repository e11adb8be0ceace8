using System.Diagnostics;
using System.Management.Automation;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab.Shell.Commands;

/// <summary>Files, folders and certificates as scripts see them: with the properties of Windows, and Windows paths.</summary>
internal static class ItemObjects
{
    public static PSObject ForPath(LabPath path)
    {
        FileSystemInfo info = path.IsDirectory ? new DirectoryInfo(path.Local) : new FileInfo(path.Local);
        var item = new PSObject();
        Add(item, "PSPath", path.Windows);
        Add(item, "FullName", path.Windows);
        Add(item, "Name", path.Name);
        Add(item, "PSIsContainer", info is DirectoryInfo);
        Add(item, "Attributes", info.Attributes);
        Add(item, "LastWriteTimeUtc", info.LastWriteTimeUtc);
        if (info is FileInfo file)
        {
            Add(item, "Length", file.Length);
            Add(item, "VersionInfo", FileVersionInfo.GetVersionInfo(path.Local));
        }

        return item;
    }

    public static PSObject ForCertificate(LabCertificate certificate, string store)
    {
        var item = new PSObject();
        Add(item, "PSPath", $@"Cert:\LocalMachine\{store}\{certificate.Thumbprint}");
        Add(item, "Thumbprint", certificate.Thumbprint);
        Add(item, "Subject", certificate.Subject);
        Add(item, "FriendlyName", certificate.FriendlyName);
        Add(item, "NotAfter", certificate.NotAfter.UtcDateTime);
        Add(item, "HasPrivateKey", certificate.HasPrivateKey);
        var container = new PSObject();
        Add(container, "Exportable", certificate.Exportable);
        Add(container, "UniqueKeyContainerName", LabServer.KeyFileName(certificate.Thumbprint));
        var key = new PSObject();
        Add(key, "CspKeyContainerInfo", container);
        Add(item, "PrivateKey", certificate.HasPrivateKey ? key : null);
        return item;
    }

    private static void Add(PSObject item, string name, object? value) => item.Properties.Add(new PSNoteProperty(name, value));
}
