using System.IO.Enumeration;
using System.Management.Automation;
using SpeElsa.Lab.Windows;

namespace SpeElsa.Lab.Shell.Commands;

[Cmdlet("Test", "Path")]
internal sealed class TestPathCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    [Parameter]
    public string PathType { get; set; } = "Any";

    protected override void Execute()
    {
        if (CertificatePath.TryParse(LiteralPath) is { } certificate)
        {
            WriteObject(certificate.Thumbprint is null
                ? Server.HasStore(certificate.Store)
                : Server.FindCertificate(certificate.Thumbprint, certificate.Store) is not null);
            return;
        }

        if (RegistryPath.Is(LiteralPath) || Server.FindByKeyFile(LiteralPath) is not null)
        {
            WriteObject(!RegistryPath.Is(LiteralPath) || Server.RegistryKey(LiteralPath).Count > 0);
            return;
        }

        WriteObject(TryResolve(LiteralPath) is { } path && PathType.ToUpperInvariant() switch
        {
            "CONTAINER" => path.IsDirectory,
            "LEAF" => path.IsFile,
            _ => path.Exists,
        });
    }

    // A drive or a server that is not there is no error here: the path does not exist.
    private LabPath? TryResolve(string path)
    {
        try
        {
            return Resolve(path);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }
}

[Cmdlet("Get", "Item")]
internal sealed class GetItemCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Execute()
    {
        if (CertificatePath.TryParse(LiteralPath) is { Thumbprint: { } thumbprint } path)
        {
            var certificate = Server.FindCertificate(thumbprint, path.Store) ?? throw NotFound(LiteralPath);
            WriteObject(ItemObjects.ForCertificate(certificate, path.Store));
            return;
        }

        WriteObject(ItemObjects.ForPath(ResolveExisting(LiteralPath)));
    }
}

[Cmdlet("Get", "ChildItem")]
internal sealed class GetChildItemCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    [Parameter]
    public string Filter { get; set; } = "*";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Execute()
    {
        if (CertificatePath.TryParse(LiteralPath) is { } store)
        {
            if (!Server.HasStore(store.Store))
            {
                throw NotFound(LiteralPath);
            }

            WriteObject(Server.Certificates(store.Store).Select(found => ItemObjects.ForCertificate(found, store.Store)), true);
            return;
        }

        var path = ResolveExisting(LiteralPath);
        foreach (var entry in Directory.EnumerateFileSystemEntries(path.Local).Order(StringComparer.OrdinalIgnoreCase))
        {
            if (FileSystemName.MatchesSimpleExpression(Filter, Path.GetFileName(entry), ignoreCase: true))
            {
                WriteObject(ItemObjects.ForPath(path with { Local = entry }));
            }
        }
    }
}

[Cmdlet("Convert", "Path")]
internal sealed class ConvertPathCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    protected override void Execute() => WriteObject(ResolveExisting(LiteralPath).Local);
}

[Cmdlet("New", "Item")]
internal sealed class NewItemCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string Path { get; set; } = "";

    [Parameter]
    public string ItemType { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Execute()
    {
        if (CertificatePath.TryParse(Path) is { Thumbprint: null } store)
        {
            Server.CreateStore(store.Store);
            return;
        }

        var path = Resolve(Path);
        if (ItemType.Equals("Directory", StringComparison.OrdinalIgnoreCase))
        {
            if (!Force && path.Exists)
            {
                throw new IOException($"An item with the specified name {Path} already exists.");
            }

            Directory.CreateDirectory(path.Local);
        }
        else
        {
            if (Force)
            {
                Directory.CreateDirectory(path.Parent().Local);
            }

            if (!Path.Contains(@"\Tickets\", StringComparison.OrdinalIgnoreCase))
            {
                Run.ThrowIfDiskFull();
            }

            using (File.Open(path.Local, Force ? FileMode.Create : FileMode.CreateNew))
            {
            }
        }

        WriteObject(ItemObjects.ForPath(path));
    }
}

[Cmdlet("Remove", "Item")]
internal sealed class RemoveItemCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    [Parameter]
    public SwitchParameter Recurse { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    [Parameter]
    public SwitchParameter DeleteKey { get; set; }

    protected override void Execute()
    {
        if (CertificatePath.TryParse(LiteralPath) is { Thumbprint: { } thumbprint } certificate)
        {
            if (Server.FindCertificate(thumbprint, certificate.Store) is null)
            {
                throw NotFound(LiteralPath);
            }

            Server.RemoveCertificate(thumbprint, certificate.Store);
            Run.TellEffect();
            return;
        }

        var path = ResolveExisting(LiteralPath);
        if (path.IsJunction || path.IsFile)
        {
            File.Delete(path.Local);
        }
        else
        {
            Directory.Delete(path.Local, Recurse);
        }
    }
}

[Cmdlet("Move", "Item")]
internal sealed class MoveItemCommand : LabCommand
{
    /// <summary>Where scripts keep tickets and the like: no effects.</summary>
    private const string Own = @"\ProgramData\SpeElsa\";

    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string Destination { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Execute()
    {
        if (CertificatePath.TryParse(LiteralPath) is { Thumbprint: { } thumbprint } from)
        {
            var to = CertificatePath.TryParse(Destination);
            if (to is null || !Server.HasStore(to.Store) || Server.FindCertificate(thumbprint, from.Store) is null)
            {
                throw NotFound(to is null || !Server.HasStore(to.Store) ? Destination : LiteralPath);
            }

            Server.MoveCertificate(thumbprint, from.Store, to.Store);
            Run.TellEffect();
            return;
        }

        var source = ResolveExisting(LiteralPath);
        var destination = Resolve(Destination);
        if (destination.IsDirectory)
        {
            destination = destination.Child(source.Name);
        }

        if (source.IsDirectory)
        {
            Server.RenameWithEffect(
                LabEffectKinds.DirectoryMove, source.Windows, source.Local, () => Directory.Move(source.Local, destination.Local));
            Run.TellEffect();
        }
        else if (source.Windows.Contains(Own, StringComparison.OrdinalIgnoreCase))
        {
            File.Move(source.Local, destination.Local, Force);
        }
        else
        {
            Server.RenameWithEffect(LabEffectKinds.FileMove, source.Windows, source.Local, () => File.Move(source.Local, destination.Local, Force));
            Run.TellEffect();
        }
    }
}

[Cmdlet("Copy", "Item")]
internal sealed class CopyItemCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string Destination { get; set; } = "";

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void Execute()
    {
        var source = ResolveExisting(LiteralPath);
        var destination = Resolve(Destination);
        Run.ThrowIfDiskFull();
        if (Run.TakeFault(LabFaultKind.LockedFile))
        {
            throw new IOException($"The process cannot access the file '{LiteralPath}' because it is being used by another process.");
        }

        var content = File.ReadAllBytes(source.Local);
        var isPartial = content.Length > 1 && Run.TakeFault(LabFaultKind.PartialCopy);
        if (content.Length > 0 && Run.TakeFault(LabFaultKind.BitFlip))
        {
            content[content.Length / 2] ^= 1;
        }

        File.WriteAllBytes(destination.Local, isPartial ? content[..(content.Length / 2)] : content);
        if (isPartial)
        {
            throw new IOException("The specified network name is no longer available.");
        }
    }
}

[Cmdlet("Rename", "Item")]
internal sealed class RenameItemCommand : LabCommand
{
    [Parameter(Mandatory = true)]
    public string LiteralPath { get; set; } = "";

    [Parameter(Mandatory = true)]
    public string NewName { get; set; } = "";

    protected override void Execute()
    {
        var source = ResolveExisting(LiteralPath);
        var destination = source.Parent().Child(NewName);
        if (source.IsDirectory)
        {
            Directory.Move(source.Local, destination.Local);
        }
        else
        {
            File.Move(source.Local, destination.Local);
        }
    }
}
