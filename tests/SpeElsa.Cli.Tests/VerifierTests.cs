using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using SpeElsa.Cli.Evidence;

namespace SpeElsa.Cli.Tests;

/// <summary>What the verifier takes for genuine, and what not.</summary>
public sealed class VerifierTests
{
    private static readonly string Pin = BundleMaker.Fingerprint(BundleMaker.Key);

    [Fact]
    public void A_sound_bundle_is_genuine()
    {
        var verdict = BundleVerifier.Verify(BundleMaker.Sound().Sign(), Pin);

        Assert.True(verdict.IsGenuine, Faults(verdict));
        Assert.Equal(BundleVerifier.Names, verdict.Checks.Select(check => check.Name));
        Assert.Equal(BundleMaker.MoveId, verdict.MoveId);
    }

    /// <summary>Every byte of the file, headers, directory and end among them, and bits of all eight places.</summary>
    [Fact]
    public void A_changed_bit_anywhere_is_found()
    {
        var zip = BundleMaker.Sound().Sign();
        var missed = new List<int>();
        for (var at = 0; at < zip.Length; at++)
        {
            var mask = (byte)(1 << (at % 8));
            zip[at] ^= mask;
            if (IsGenuine(zip))
            {
                missed.Add(at);
            }

            zip[at] ^= mask;
        }

        Assert.Empty(missed);
        Assert.True(IsGenuine(zip));
    }

    [Fact]
    public void A_part_that_is_missing_or_added_or_in_another_place_is_found()
    {
        var maker = BundleMaker.Sound();
        var zip = maker.Sign();
        var files = BundleZip.Read(zip).Select(file => (file.Name, Content: file.Content.ToArray())).ToList();

        Assert.All([1, 22, zip.Length / 2, zip.Length - 4, zip.Length], cut => Assert.False(IsGenuine(zip[..^cut])));
        Assert.False(IsGenuine([.. zip, 0]));
        Assert.False(IsGenuine([0, .. zip]));
        Assert.All(files, file => Assert.False(IsGenuine(BundleMaker.Zip(files.Where(other => other.Name != file.Name))), file.Name));
        Assert.All(files, file => Assert.False(IsGenuine(BundleMaker.Zip([.. files, file])), file.Name));
        Assert.False(IsGenuine(BundleMaker.Zip([.. files, ("notes.txt", "more"u8.ToArray())])));
        Assert.False(IsGenuine(BundleMaker.Zip([.. files, ("REPORT.html", "more"u8.ToArray())])));
        Assert.False(IsGenuine(BundleMaker.Zip(Enumerable.Reverse(files))));
        Assert.True(IsGenuine(BundleMaker.Zip(files)));
        maker.Files.Add(maker.Files[0]);
        Assert.False(IsGenuine(maker.Sign()), "a file that is there twice, in the manifest too");
    }

    [Fact]
    public void A_file_that_was_changed_is_named()
    {
        var maker = BundleMaker.Sound();
        var zip = maker.Sign();
        var files = BundleZip.Read(zip).Select(file => (file.Name, Content: file.Content.ToArray())).ToList();
        files[2] = (files[2].Name, [.. files[2].Content, (byte)' ']);

        var verdict = BundleVerifier.Verify(BundleMaker.Zip(files), Pin);

        Assert.Contains("report.html was changed", Assert.Single(verdict.Checks, check => check.Name == "files").Faults.Single(), StringComparison.Ordinal);
        Assert.Single(verdict.Checks, check => !check.Passed);
    }

    /// <summary>Whoever can not sign can still make everything else anew: contents, hash chain, manifest, checksums. Only the signature shows it.</summary>
    [Fact]
    public void A_bundle_made_anew_around_a_signature_that_was_copied_is_found()
    {
        var files = BundleZip.Read(BundleMaker.Sound().Sign()).Select(file => (file.Name, Content: file.Content.ToArray())).ToList();
        var forged = BundleMaker.Sound();
        forged.Replace("report.html", page => page.Replace("<html>", "<html>forged", StringComparison.Ordinal));
        var others = BundleZip.Read(forged.Sign()).Select(file => (file.Name, Content: file.Content.ToArray())).ToList();

        var verdict = BundleVerifier.Verify(BundleMaker.Zip([others[0], files[1], .. others[2..]]), Pin);

        Assert.Equal("signature", Assert.Single(verdict.Checks, check => !check.Passed).Name);
    }

    /// <summary>From a signature anybody can make a second one that is mathematically good, and a signature can be spelled in more than one way.</summary>
    [Fact]
    public void A_signature_is_good_in_one_form_only()
    {
        var maker = BundleMaker.Sound();
        var files = BundleZip.Read(maker.Sign()).Select(file => (file.Name, Content: file.Content.ToArray())).ToList();
        var spelled = Encoding.ASCII.GetString(files[1].Content);
        string[] others =
        [
            Encoding.ASCII.GetString(BundleMaker.Signature(BundleMaker.Key, files[0].Content, smaller: false)),
            spelled.TrimEnd('\n'),
            spelled.Replace("  ", " ", StringComparison.Ordinal),
            spelled.Replace("{\n", "{\n  \"comment\": \"x\",\n", StringComparison.Ordinal),
            spelled.Replace(Pin, Pin.ToUpperInvariant(), StringComparison.Ordinal),
        ];

        Assert.All(others, other => Assert.False(IsGenuine(BundleMaker.Zip([files[0], (files[1].Name, Encoding.ASCII.GetBytes(other)), .. files[2..]])), other));
    }

    [Fact]
    public void A_bundle_that_was_signed_again_with_another_key_fits_itself_and_not_the_pin()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var zip = BundleMaker.Sound().Sign(other);

        var pinned = BundleVerifier.Verify(zip, Pin);
        var open = BundleVerifier.Verify(zip, null);

        Assert.Equal("key", Assert.Single(pinned.Checks, check => !check.Passed).Name);
        Assert.True(open is { IsGenuine: true, IsPinned: false });
        Assert.StartsWith("NOT COMPARED", open.Checks.Single(check => check.Name == "key").Says, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_curve_is_refused()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var files = BundleZip.Read(BundleMaker.Sound().Sign()).Select(file => (file.Name, Content: file.Content.ToArray())).ToList();
        var key = Convert.ToBase64String(other.ExportSubjectPublicKeyInfo());
        var signature = Convert.ToBase64String(other.SignData(files[0].Content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        files[1] = (files[1].Name, Encoding.ASCII.GetBytes(
            $"{{\n  \"algorithm\": \"ECDSA-P256-SHA256\",\n  \"keyId\": \"{BundleMaker.Fingerprint(other)}\",\n  \"publicKey\": \"{key}\",\n  \"signature\": \"{signature}\"\n}}\n"));

        Assert.Equal("signature", Assert.Single(BundleVerifier.Verify(BundleMaker.Zip(files), null).Checks, check => !check.Passed).Name);
    }

    [Fact]
    public void A_newer_format_is_no_verdict() => Assert.Throws<NotSupportedException>(() => BundleVerifier.Verify(BundleMaker.Sound().Sign(version: 2), Pin));

    /// <summary>The right key has signed what does not fit together: a server that was made to lie, or has a fault.</summary>
    [Theory]
    [InlineData("journal", "a field of a row")]
    [InlineData("journal", "a row left out")]
    [InlineData("journal", "two rows changed over")]
    [InlineData("journal", "a row with a field more")]
    [InlineData("journal", "a time that differs from its ticks")]
    [InlineData("summary", "the last rows left out")]
    [InlineData("summary", "a hash chain made anew")]
    [InlineData("summary", "a comment")]
    [InlineData("summary", "who answered")]
    [InlineData("summary", "what a machine found of an answer")]
    [InlineData("summary", "that a machine found anything of an answer")]
    [InlineData("summary", "a step left out")]
    [InlineData("summary", "an observation")]
    [InlineData("summary", "the downtime")]
    [InlineData("summary", "a thumbprint")]
    [InlineData("summary", "the move")]
    [InlineData("summary", "an instance left out")]
    [InlineData("definitions", "the content of a definition")]
    [InlineData("definitions", "the text of a definition")]
    [InlineData("definitions", "a definition that nothing used")]
    [InlineData("report", "the report")]
    public void What_does_not_fit_together_is_found_under_a_good_signature(string check, string change)
    {
        var maker = BundleMaker.Sound();
        Change(maker, change);

        var verdict = BundleVerifier.Verify(maker.Sign(), Pin);

        Assert.True(verdict.Checks.Where(found => found.Name is "layout" or "signature" or "key" or "files").All(found => found.Passed), Faults(verdict));
        Assert.Contains(check, verdict.Checks.Where(found => !found.Passed).Select(found => found.Name));
    }

    private static void Change(BundleMaker maker, string change)
    {
        var evidence = maker.Evidence;
        switch (change)
        {
            case "a field of a row":
                maker.Rows[1]["payload"] = """{"Inputs":{"Machine":"spe-new"}}""";
                break;
            case "a row left out":
                maker.Rows.RemoveAt(3);
                break;
            case "two rows changed over":
                (maker.Rows[3], maker.Rows[4]) = (maker.Rows[4], maker.Rows[3]);
                break;
            case "a row with a field more":
                maker.Rows[4]["note"] = "x";
                break;
            case "a time that differs from its ticks":
                maker.Rows[4]["at"] = "2026-11-26T20:00:05Z";
                break;
            case "the last rows left out":
                maker.Rows.RemoveRange(9, 2);
                break;
            case "a hash chain made anew":
                maker.Rows[0]["source"] = "somebody";
                maker.Chain();
                break;
            case "a comment":
                evidence["tasks"]![0]!["comment"] = "better";
                break;
            case "who answered":
                evidence["tasks"]![0]!["answeredBy"] = "m.berger";
                break;
            case "what a machine found of an answer":
                evidence["tasks"]![0]!["proof"]!["state"] = "claimed";
                break;
            case "that a machine found anything of an answer":
                evidence["tasks"]![0]!.AsObject().Remove("proof");
                break;
            case "a step left out":
                evidence["instances"]![0]!["steps"]!.AsArray().RemoveAt(0);
                break;
            case "an observation":
                evidence["instances"]![0]!["steps"]![0]!["evidence"]![0]!["facts"]!["certificates"] = new JsonArray();
                break;
            case "the downtime":
                evidence["move"]!["downtime"]!["seconds"] = 5;
                break;
            case "a thumbprint":
                evidence["thumbprints"]![0]!["facts"]!["certificates"]![0]!["thumbprint"] = "CD";
                break;
            case "the move":
                evidence["move"]!["id"] = "ba9876543210";
                break;
            case "an instance left out":
                evidence["instances"]!.AsArray().RemoveAt(1);
                break;
            default:
                maker.Fill();
                ChangeFile(maker, change);
                return;
        }

        maker.Fill();
    }

    private static void ChangeFile(BundleMaker maker, string change)
    {
        switch (change)
        {
            case "the content of a definition":
                maker.Replace("definitions/small-move.v3.content.json", text => text.Replace("Small", "Large", StringComparison.Ordinal));
                maker.Replace("definitions/small-move.v3.json", text => text.Replace("Small", "Large", StringComparison.Ordinal));
                break;
            case "the text of a definition":
                maker.Replace("definitions/small-move.v3.json", text => text.Replace("Small", "Large", StringComparison.Ordinal));
                break;
            case "a definition that nothing used":
                maker.Files.Add(("definitions/other.v1.json", "{}"u8.ToArray()));
                break;
            case "the report":
                maker.Replace("report.html", _ => "");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(change), change, null);
        }
    }

    private static bool IsGenuine(byte[] zip)
    {
        try
        {
            return BundleVerifier.Verify(zip, Pin).IsGenuine;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }

    private static string Faults(Verdict verdict) => string.Join('\n', verdict.Checks.SelectMany(check => check.Faults.Select(fault => $"{check.Name}: {fault}")));
}
