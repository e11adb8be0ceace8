using System.Text.Json;
using SpeElsa.Lab;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>
/// What a person does for the tasks of the shipped procedures, done on copies. Every act may be repeated: what is done already is refused by the lab, and that is as
/// good.
/// </summary>
/// <param name="rehearsal">The rehearsal.</param>
/// <param name="site">Its copies.</param>
/// <param name="order">What they were made from.</param>
internal sealed class StandInActs(Rehearsal rehearsal, LabSite site, CopyOrder order)
{
    private const string HostTask = "configure-instance-host-";
    private const string AccessTask = "configure-client-access-";

    /// <summary>Tasks that ask for a look or an answer only; nothing is done on a machine for them.</summary>
    private static readonly string[] OnlyAnswered =
        ["rename-server", "sign-off", "dashboard", "left-behind", "prepare-target", "data-differs", "instance-differs-", "instances-left", "not-empty", "smtp-password"];

    private LabProduct Product => site.Product;

    private string Source => Machine("source");

    private string Target => Machine("target");

    private string Manager => rehearsal.CopyInputs.ContainsKey("managementServer") ? Machine("managementServer") : Source;

    private ProductRole? Role => Enum.TryParse<ProductRole>(rehearsal.Role, ignoreCase: true, out var role) ? role : null;

    /// <summary>Where the Management Server is after the move.</summary>
    private string NewManager => Role is null or ProductRole.ManagementServer && rehearsal.CopyInputs.ContainsKey("target") ? Target : Manager;

    /// <summary>Does what a task asks for.</summary>
    /// <returns>False when it is a task that nobody has taught it.</returns>
    public async Task<bool> DoAsync(string taskName, CancellationToken cancellationToken)
    {
        if (Find(taskName) is { } act)
        {
            try
            {
                await act(cancellationToken);
            }
            catch (LabProductException)
            {
                // Done before a stop, or not to be done as things stand: the check of the task tells which.
            }

            return true;
        }

        return OnlyAnswered.Any(known => taskName.StartsWith(known, StringComparison.Ordinal));
    }

    private Func<CancellationToken, Task>? Find(string taskName) => taskName switch
    {
        "mfa-off" => token => SetMfaAsync(Manager, enabled: false, token),
        "mfa-on" => token => SetMfaAsync(NewManager, enabled: true, token),
        "transfer-licence" => token => Product.TransferLicenceAsync(Text("newName") ?? Target, token),
        "install" when Role is null => token => Product.InstallAsync(Target, order.Version, null, token),
        "install" => token => Product.InstallProgramsAsync(Target, order.Version, token),
        "add-role" when Role is { } role => token => Product.AddRoleAsync(Target, role, null, token),
        "pair" when Role is { } role => token => Product.PairAsync(Target, role, Manager, null, token),
        "connect-target" => token => Product.PairAsync(Target, ProductRole.InstanceHost, Manager, null, token),
        "choose-certificates" => ChooseCertificatesAsync,
        "switch-name" => SwitchNameAsync,
        "remove-role" when Role is { } role => token => Product.RemoveRoleAsync(Source, role, token),
        "rename-computer" => token => Product.RenameComputerAsync(Source, Text("newName")!, token),
        "rename-management" => token => Product.RenameServerAsync(Source, ProductRole.ManagementServer, Text("newName")!, token),
        "rename-roles" => RenameRolesAsync,
        _ when taskName.StartsWith(HostTask, StringComparison.Ordinal) => token =>
            ConfigureAsync(order.Copy.Installation.InstanceHosts, taskName[HostTask.Length..], ProductRole.InstanceHost, token),
        _ when taskName.StartsWith(AccessTask, StringComparison.Ordinal) => token =>
            ConfigureAsync(order.Copy.Installation.ClientAccessServers, taskName[AccessTask.Length..], ProductRole.ClientAccessServer, token),
        _ => null,
    };

    private async Task SetMfaAsync(string server, bool enabled, CancellationToken cancellationToken)
    {
        foreach (var administrator in order.Copy.Installation.Administrators.Where(administrator => administrator.HasMfa))
        {
            await Product.SetMfaAsync(server, administrator.UserName, enabled, cancellationToken);
        }
    }

    /// <summary>Those of the old server, which were imported; the new one has some of the same names.</summary>
    private Task ChooseCertificatesAsync(CancellationToken cancellationToken)
    {
        var old = Product.RolesOf(Source).FirstOrDefault(role => role.HttpThumbprint is not null || role.ImapThumbprint is not null);
        return Product.ChooseCertificatesAsync(Target, old?.HttpThumbprint, old?.ImapThumbprint, cancellationToken);
    }

    private Task SwitchNameAsync(CancellationToken cancellationToken)
    {
        if (Text("clientAccessName") is { Length: > 0 } name)
        {
            site.Farm.Dns.Set(name.Trim(), site.Farm.Find(Target)!.FullName, TimeSpan.FromMinutes(5));
        }

        return Product.SettleAsync(cancellationToken);
    }

    private async Task RenameRolesAsync(CancellationToken cancellationToken)
    {
        foreach (var role in new[] { ProductRole.InstanceHost, ProductRole.ClientAccessServer })
        {
            await Product.RenameServerAsync(Source, role, Text("newName")!, cancellationToken);
            await Product.PairAsync(Source, role, "localhost", null, cancellationToken);
        }
    }

    /// <summary>A task is named after the entry of the server, with hyphens for what a name of a task can not have.</summary>
    private Task ConfigureAsync(IEnumerable<LabRoleCopy> entries, string name, ProductRole role, CancellationToken cancellationToken) =>
        entries.FirstOrDefault(entry => string.Concat(entry.ServerName.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-')) == name) is { } entry
            ? Product.ConfigureManagementServerAsync(entry.Server, role, Target, cancellationToken)
            : Task.CompletedTask;

    private string Machine(string input) => site.Inside(Text(input) ?? throw new InvalidOperationException($"The rehearsal {rehearsal.Id} has no input '{input}'."));

    private string? Text(string input) =>
        rehearsal.CopyInputs.TryGetValue(input, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
