using System.CommandLine;
using SpeElsa.Cli.Evidence;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe verify</c>: whether a bundle of evidence is what a server signed, to the byte.</summary>
internal static class VerifyCommand
{
    private const string Table = "table";
    private const string Json = "json";

    public static Command Build(TextWriter output, TextWriter error)
    {
        var bundle = new Argument<string>("bundle.zip") { Description = "The evidence of a move, as GET /api/moves/{id}/evidence gives it." };
        var key = new Option<string?>("--key")
        {
            HelpName = "FINGERPRINT or FILE",
            Description = "The key that must have signed it: its fingerprint (64 hex digits) or its public part as PEM, got on another way than the bundle. "
                + "Without it the check shows only that the bundle fits the key inside it, which anybody can make.",
        };
        var format = new Option<string>("--output") { HelpName = $"{Table}|{Json}", Description = "For people or for programs.", DefaultValueFactory = _ => Table };
        format.AcceptOnlyFromAmong(Table, Json);
        var command = new Command(
            "verify",
            "Checks the evidence of a move: layout of the ZIP, every file, signature, hash chain of every journal, definitions, and that the summary says what the "
            + "journal says. Needs no network. Ends with 0 when the bundle is genuine, 1 when it is not, 2 when it can not be read or the arguments can not be used.")
        {
            bundle,
            key,
            format,
        };
        command.SetAction((result, cancellationToken) =>
            RunAsync(result.GetRequiredValue(bundle), result.GetValue(key), result.GetValue(format) == Json, output, error, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string path, string? key, bool asJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        try
        {
            var pinned = key is null ? null : await KeyPin.ReadAsync(key, cancellationToken);
            var verdict = BundleVerifier.Verify(await File.ReadAllBytesAsync(path, cancellationToken), pinned);
            await (asJson ? VerdictWriter.WriteJsonAsync(verdict, path, output) : VerdictWriter.WriteTableAsync(verdict, path, output));
            return verdict.IsGenuine ? ExitCodes.Ok : ExitCodes.NotGenuine;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException or NotSupportedException)
        {
            return await SpeCommands.SayAsync(error, exception.Message);
        }
    }
}
