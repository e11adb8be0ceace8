namespace SpeElsa.Lab.Windows;

/// <summary>A place on a lab server's drive, as a script names it and as it really is.</summary>
/// <param name="Server">The server whose drive it is on.</param>
/// <param name="Local">The real path.</param>
/// <param name="Root">The drive's root as the script named it, with a backslash at its end.</param>
internal sealed record LabPath(LabServer Server, string Local, string Root)
{
    /// <summary>The Windows path, in the case that the disk has.</summary>
    public string Windows => Root + RelativeToDrive.Replace(Path.DirectorySeparatorChar, '\\');

    public string Name => Path.GetFileName(Local);

    public bool IsFile => File.Exists(Local);

    public bool IsDirectory => Directory.Exists(Local);

    public bool Exists => Path.Exists(Local);

    /// <summary>A symbolic link on the lab's disk stands for a junction.</summary>
    public bool IsJunction => new DirectoryInfo(Local) is { Exists: true, LinkTarget: not null };

    private string RelativeToDrive
    {
        get
        {
            var relative = Path.GetRelativePath(Server.DriveRoot, Local);
            return relative == "." ? "" : relative;
        }
    }

    public LabPath Child(string name) => this with { Local = Path.Combine(Local, name) };

    public LabPath Parent() => this with { Local = Path.GetDirectoryName(Local)! };
}
