using System.Reflection;
using Elsa.Workflows.Activities.Flowchart.Attributes;
using Elsa.Workflows.Attributes;

namespace SpeElsa.Activities;

/// <summary>One step of an undo: an activity with its inputs, as a definition would state them.</summary>
public sealed record UndoStep
{
    /// <summary>The value of an input that is how things stood before the move; the undo has it as its variable.</summary>
    public static object BaselineValue { get; } = new Dictionary<string, object?> { ["variable"] = "baseline" };

    /// <summary>The stored name of the activity, such as <c>SpeElsa.StartService</c>.</summary>
    public required string Type { get; init; }

    /// <summary>What it will do, in words, with the machine.</summary>
    public required string Title { get; init; }

    /// <summary>When it runs.</summary>
    public required UndoPhase Phase { get; init; }

    /// <summary>Its place among the steps of its phase, the lowest first. Of equal ones that which undoes the later step comes first.</summary>
    public int Order { get; init; }

    /// <summary>The machine it is about; null where that means nothing.</summary>
    public string? Machine { get; init; }

    /// <summary>Its inputs, by the names that definitions use: text, booleans, <see cref="BaselineValue"/>, or anything that becomes JSON.</summary>
    public IReadOnlyDictionary<string, object?> Inputs { get; init; } = new Dictionary<string, object?>();

    /// <summary>The outcomes by which it can be left. What does not lead on leads to <see cref="Otherwise"/>.</summary>
    public IReadOnlyList<string> Outcomes { get; init; } = [HumanTasks.DoneOutcome];

    /// <summary>The outcomes that lead on.</summary>
    public IReadOnlyList<string> Pass { get; init; } = [HumanTasks.DoneOutcome];

    /// <summary>For a check: the task of a person that its other outcomes lead to, and that leads back to it.</summary>
    public UndoStep? Otherwise { get; init; }

    /// <summary>The server that must be off before this starts; null where it does not matter.</summary>
    public string? OnlyIfOff { get; init; }

    /// <summary>The role that has to be off there; null: all.</summary>
    public string? OnlyIfOffRole { get; init; }

    /// <summary>For a task of a person: its stable short name.</summary>
    public string? TaskName { get; init; }

    /// <summary>For a task of a person: how it is done.</summary>
    public string? Instructions { get; init; }

    /// <summary>Whether a person does it.</summary>
    public bool IsByPerson => Type == UndoSteps.HumanTaskType;
}

/// <summary>The steps that undos are made of.</summary>
internal static class UndoSteps
{
    public const string HumanTaskType = "SpeElsa.HumanTask";

    private const string Accept = "Accept";
    private const string CheckAgain = "CheckAgain";

    public static UndoStep StopTickets(IReadOnlyList<MoveTicket> tickets) => new()
    {
        Type = "SpeElsa.StopTickets",
        Title = $"Stop what the move still runs on {string.Join(" and ", tickets.Select(ticket => ticket.Machine).Distinct(StringComparer.OrdinalIgnoreCase))}",
        Phase = UndoPhase.EndWork,
        Machine = tickets[0].Machine,
        Inputs = new Dictionary<string, object?> { ["tickets"] = tickets },
    };

    public static UndoStep StopInstances(string machine, string? installDirectory, string? managementServer = null) => new()
    {
        Type = "SpeElsa.StopInstances",
        Title = $"Stop the instances on {machine}, so that each closes its databases",
        Phase = UndoPhase.NewOff,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["baseline"] = UndoStep.BaselineValue, ["installDirectory"] = installDirectory, ["managementServer"] = managementServer },
    };

    /// <summary>Without a target each instance goes back to where it was before the move. The new server still answers then, and the old one does.</summary>
    public static UndoStep SetInstanceHost(string source, string managementServer) => new()
    {
        Type = "SpeElsa.SetInstanceHost",
        Title = $"Give the instances back to the Instance Host {source}, with the base directories they had before the move",
        Phase = UndoPhase.NewOff,
        Order = 5,
        Machine = source,
        Inputs = new Dictionary<string, object?> { ["source"] = source, ["managementServer"] = managementServer, ["baseline"] = UndoStep.BaselineValue },
    };

    public static UndoStep RemoveInstanceHost(string machine, string managementServer) => new()
    {
        Type = "SpeElsa.RemoveInstanceHost",
        Title = $"Remove the Instance Host {machine} from the Management Server, where no instance refers to it",
        Phase = UndoPhase.AfterStart,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["managementServer"] = managementServer, ["baseline"] = UndoStep.BaselineValue },
    };

    public static UndoStep TakeOutOfService(string machine, string? installDirectory, string? role = null) => new()
    {
        Type = "SpeElsa.TakeOutOfService",
        Title = role is null ? $"Stop and disable the services of {machine}" : $"Stop and disable the {Roles.Title(role)} of {machine}",
        Phase = UndoPhase.NewOff,
        Order = 10,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["installDirectory"] = installDirectory, ["role"] = role },
    };

    public static UndoStep RestoreCertificates(string machine, string backupStore) => new()
    {
        Type = "SpeElsa.RestoreCertificates",
        Title = $"Put the certificates of {machine} back that were moved aside",
        Phase = UndoPhase.BeforeStart,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["backupStore"] = backupStore },
    };

    public static UndoStep RestoreConfigDirectory(string machine, string moveId, string? installDirectory, string? file = null, string? role = null) => new()
    {
        Type = "SpeElsa.RestoreConfigDirectory",
        Title = file is null ? $"Put the config directory of {machine} back that was put aside" : $"Put the file {file} of {machine} back that was put aside",
        Phase = UndoPhase.BeforeStart,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["moveId"] = moveId, ["installDirectory"] = installDirectory, ["file"] = file, ["role"] = role },
    };

    /// <summary>Without a data directory each instance goes back to where it was before the move.</summary>
    public static UndoStep SetBaseDirectories(string machine) => new()
    {
        Type = "SpeElsa.SetBaseDirectories",
        Title = $"Tell the Management Server of {machine} where the data of each instance was before the move",
        Phase = UndoPhase.Start,
        Order = 5,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["baseline"] = UndoStep.BaselineValue },
    };

    public static UndoStep RemoveClientAccessServer(string machine, string managementServer, string? installDirectory) => new()
    {
        Type = "SpeElsa.RemoveClientAccessServer",
        Title = $"Remove the Client Access Server {machine} from the Management Server",
        Phase = UndoPhase.AfterStart,
        Machine = machine,
        Inputs = new Dictionary<string, object?>
        {
            ["machine"] = machine,
            ["managementServer"] = managementServer,
            ["baseline"] = UndoStep.BaselineValue,
            ["installDirectory"] = installDirectory,
        },
    };

    public static UndoStep AdoptServerName(string machine) => new()
    {
        Type = "SpeElsa.AdoptServerName",
        Title = $"Give the instances of {machine} back to the Instance Host of its old name, and remove what came with the new one",
        Phase = UndoPhase.Start,
        Order = 5,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["baseline"] = UndoStep.BaselineValue },
    };

    /// <summary>With no other server, as when one is renamed, none has to be off.</summary>
    public static UndoStep RestoreStartModes(string machine, string onlyIfOff, string? installDirectory, string? role) => new()
    {
        Type = "SpeElsa.RestoreStartModes",
        Title = $"Set the services of {machine} to the start modes they had before the move",
        Phase = UndoPhase.BeforeStart,
        Order = 10,
        Machine = machine,
        OnlyIfOff = onlyIfOff,
        OnlyIfOffRole = role is { Length: > 0 } ? role : null,
        Inputs = new Dictionary<string, object?>
        {
            ["machine"] = machine,
            ["baseline"] = UndoStep.BaselineValue,
            ["onlyIfOff"] = onlyIfOff,
            ["noOtherServer"] = onlyIfOff.Length == 0,
            ["installDirectory"] = installDirectory,
            ["role"] = role,
        },
    };

    /// <summary>With a Management Server the role moved by itself, and the other roles of the other server may serve on.</summary>
    public static UndoStep StartService(string machine, string role, string onlyIfOff, string? installDirectory, string? managementServer) => new()
    {
        Type = "SpeElsa.StartService",
        Title = $"Start the {Roles.Title(role)} of {machine} and wait until it answers",
        Phase = UndoPhase.Start,
        Order = 10 * Roles.All.ToList().IndexOf(role),
        Machine = machine,
        OnlyIfOff = onlyIfOff,
        OnlyIfOffRole = managementServer is { Length: > 0 } ? role : null,
        Inputs = new Dictionary<string, object?>
        {
            ["machine"] = machine,
            ["role"] = role,
            ["onlyIfOff"] = onlyIfOff,
            ["noOtherServer"] = onlyIfOff.Length == 0,
            ["downtimeEnds"] = role == Roles.ClientAccessServer,
            ["installDirectory"] = installDirectory,
            ["managementServer"] = managementServer,
        },
    };

    public static UndoStep StartInstances(string machine, string? managementServer = null) => new()
    {
        Type = "SpeElsa.StartInstances",
        Title = $"Start the instances on {machine} that ran before the move",
        Phase = UndoPhase.AfterStart,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["baseline"] = UndoStep.BaselineValue, ["startAll"] = true, ["managementServer"] = managementServer },
    };

    public static UndoStep CheckDashboard(string machine) => new()
    {
        Type = "SpeElsa.CheckDashboard",
        Title = $"Compare the dashboard of {machine} with before the move",
        Phase = UndoPhase.Check,
        Machine = machine,
        Inputs = new Dictionary<string, object?> { ["machine"] = machine, ["baseline"] = UndoStep.BaselineValue },
        Outcomes = ["Ok", "Differs"],
        Pass = ["Ok"],
        Otherwise = Task(
            "undo-dashboard",
            $"The dashboard of {machine} differs from before the move",
            $"""
            Who: an administrator of MailStore SPE. Where: Management Console of {machine}.

            The old server serves again. The finding above lists what differs from how it was before the move.

            CheckAgain - you have put it right, or it needed a little time: it is compared once more.
            Accept - the undo goes on as it is. Say why that is all right.
            """,
            machine,
            UndoPhase.Check) with
        {
            Outcomes = [CheckAgain, Accept],
            Pass = [Accept],
            Inputs = new Dictionary<string, object?>
            {
                ["fields"] = new[] { new HumanTaskField { Name = HumanTasks.ReasonField, Label = "Reason", Type = HumanTaskFieldTypes.Multiline, RequiredFor = [Accept], Description = "Why the difference is all right" } },
            },
        },
    };

    /// <summary>A check that a definition names, with the inputs it gives; what is not its pass outcome leads to the task and back.</summary>
    /// <exception cref="InvalidOperationException">There is no check of that name.</exception>
    public static UndoStep Check(string type, string machine, IReadOnlyDictionary<string, string> given, UndoStep otherwise)
    {
        var found = typeof(MoveCheck).Assembly.GetTypes().FirstOrDefault(candidate => candidate.IsSubclassOf(typeof(MoveCheck)) && !candidate.IsAbstract
            && candidate.GetCustomAttribute<ActivityAttribute>() is { } attribute && $"{attribute.Namespace}.{attribute.Type}" == type)
            ?? throw new InvalidOperationException($"There is no check '{type}'.");
        var check = (MoveCheck)Activator.CreateInstance(found)!;
        var inputs = given.ToDictionary(input => input.Key, object? (input) => input.Value, StringComparer.Ordinal);
        inputs["machine"] = machine;
        if (found.GetProperty("Baseline") is not null)
        {
            inputs["baseline"] = UndoStep.BaselineValue;
        }

        return new UndoStep
        {
            Type = type,
            Title = $"{found.GetCustomAttribute<ActivityAttribute>()!.DisplayName} on {machine}{(given.Count == 0 ? "" : $": {string.Join(" ", given.Values.Select(value => Roles.All.Contains(value) ? Roles.Title(value) : value))}")}",
            Phase = UndoPhase.Check,
            Machine = machine,
            Inputs = inputs,
            Outcomes = found.GetCustomAttribute<FlowNodeAttribute>() is { } ports ? [.. ports.Outcomes] : [HumanTasks.DoneOutcome],
            Pass = [check.Passes],
            Otherwise = otherwise,
        };
    }

    /// <summary>A person's step. Its title and instructions are inputs of their own.</summary>
    public static UndoStep Task(string taskName, string title, string instructions, string? machine, UndoPhase phase) => new()
    {
        Type = HumanTaskType,
        Title = title,
        Phase = phase,
        Machine = machine,
        Inputs = new Dictionary<string, object?>(),
        TaskName = taskName,
        Instructions = instructions,
    };
}
