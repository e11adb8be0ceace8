using System.ComponentModel;
using System.Diagnostics;

namespace SpeElsa.Machines;

/// <summary>Runs scripts on the computer that this process is on.</summary>
public sealed class LocalTransport : IMachineTransport
{
    /// <inheritdoc />
    public async Task<int> RunAsync(string scriptText, string input, Action<string> onLine, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(onLine);
        var bytes = PowerShellHost.StandardInput(scriptText, input);
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(PowerShellHost.Program, PowerShellHost.Arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                CreateNoWindow = true,
            },
        };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            throw new MachineTransportException(
                ScriptErrorCodes.PowerShellMissing, "powershell.exe cannot be started here. A local machine has to be a Windows computer.", e);
        }

        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var any = false;
            var writing = WriteAsync();
            while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                any = true;
                onLine(line);
            }

            await writing;
            await process.WaitForExitAsync(cancellationToken);
            PowerShellHost.ThrowIfMissing(process.ExitCode, any, await errors);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }

        async Task WriteAsync()
        {
            try
            {
                await process.StandardInput.BaseStream.WriteAsync(bytes, cancellationToken);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It ended without reading everything; its output tells why.
            }
        }
    }
}
