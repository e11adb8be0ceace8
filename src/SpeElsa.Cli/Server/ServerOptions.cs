using System.CommandLine;
using SpeElsa.Cli.Commands;

namespace SpeElsa.Cli.Server;

/// <summary>What every command that talks to a server understands.</summary>
internal sealed class ServerOptions
{
    private static readonly Uri Usual = new("http://127.0.0.1:5080");

    public ServerOptions()
    {
        Output.AcceptOnlyFromAmong("table", "json");
        Server.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<Uri?>() is { } server && !(server.IsAbsoluteUri && server.Scheme is "http" or "https"))
            {
                result.AddError($"'{server.OriginalString}' is no address of a server, such as {Usual}.");
            }
        });
    }

    public Option<Uri?> Server { get; } = new("--server")
    {
        HelpName = "URL",
        Description = $"The server. Else SPE_SERVER, the profile, or {Usual}.",
        Recursive = true,
        CustomParser = result => new Uri(result.Tokens[0].Value, UriKind.RelativeOrAbsolute),
    };

    public Option<string?> KeyFile { get; } = new("--key-file")
    {
        HelpName = "FILE",
        Description = "The file with the API key. Else the key in SPE_KEY, the file of the profile, or data/api-key.txt.",
        Recursive = true,
    };

    public Option<string?> Profile { get; } = new("--profile") { HelpName = "NAME", Description = "The server and key that 'spe profile set' has stored. Else SPE_PROFILE, or 'default'.", Recursive = true };

    public Option<string> Output { get; } = new("--output") { HelpName = "table|json", Description = "For people or for programs.", DefaultValueFactory = _ => "table", Recursive = true };

    public IEnumerable<Option> All => [Server, KeyFile, Profile, Output];

    public bool IsJson(ParseResult result) => result.GetValue(Output) == "json";

    /// <summary>Opens what the command line, the environment and the profile name, in this order.</summary>
    public ServerApi Open(ParseResult result)
    {
        var named = result.GetValue(Profile) ?? Variable("SPE_PROFILE");
        var profiles = new Profiles(Profiles.UsualPath).Read();
        if (!profiles.TryGetValue(named ?? Profiles.Default, out var profile) && named is not null)
        {
            throw new Refusal($"There is no profile '{named}'. 'spe profile list' shows them.", ExitCodes.Unusable);
        }

        var address = Variable("SPE_SERVER");
        if (address is not null && !Uri.TryCreate(address, UriKind.Absolute, out _))
        {
            throw new Refusal($"SPE_SERVER is '{address}', which is no address of a server, such as {Usual}.", ExitCodes.Unusable);
        }

        var server = result.GetValue(Server) ?? (address is null ? profile?.Server ?? Usual : new Uri(address));
        return new ServerApi(server, Key(result, profile));
    }

    private string Key(ParseResult result, Profile? profile)
    {
        if (result.GetValue(KeyFile) is null && Variable("SPE_KEY") is { } key)
        {
            return key.Trim();
        }

        var file = result.GetValue(KeyFile) ?? profile?.KeyFile ?? Path.Combine("data", "api-key.txt");
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } read ? read : throw new Refusal($"'{file}' is empty.", ExitCodes.Unusable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new Refusal($"No API key: {exception.Message} Name its file with --key-file or 'spe profile set', or put the key into SPE_KEY.", ExitCodes.Unusable);
        }
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
