using System.CommandLine;
using SpeElsa.Cli.Server;

namespace SpeElsa.Cli.Commands;

/// <summary><c>spe profile</c>: servers under names of their own. A profile names the file of a key; no key is stored in it.</summary>
internal static class ProfileCommands
{
    public static Command Build(Screen screen, TextWriter error)
    {
        var profile = new Command("profile", "Remembers servers under names of their own.");
        profile.Subcommands.Add(Set(screen, error));
        var list = new Command("list", "Shows the profiles.");
        list.SetAction((_, _) => RunAsync(error, () => screen.Table(
            ["name", "server", "key file"],
            new Profiles(Profiles.UsualPath).Read().Select(one => (IReadOnlyList<string>)[one.Key, one.Value.Server.ToString(), one.Value.KeyFile ?? ""]),
            "There are none. 'spe profile set default --url https://speelsa.example.net --key api-key.txt' makes one.")));
        profile.Subcommands.Add(list);
        var name = new Argument<string>("name") { Description = "The profile." };
        var remove = new Command("remove", "Forgets a profile.") { name };
        remove.SetAction((result, _) => RunAsync(error, () => new Profiles(Profiles.UsualPath).Change(all =>
        {
            if (!all.Remove(result.GetRequiredValue(name)))
            {
                throw new Refusal($"There is no profile '{result.GetRequiredValue(name)}'.", ExitCodes.Unusable);
            }
        })));
        profile.Subcommands.Add(remove);
        return profile;
    }

    private static Command Set(Screen screen, TextWriter error)
    {
        var name = new Argument<string>("name") { Description = $"The profile; '{Profiles.Default}' is used where none is named." };
        var url = new Option<string>("--url") { Description = "The server.", Required = true };
        var key = new Option<string?>("--key") { HelpName = "FILE", Description = "The file with the API key. The key itself is not stored." };
        var set = new Command("set", "Makes or changes a profile.") { name, url, key };
        set.SetAction((result, _) => RunAsync(error, () =>
        {
            if (!Uri.TryCreate(result.GetRequiredValue(url), UriKind.Absolute, out var server) || server.Scheme is not ("http" or "https"))
            {
                throw new Refusal($"'{result.GetValue(url)}' is no address of a server, such as https://speelsa.example.net.", ExitCodes.Unusable);
            }

            var profiles = new Profiles(Profiles.UsualPath);
            profiles.Change(all => all[result.GetRequiredValue(name)] = new Profile(server, result.GetValue(key) is { } file ? Path.GetFullPath(file) : null));
            screen.Line($"Stored in {profiles.Path}.");
        }));
        return set;
    }

    private static async Task<int> RunAsync(TextWriter error, Action act)
    {
        try
        {
            act();
            return ExitCodes.Ok;
        }
        catch (Refusal refusal)
        {
            return await SpeCommands.SayAsync(error, refusal.Message, refusal.ExitCode);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return await SpeCommands.SayAsync(error, exception.Message);
        }
    }
}
