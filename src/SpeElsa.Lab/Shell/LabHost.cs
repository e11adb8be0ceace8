using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace SpeElsa.Lab.Shell;

/// <summary>What the commands of a runspace reach their server through.</summary>
internal sealed class LabSession(LabServer server)
{
    public LabServer Server { get; } = server;

    /// <summary>The run that has the runspace at the moment.</summary>
    public LabRun Run { get; set; } = null!;
}

/// <summary>The console that a script on a lab server writes to.</summary>
internal sealed class LabHost(LabSession session) : PSHost
{
    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "SpeElsa Lab";

    public override PSObject PrivateData { get; } = new(session);

    public override PSHostUserInterface UI { get; } = new Console(session);

    public override Version Version { get; } = new(5, 1);

    public override void EnterNestedPrompt() => throw new NotSupportedException("A lab server has no console.");

    public override void ExitNestedPrompt() => throw new NotSupportedException("A lab server has no console.");

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode) => session.Run.ExitCode = exitCode;

    private sealed class Console(LabSession session) : PSHostUserInterface
    {
        private const string NoConsole = "Windows PowerShell is in NonInteractive mode. Read and Prompt functionality is not available.";

        public override PSHostRawUserInterface? RawUI => null;

        public override void WriteLine(string value) => session.Run.Write(value);

        public override void Write(string value) => session.Run.Write(value);

        public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => session.Run.Write(value);

        public override void WriteErrorLine(string value)
        {
            // Standard error; nobody reads it.
        }

        public override void WriteDebugLine(string message)
        {
        }

        public override void WriteProgress(long sourceId, ProgressRecord record)
        {
        }

        public override void WriteVerboseLine(string message)
        {
        }

        public override void WriteWarningLine(string message)
        {
        }

        public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
            throw new PSInvalidOperationException(NoConsole);

        public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
            throw new PSInvalidOperationException(NoConsole);

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
            throw new PSInvalidOperationException(NoConsole);

        public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName,
            PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw new PSInvalidOperationException(NoConsole);

        public override string ReadLine() => throw new PSInvalidOperationException(NoConsole);

        public override SecureString ReadLineAsSecureString() => throw new PSInvalidOperationException(NoConsole);
    }
}
