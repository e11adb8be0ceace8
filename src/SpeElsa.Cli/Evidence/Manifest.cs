using System.Security.Cryptography;
using System.Text.Json;

namespace SpeElsa.Cli.Evidence;

/// <summary>manifest.json: which files there must be.</summary>
internal sealed class Manifest
{
    private readonly List<(string Name, long Length, string Sha256)> _files;

    private Manifest(string moveId, List<(string Name, long Length, string Sha256)> files) => (MoveId, _files) = (moveId, files);

    public string MoveId { get; }

    public IEnumerable<string> Names => _files.Select(file => file.Name);

    public static Manifest Read(ReadOnlyMemory<byte> content)
    {
        using var document = JsonDocument.Parse(content, Facts.Strict);
        var root = document.RootElement;
        return new Manifest(root.Required("moveId"), [.. root.List("files").Select(file => (file.Required("name"), file.Number("length"), file.Required("sha256")))]);
    }

    /// <exception cref="NotSupportedException">It is about a format that this program does not know.</exception>
    public static void CheckVersion(ReadOnlyMemory<byte> content)
    {
        using var document = JsonDocument.Parse(content, Facts.Strict);
        if (document.RootElement.Required("format") != BundleVerifier.Format || document.RootElement.Number("formatVersion") != BundleVerifier.FormatVersion)
        {
            throw new NotSupportedException("The bundle is signed, but has a format that this spe does not know. Use the spe that came with the server that wrote it.");
        }
    }

    public (string Says, IReadOnlyList<string> Faults) Check(IReadOnlyList<(string Name, ReadOnlyMemory<byte> Content)> found)
    {
        var faults = new List<string>();
        foreach (var (name, length, sha256) in _files)
        {
            var content = found.Where(file => file.Name == name).Select(file => (ReadOnlyMemory<byte>?)file.Content).FirstOrDefault();
            if (content is not { } bytes)
            {
                faults.Add($"{name} is missing.");
            }
            else if (bytes.Length != length || Convert.ToHexStringLower(SHA256.HashData(bytes.Span)) != sha256)
            {
                faults.Add($"{name} was changed: it does not have the length and SHA-256 that the manifest says.");
            }
        }

        string[] expected = [BundleVerifier.ManifestFile, BundleVerifier.SignatureFile, .. Names];
        faults.AddRange(found.Select(file => file.Name).Except(expected, StringComparer.Ordinal).Select(name => $"{name} is not in the manifest."));
        if (faults.Count == 0 && !expected.SequenceEqual(found.Select(file => file.Name), StringComparer.Ordinal))
        {
            faults.Add("The files are not in the order of the manifest.");
        }

        return ($"{_files.Count} files have the lengths and SHA-256 that the manifest says; none is missing, none is there besides.", faults);
    }
}
