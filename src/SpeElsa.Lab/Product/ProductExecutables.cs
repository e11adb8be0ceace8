using System.Diagnostics;
using System.Reflection;
using System.Reflection.Emit;

namespace SpeElsa.Lab;

/// <summary>
/// Executables that do nothing but have a version. They are real assemblies, because the file version of one can be read on every
/// operating system, and a script that asks a file for its version then really asks it.
/// </summary>
internal static class ProductExecutables
{
    public static void Write(string path, string title, string version)
    {
        var name = new AssemblyName(Path.GetFileNameWithoutExtension(path)) { Version = Version.Parse(version) };
        var assembly = new PersistedAssemblyBuilder(name, typeof(object).Assembly);
        assembly.DefineDynamicModule(name.Name!);
        Add<AssemblyFileVersionAttribute>(assembly, version);
        Add<AssemblyInformationalVersionAttribute>(assembly, version);
        Add<AssemblyTitleAttribute>(assembly, title);
        Add<AssemblyProductAttribute>(assembly, "MailStore Service Provider Edition (simulated)");
        assembly.Save(path);
    }

    /// <returns>The file version; null when there is no such file.</returns>
    public static string? VersionOf(string path) => File.Exists(path) ? FileVersionInfo.GetVersionInfo(path).FileVersion : null;

    private static void Add<TAttribute>(PersistedAssemblyBuilder assembly, string value)
        where TAttribute : Attribute =>
        assembly.SetCustomAttribute(new CustomAttributeBuilder(typeof(TAttribute).GetConstructor([typeof(string)])!, [value]));
}
