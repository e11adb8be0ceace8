using SpeElsa.Machines;
using SpeElsa.MailStore;

namespace SpeElsa.Activities;

/// <summary>The machines a move may touch. The host implements it from its configuration.</summary>
public interface IFleet
{
    /// <summary>The names of all machines.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The machines that one move may touch. A rehearsal has copies only, whatever names its steps say.</summary>
    /// <param name="moveId">The workflow instance that is the move.</param>
    /// <returns>This fleet, unless the host keeps the move apart from it.</returns>
    IFleet For(string moveId) => this;

    /// <summary>Finds a machine.</summary>
    /// <param name="name">Its name in the fleet.</param>
    /// <exception cref="ArgumentException">There is no machine of that name; the message says which there are.</exception>
    IMachine Machine(string name);

    /// <summary>What is configured for a machine.</summary>
    /// <param name="name">Its name in the fleet.</param>
    /// <exception cref="ArgumentException">There is no machine of that name.</exception>
    MachineSettings Settings(string name);

    /// <summary>Opens the Management API of the Management Server on a machine. The caller disposes it; it may not answer yet.</summary>
    /// <param name="machineName">The machine's name in the fleet.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task<IManagementApi> ManagementApiAsync(string machineName, CancellationToken cancellationToken);
}
