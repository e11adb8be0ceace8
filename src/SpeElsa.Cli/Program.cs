using System.Text;
using SpeElsa.Cli.Commands;

// What comes through a pipe is UTF-8, as files are; what somebody types is as his terminal has it.
using var piped = Console.IsInputRedirected ? new StreamReader(Console.OpenStandardInput(), Encoding.UTF8) : null;
return await SpeCommands.RunAsync(args, Console.Out, Console.Error, piped ?? Console.In);
