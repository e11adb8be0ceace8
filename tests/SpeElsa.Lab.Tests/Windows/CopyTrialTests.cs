using System.Security.Cryptography;
using SpeElsa.Benchmarks;
using SpeElsa.Machines;

namespace SpeElsa.Lab.Tests.Windows;

/// <summary>The benchmark's copy with few bytes and no clock: ended half way, taken up again, and checked against the files themselves.</summary>
public sealed class CopyTrialTests
{
    private const long Bytes = 4 << 20;

    [Fact]
    public async Task A_copy_that_died_half_way_goes_on_and_every_file_arrives_once_and_whole()
    {
        var folder = Directory.CreateTempSubdirectory("speelsa-copy-");
        int files;
        var seen = new Monotone();
        using var enough = new CancellationTokenSource();
        await using (var trial = CopyTrial.Open(folder.FullName, bytesPerSecond: 1 << 20))
        {
            (files, var made) = trial.Make(Bytes);
            Assert.Equal(Bytes, made);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trial.CopyAsync(
                CopyTrial.FirstTicket,
                progress =>
                {
                    seen.Add(progress);
                    if (progress.FilesDone > 0)
                    {
                        enough.Cancel();
                    }
                },
                enough.Token));
        }

        await using (var trial = CopyTrial.Open(folder.FullName))
        {
            Assert.Equal(TicketState.Abandoned, (await trial.StatusAsync(CopyTrial.FirstTicket, TestFarm.Cancelled)).State);
            Assert.InRange(trial.Copied().Count, 1, files - 1);
            var rest = new Monotone();
            var status = await trial.CopyAsync("copy-2", rest.Add, TestFarm.Cancelled);
            var (source, target) = await trial.VerifyAsync("verify", TestFarm.Cancelled);

            Assert.True(status.State is TicketState.Succeeded, status.Error?.ToString());
            Assert.Equal(source, target);
            Assert.Equal(files, trial.Copied().Count);
            Assert.All(trial.Copied().Values, count => Assert.Equal(1, count));
            Assert.True(seen.Count > 1);
            Assert.InRange(rest.Last!.BytesDone, 1, Bytes - 1);
            Assert.Equal(Hashes(trial.SourceFolder), Hashes(trial.TargetFolder));
        }

        folder.Delete(recursive: true);
    }

    private static List<string> Hashes(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(file => $"{Path.GetRelativePath(folder, file)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)))}"),
    ];
}
