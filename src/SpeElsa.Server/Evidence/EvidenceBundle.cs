using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Server.Evidence;

/// <summary>The files of a bundle, their manifest and its signature. The format is described in src/SpeElsa.Cli/README.md.</summary>
internal static class EvidenceBundle
{
    private const int Depth = 128;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web)
    {
        MaxDepth = Depth,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly JsonSerializerOptions Lines = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes the ZIP. For the same evidence it has the same bytes, but for the signature, which is another one each time.</summary>
    public static byte[] Write(EvidenceSource source, EvidenceDocument evidence, string report, EvidenceKey key)
    {
        var files = Files(source, evidence, report);
        var manifest = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                format = EvidenceBuilder.Format,
                formatVersion = EvidenceBuilder.FormatVersion,
                moveId = evidence.Move.Id,
                files = files.Select(file => new { name = file.Name, length = file.Content.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Content)) }),
            },
            Readable);
        return StoredZip.Write([("manifest.json", manifest), ("signature.json", Signature(manifest, key)), .. files]);
    }

    private static List<(string Name, byte[] Content)> Files(EvidenceSource source, EvidenceDocument evidence, string report)
    {
        var files = new List<(string, byte[])>
        {
            ("report.html", Encoding.UTF8.GetBytes(report)),
            ("evidence.json", JsonSerializer.SerializeToUtf8Bytes(evidence, Readable)),
            ("journal.jsonl", Journal(source.Runs)),
        };
        foreach (var (definition, version) in evidence.Definitions.Zip(source.Versions).Where(pair => pair.First.File is not null))
        {
            files.Add((definition.File!, Encoding.UTF8.GetBytes(version.Stored!.Json)));
            files.Add((definition.ContentFile!, DefinitionReader.Content(version.Stored.Json)));
        }

        return files;
    }

    private static byte[] Journal(IReadOnlyList<EvidenceRun> runs)
    {
        using var output = new MemoryStream();
        foreach (var row in runs.SelectMany(run => run.Journal))
        {
            JsonSerializer.Serialize(output, Row(row), Lines);
            output.WriteByte((byte)'\n');
        }

        return output.ToArray();
    }

    /// <summary>The fields in the order in which the hash takes them. Ticks are text because many programs read numbers of that size inexactly.</summary>
    private static object Row(JournalRecord row) => new
    {
        row.InstanceId,
        row.Sequence,
        At = row.Timestamp.UtcDateTime,
        UtcTicks = row.Timestamp.UtcTicks.ToString(CultureInfo.InvariantCulture),
        row.EventName,
        row.ActivityId,
        row.NodeId,
        row.ActivityInstanceId,
        row.ParentActivityInstanceId,
        row.ActivityType,
        row.ActivityTypeVersion,
        row.ActivityName,
        row.Message,
        row.Source,
        Role = (int)row.Role,
        row.Attempt,
        row.Payload,
        row.Hash,
    };

    /// <summary>Laid out to the byte, because nothing else vouches for this file.</summary>
    private static byte[] Signature(byte[] manifest, EvidenceKey key) => Encoding.ASCII.GetBytes(
        $$"""
        {
          "algorithm": "{{EvidenceKey.Algorithm}}",
          "keyId": "{{key.Fingerprint}}",
          "publicKey": "{{Convert.ToBase64String(key.PublicKey)}}",
          "signature": "{{Convert.ToBase64String(key.Sign(manifest))}}"
        }

        """.ReplaceLineEndings("\n"));
}
