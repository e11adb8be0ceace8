using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SpeElsa.Cli.Tests;

/// <summary>
/// Makes small bundles after the description in src/SpeElsa.Cli/README.md: a move with two steps and a question, and a workflow that it started. What a test
/// changes before <see cref="Sign"/> is signed by the right key all the same.
/// </summary>
internal sealed class BundleMaker
{
    public const string MoveId = "0123456789ab";
    private const string ChildId = "child-1";
    private const string Definition = """{"id":"v1","definitionId":"small-move","name":"Small","version":3,"isLatest":true,"root":{"type":"Elsa.Flowchart","metadata":{"designer":{"x":1}},"activities":[]}}""";
    private const string Content = """{"definitionId":"small-move","name":"Small","root":{"type":"Elsa.Flowchart","metadata":{},"activities":[]}}""";
    private static readonly DateTimeOffset Start = new(2026, 11, 26, 20, 0, 0, TimeSpan.Zero);
    private static readonly string[] Outcomes = ["Done"];

    public static ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public List<JsonObject> Rows { get; } = [];

    public JsonObject Evidence { get; private set; } = [];

    /// <summary>The files after manifest and signature, in order.</summary>
    public List<(string Name, byte[] Content)> Files { get; } = [];

    public static string Fingerprint(ECDsa key) => Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));

    /// <summary>A bundle in which nothing is wrong.</summary>
    public static BundleMaker Sound()
    {
        var maker = new BundleMaker();
        maker.Row(MoveId, "Started", "Workflow1", "x0", "Elsa.Workflow");
        maker.Row(MoveId, "Started", "stop", "x1", "SpeElsa.StopService", """{"Inputs":{"Machine":"spe-old"}}""");
        maker.Row(MoveId, "Observed", "stop", "x1", "SpeElsa.StopService", """{"certificates":[{"thumbprint":"AB"}]}""", "NotDone: It runs – „läuft“ 😀");
        maker.Row(MoveId, "DowntimeStarted", "stop", "x1", "SpeElsa.StopService", null, "Stopped");
        maker.Row(MoveId, "Completed", "stop", "x1", "SpeElsa.StopService", """{"Outcomes":["Done"]}""");
        maker.Row(MoveId, "Started", "ask", "x2", "SpeElsa.HumanTask", """{"Inputs":{"Title":"Sign off"}}""");
        maker.Row(MoveId, "TaskOpened", "ask", "x2", "SpeElsa.HumanTask", $$"""{"taskId":"{{MoveId}}-ask-1"}""");
        maker.Row(MoveId, "TaskCompleted", "ask", "x2", "SpeElsa.HumanTask", """{"completedBy":"j.doe","comment":"well","outcome":"Done","fields":{"note":"n"}}""", "Done by j.doe");
        maker.Row(MoveId, "Completed", "ask", "x2", "SpeElsa.HumanTask", """{"Outcomes":["Done"]}""");
        maker.Row(MoveId, "AnswerConfirmed", "look", "x3", "SpeElsa.CheckRole", $$"""{"taskId":"{{MoveId}}-ask-1","taskName":"ask"}""", "Look found it done");
        maker.Row(MoveId, "Completed", "look", "x3", "SpeElsa.CheckRole", """{"Outcomes":["Done"]}""");
        maker.Row(ChildId, "DowntimeEnded", "start", "y1", "SpeElsa.StartService", null, "Answers");
        maker.Row(ChildId, "Completed", "start", "y1", "SpeElsa.StartService", """{"Outcomes":["Done"]}""");
        maker.Chain();
        maker.Evidence = maker.MakeEvidence();
        maker.Fill();
        return maker;
    }

    /// <summary>Gives every row the hash that follows from the one before.</summary>
    public void Chain()
    {
        foreach (var rows in Rows.GroupBy(row => (string)row["instanceId"]!))
        {
            var previous = "";
            foreach (var row in rows)
            {
                string[] fields =
                [
                    "instanceId", "sequence", "utcTicks", "eventName", "activityId", "nodeId", "activityInstanceId", "parentActivityInstanceId", "activityType", "activityTypeVersion",
                    "activityName", "message", "source", "role", "attempt", "payload",
                ];
                var text = string.Concat(fields.Select(name => row[name]?.ToString()).Prepend(previous).Select(value => $"{(value is null ? -1 : value.Length)}:{value}\n"));
                previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
                row["hash"] = previous;
            }
        }
    }

    /// <summary>Makes the files from the rows and the evidence.</summary>
    public void Fill()
    {
        Files.Clear();
        Files.Add(("report.html", Encoding.UTF8.GetBytes("<!DOCTYPE html>\n<html></html>\n")));
        Files.Add(("evidence.json", JsonSerializer.SerializeToUtf8Bytes(Evidence)));
        Files.Add(("journal.jsonl", Encoding.UTF8.GetBytes(string.Concat(Rows.Select(row => row.ToJsonString() + "\n")))));
        Files.Add(("definitions/small-move.v3.json", Encoding.UTF8.GetBytes(Definition)));
        Files.Add(("definitions/small-move.v3.content.json", Encoding.UTF8.GetBytes(Content)));
    }

    public void Replace(string name, Func<string, string> change)
    {
        var index = Files.FindIndex(file => file.Name == name);
        var changed = change(Encoding.UTF8.GetString(Files[index].Content));
        Files[index] = (name, Encoding.UTF8.GetBytes(changed));
    }

    /// <summary>Manifest, signature, ZIP.</summary>
    public byte[] Sign(ECDsa? key = null, int version = 1)
    {
        var manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            format = "speelsa-evidence",
            formatVersion = version,
            moveId = MoveId,
            files = Files.Select(file => new { name = file.Name, length = file.Content.Length, sha256 = Convert.ToHexStringLower(SHA256.HashData(file.Content)) }),
        });
        return Zip([("manifest.json", manifest), ("signature.json", Signature(key ?? Key, manifest)), .. Files]);
    }

    public static byte[] Signature(ECDsa key, byte[] manifest, bool smaller = true)
    {
        // Half of all signatures have the smaller s as they come.
        byte[] signature;
        do
        {
            signature = key.SignData(manifest, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        while (string.CompareOrdinal(Convert.ToHexString(signature, 32, 32), "7FFFFFFF800000007FFFFFFFFFFFFFFFDE737D56D38BCF4279DCE5617E3192A8") > 0 == smaller);

        var der = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (der.PushSequence())
        {
            der.WriteInteger(new BigInteger(signature.AsSpan(0, 32), isUnsigned: true, isBigEndian: true));
            der.WriteInteger(new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true));
        }

        return Encoding.ASCII.GetBytes(
            $"{{\n  \"algorithm\": \"ECDSA-P256-SHA256\",\n  \"keyId\": \"{Fingerprint(key)}\",\n  \"publicKey\": \"{Convert.ToBase64String(key.ExportSubjectPublicKeyInfo())}\",\n"
            + $"  \"signature\": \"{Convert.ToBase64String(der.Encode())}\"\n}}\n");
    }

    /// <summary>The platform's own ZIP, brought to the layout of a bundle where it differs from it.</summary>
    public static byte[] Zip(IEnumerable<(string Name, byte[] Content)> files)
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                var entry = zip.CreateEntry(name, CompressionLevel.NoCompression);
                entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var output = entry.Open();
                output.Write(content);
            }
        }

        return Normal(stream.ToArray());
    }

    private static byte[] Normal(byte[] zip)
    {
        var directory = BitConverter.ToInt32(zip, zip.Length - 6);
        for (var at = directory; BitConverter.ToUInt32(zip, at) == 0x02014b50; at += 46 + BitConverter.ToUInt16(zip, at + 28))
        {
            var local = BitConverter.ToInt32(zip, at + 42);
            (zip[at + 4], zip[at + 5], zip[at + 6], zip[local + 4]) = (20, 0, 20, 20);
            zip.AsSpan(at + 8, 2).Clear();
            zip.AsSpan(local + 6, 2).Clear();
            zip.AsSpan(at + 38, 4).Clear();
        }

        return zip;
    }

    private void Row(string instanceId, string eventName, string activityId, string executionId, string type, string? payload = null, string? message = null)
    {
        var at = Start.AddSeconds(Rows.Count).AddTicks(1234567);
        Rows.Add(new JsonObject
        {
            ["instanceId"] = instanceId,
            ["sequence"] = Rows.Count(row => (string)row["instanceId"]! == instanceId) + 1,
            ["at"] = At(at),
            ["utcTicks"] = at.UtcTicks.ToString(CultureInfo.InvariantCulture),
            ["eventName"] = eventName,
            ["activityId"] = activityId,
            ["nodeId"] = $"Workflow1:{activityId}",
            ["activityInstanceId"] = executionId,
            ["parentActivityInstanceId"] = null,
            ["activityType"] = type,
            ["activityTypeVersion"] = 1,
            ["activityName"] = null,
            ["message"] = message,
            ["source"] = null,
            ["role"] = eventName == "Completed" ? 2 : 0,
            ["attempt"] = eventName == "Completed" ? 1 : 0,
            ["payload"] = payload,
            ["hash"] = "",
        });
    }

    private static string At(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private JsonObject MakeEvidence()
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Content)));
        return new JsonObject
        {
            ["format"] = "speelsa-evidence",
            ["formatVersion"] = 1,
            ["move"] = new JsonObject
            {
                ["id"] = MoveId,
                ["status"] = "finished",
                ["isFinished"] = true,
                ["updatedAt"] = At(Start.AddMinutes(1)),
                ["downtime"] = new JsonObject { ["startedAt"] = (string)Rows[3]["at"]!, ["endedAt"] = (string)Rows[11]["at"]!, ["seconds"] = 8 },
            },
            ["instances"] = new JsonArray(
                Instance(MoveId, null, hash, 11, Step("x1", "stop", "SpeElsa.StopService", 1, 4, 2, 3), Step("x2", "ask", "SpeElsa.HumanTask", 5, 8, 6, 7), Step("x3", "look", "SpeElsa.CheckRole", 9, 10, 9)),
                Instance(ChildId, MoveId, hash, 2, Step("y1", "start", "SpeElsa.StartService", 11, 12, 11))),
            ["tasks"] = new JsonArray(new JsonObject
            {
                ["id"] = $"{MoveId}-ask-1",
                ["instanceId"] = MoveId,
                ["stepId"] = "x2",
                ["kind"] = "task",
                ["title"] = "Sign off",
                ["openedSequence"] = 7,
                ["openedAt"] = (string)Rows[6]["at"]!,
                ["answeredSequence"] = 8,
                ["answeredAt"] = (string)Rows[7]["at"]!,
                ["answeredBy"] = "j.doe",
                ["outcome"] = "Done",
                ["comment"] = "well",
                ["fields"] = new JsonObject { ["note"] = "n" },
                ["proof"] = new JsonObject { ["state"] = "confirmed", ["sequence"] = 10, ["stepId"] = "look", ["at"] = (string)Rows[9]["at"]!, ["text"] = "Look found it done" },
            }),
            ["statistics"] = new JsonObject { ["before"] = new JsonArray(), ["after"] = new JsonArray() },
            ["manifests"] = new JsonArray(),
            ["thumbprints"] = new JsonArray(new JsonObject
            {
                ["instanceId"] = MoveId,
                ["sequence"] = 3,
                ["activityId"] = "stop",
                ["at"] = (string)Rows[2]["at"]!,
                ["facts"] = JsonNode.Parse((string)Rows[2]["payload"]!),
            }),
            ["definitions"] = new JsonArray(new JsonObject
            {
                ["definitionId"] = "small-move",
                ["version"] = 3,
                ["contentHash"] = hash,
                ["file"] = "definitions/small-move.v3.json",
                ["contentFile"] = "definitions/small-move.v3.content.json",
            }),
        };
    }

    private JsonObject Instance(string id, string? parent, string hash, int rows, params JsonNode[] steps) => new()
    {
        ["id"] = id,
        ["parentId"] = parent,
        ["status"] = "finished",
        ["definitionId"] = "small-move",
        ["definitionHash"] = hash,
        ["journal"] = new JsonObject { ["rows"] = rows, ["lastHash"] = (string)Rows.Last(row => (string)row["instanceId"]! == id)["hash"]! },
        ["steps"] = new JsonArray(steps),
    };

    private JsonObject Step(string id, string activityId, string type, int first, int last, params int[] told) => new()
    {
        ["id"] = id,
        ["activityId"] = activityId,
        ["type"] = type,
        ["status"] = "done",
        ["startedAt"] = (string)Rows[first]["at"]!,
        ["completedAt"] = (string)Rows[last]["at"]!,
        ["attempts"] = 1,
        ["outcomes"] = JsonSerializer.SerializeToNode(Outcomes),
        ["evidence"] = new JsonArray(
        [
            .. told.Select(index => new JsonObject
            {
                ["sequence"] = (int)Rows[index]["sequence"]!,
                ["at"] = (string)Rows[index]["at"]!,
                ["what"] = (string)Rows[index]["eventName"]!,
                ["message"] = (string?)Rows[index]["message"],
                ["facts"] = Rows[index]["payload"] is { } payload ? JsonNode.Parse((string)payload!) : null,
            }),
        ]),
    };
}
