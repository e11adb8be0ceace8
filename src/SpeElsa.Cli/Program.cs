using SpeElsa.Cli.Commands;

return await SpeCommands.RunAsync(args, Console.Out, Console.Error);
