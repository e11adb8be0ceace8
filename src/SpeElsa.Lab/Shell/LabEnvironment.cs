using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Provider;

namespace SpeElsa.Lab.Shell;

/// <summary>The drive <c>env:</c> of a lab server. The real one would be the environment of this process.</summary>
[CmdletProvider(ProviderName, ProviderCapabilities.None)]
internal sealed class LabEnvironment : ContainerCmdletProvider, IContentCmdletProvider
{
    public const string ProviderName = "Environment";

    private LabServer Server => ((LabSession)Host.PrivateData.BaseObject).Server;

    public void ClearContent(string path) => throw new PSNotSupportedException("The environment of a lab server cannot be changed.");

    public object? ClearContentDynamicParameters(string path) => null;

    public IContentReader GetContentReader(string path) => new Reader(Find(path));

    public object? GetContentReaderDynamicParameters(string path) => null;

    public IContentWriter GetContentWriter(string path) =>
        throw new PSNotSupportedException("The environment of a lab server cannot be changed.");

    public object? GetContentWriterDynamicParameters(string path) => null;

    protected override System.Collections.ObjectModel.Collection<PSDriveInfo> InitializeDefaultDrives() =>
        [new PSDriveInfo("Env", ProviderInfo, "", "", null)];

    protected override bool IsValidPath(string path) => true;

    protected override bool ItemExists(string path) => Find(path) is not null;

    private string? Find(string path) => path.Trim('\\', '/').ToUpperInvariant() switch
    {
        "COMPUTERNAME" => Server.ComputerName.ToUpperInvariant(),
        "PROGRAMDATA" => @"C:\ProgramData",
        "PROGRAMFILES" => @"C:\Program Files",
        "SYSTEMDRIVE" => "C:",
        "SYSTEMROOT" or "WINDIR" => @"C:\Windows",
        "TEMP" or "TMP" => @"C:\Windows\Temp",
        _ => null,
    };

    private sealed class Reader(string? value) : IContentReader
    {
        private string? _rest = value;

        public void Close()
        {
        }

        public void Dispose()
        {
        }

        public IList Read(long readCount)
        {
            var read = _rest is null ? [] : new[] { _rest };
            _rest = null;
            return read;
        }

        public void Seek(long offset, SeekOrigin origin)
        {
        }
    }
}
