using System.Management.Automation.Language;

namespace SpeElsa.Machines.Tests;

/// <summary>The script library as the tests read it.</summary>
internal static class Library
{
    public static IReadOnlyList<MachineScript> Scripts { get; } =
    [
        .. MachineScripts.All, MachineScripts.TicketStart, MachineScripts.TicketStatus, MachineScripts.TicketCancel,
        MachineScripts.TicketComplete,
    ];

    /// <summary>What is in the folder, parts included.</summary>
    public static IReadOnlyList<string> Embedded { get; } =
    [
        .. typeof(MachineScripts).Assembly.GetManifestResourceNames().Select(name => Path.GetFileNameWithoutExtension(name["Scripts/".Length..])),
    ];

    /// <summary>The script alone, as it is sent, and as a ticket.</summary>
    public static IReadOnlyList<string> Texts(string name)
    {
        var script = Scripts.Single(script => script.Name == name);
        return [script.Text, ScriptText.ForInvocation(script), "$SpeTicketDirectory = 'C:\\x'\n" + ScriptText.ForTicket(script)];
    }

    /// <summary>The commands of Windows that a text calls: all but the functions of the library.</summary>
    public static IReadOnlySet<string> CommandsOf(string text)
    {
        var functions = Embedded.Select(MachineScripts.Part)
            .SelectMany(part => new ParsedText(part).All<FunctionDefinitionAst>())
            .Select(function => function.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        return new ParsedText(text).All<CommandAst>()
            .Select(command => command.GetCommandName())
            .Where(command => command is not null && !functions.Contains(command))
            .ToHashSet(StringComparer.OrdinalIgnoreCase)!;
    }
}
