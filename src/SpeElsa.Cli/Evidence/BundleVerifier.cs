using System.Security.Cryptography;
using System.Text.Json;

namespace SpeElsa.Cli.Evidence;

/// <summary>
/// Checks a bundle of evidence. Written after the description of the format in README.md and nothing else: it shares no code with the server, so that
/// each of the two finds the mistakes of the other.
/// </summary>
internal static class BundleVerifier
{
    public const string Format = "speelsa-evidence";
    public const int FormatVersion = 1;
    public const string ManifestFile = "manifest.json";
    public const string SignatureFile = "signature.json";
    public const string ReportFile = "report.html";
    public const string EvidenceFile = "evidence.json";
    public const string JournalFile = "journal.jsonl";
    public const string KeyCheck = "key";

    /// <summary>What is checked, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["layout", "signature", KeyCheck, "files", "report", "journal", "definitions", "summary"];

    /// <summary>Checks everything that can be checked.</summary>
    /// <param name="zip">The bundle.</param>
    /// <param name="pinned">The fingerprint of the key that must have signed it, lower-case hex; null: any key.</param>
    /// <exception cref="NotSupportedException">It is signed, and has a format that this program does not know.</exception>
    public static Verdict Verify(ReadOnlyMemory<byte> zip, string? pinned)
    {
        var run = new Run(pinned);
        run.Do(zip);
        return new Verdict(run.Checks, run.Fingerprint, pinned is not null, run.MoveId);
    }

    private sealed class Run(string? pinned)
    {
        private List<(string Name, ReadOnlyMemory<byte> Content)> _files = [];

        public List<Check> Checks { get; } = [];

        public string? Fingerprint { get; private set; }

        public string? MoveId { get; private set; }

        public void Do(ReadOnlyMemory<byte> zip)
        {
            Add("layout", () => Layout(zip));
            if (_files.Count == 0)
            {
                return;
            }

            Add("signature", Signature);
            Add(KeyCheck, Key);
            Manifest? manifest = null;
            Add("files", () =>
            {
                manifest = Manifest.Read(Content(ManifestFile));
                MoveId = manifest.MoveId;
                return manifest.Check(_files);
            });
            if (manifest is null)
            {
                return;
            }

            Add("report", Report);
            Journal? journal = null;
            Add("journal", () =>
            {
                journal = Journal.Read(Content(JournalFile));
                return (journal.Says, journal.Faults);
            });
            using var evidence = Parse();
            Add("definitions", () => Definitions.Check(evidence.RootElement, manifest, Content));
            if (journal is not null)
            {
                Add("summary", () => Summary.Check(evidence.RootElement, manifest, journal));
            }
        }

        private JsonDocument Parse()
        {
            try
            {
                return JsonDocument.Parse(Content(EvidenceFile), Facts.Lenient);
            }
            catch (Exception exception) when (exception is JsonException or BundleFaultException)
            {
                // The checks that need it say so.
                return JsonDocument.Parse("{}");
            }
        }

        private (string Says, IReadOnlyList<string> Faults) Layout(ReadOnlyMemory<byte> zip)
        {
            _files = BundleZip.Read(zip);
            var twice = _files.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => $"{group.Key} is there {group.Count()} times.");
            return ($"{_files.Count} files, {zip.Length} bytes, every byte where the format has it.", [.. twice, .. BundleZip.Compare(zip, _files) is { } fault ? [fault] : Array.Empty<string>()]);
        }

        private (string Says, IReadOnlyList<string> Faults) Signature()
        {
            var signature = BundleSignature.Read(Content(SignatureFile));
            Fingerprint = signature.Fingerprint;
            var manifest = Content(ManifestFile);
            signature.Verify(manifest.Span);
            Manifest.CheckVersion(manifest);
            return ("The key inside the bundle has signed manifest.json.", []);
        }

        private (string Says, IReadOnlyList<string> Faults) Key()
        {
            var fingerprint = Fingerprint ?? throw new BundleFaultException("The key can not be read.");
            return pinned is null
                ? ("NOT COMPARED: the signature fits the key inside the bundle, and nothing here says whose that is.", [])
                : pinned == fingerprint
                    ? ($"It is the one that was asked for, {fingerprint}.", [])
                    : ("", [$"It was signed with the key {fingerprint}, not with {pinned}."]);
        }

        private (string Says, IReadOnlyList<string> Faults) Report()
        {
            var report = Content(ReportFile).Span;
            return report.StartsWith("<!DOCTYPE html>"u8) ? ("report.html is there.", []) : ("", ["report.html is no page."]);
        }

        private ReadOnlyMemory<byte> Content(string name)
        {
            var found = _files.FindIndex(file => file.Name == name);
            return found >= 0 ? _files[found].Content : throw new BundleFaultException($"{name} is missing.");
        }

        private void Add(string name, Func<(string Says, IReadOnlyList<string> Faults)> check)
        {
            try
            {
                var (says, faults) = check();
                Checks.Add(new Check(name, says, faults));
            }
            catch (BundleFaultException exception)
            {
                Checks.Add(new Check(name, "", [exception.Message]));
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException or CryptographicException or OverflowException)
            {
                // What the readers of the platform throw at contents that are not as the format says.
                Checks.Add(new Check(name, "", [$"It is not as the format has it: {exception.Message}"]));
            }
        }
    }
}
