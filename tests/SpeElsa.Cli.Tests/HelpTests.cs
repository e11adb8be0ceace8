using System.CommandLine;
using SpeElsa.Cli.Commands;

namespace SpeElsa.Cli.Tests;

/// <summary>What somebody reads who asks for help.</summary>
public sealed class HelpTests
{
    [Fact]
    public void Every_command_option_and_argument_says_what_it_is()
    {
        foreach (var (path, command) in All("spe", SpeCommands.Build(TextWriter.Null, TextWriter.Null, TextReader.Null)))
        {
            Says(path, command.Description);
            Assert.All(command.Options, option => Says($"{path} {option.Name}", option.Description));
            Assert.All(command.Arguments, argument => Says($"{path} <{argument.Name}>", argument.Description));
        }
    }

    /// <summary>The command line of a program is read by others on the same computer, and stays in the history of the shell.</summary>
    [Fact]
    public void No_option_takes_a_password_itself() => Assert.All(
        All("spe", SpeCommands.Build(TextWriter.Null, TextWriter.Null, TextReader.Null)).SelectMany(one => one.Command.Options.Select(option => (one.Path, Option: option))),
        one => Assert.True(
            (!one.Option.Name.Contains("password", StringComparison.Ordinal) && !one.Option.Name.Contains("secret", StringComparison.Ordinal))
                || one.Option.HelpName?.Contains("FILE", StringComparison.Ordinal) == true,
            $"{one.Path} {one.Option.Name}"));

    private static void Says(string what, string? description) =>
        Assert.False(string.IsNullOrWhiteSpace(description), $"{what} does not say what it is");

    private static IEnumerable<(string Path, Command Command)> All(string path, Command command) =>
        [(path, command), .. command.Subcommands.SelectMany(one => All($"{path} {one.Name}", one))];
}
