using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Activities;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Moves;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Secrets;

/// <summary>The secrets of administrators by name. What they hold is only ever given to what needs it.</summary>
internal sealed class SecretCatalog(EffectiveSettings settings, ISecretStore secrets, IDbContextFactory<ServerDbContext> contexts, TimeProvider timeProvider)
{
    /// <summary>What the settings name and what was stored: what is missing first, then by name.</summary>
    public async Task<PagedList<SecretView>> ListAsync(int page, int pageSize, CancellationToken cancellationToken)
    {
        var needed = settings.Read().SelectMany(section => section.Settings)
            .Where(setting => setting.Value.Length > 0 && setting.Name.EndsWith("Secret", StringComparison.Ordinal))
            .ToLookup(setting => setting.Value, setting => setting.Name, StringComparer.Ordinal);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var known = await context.Secrets.AsNoTracking().ToDictionaryAsync(row => row.Name, StringComparer.Ordinal, cancellationToken);
        var all = new List<SecretView>();
        foreach (var name in needed.Select(group => group.Key).Union(known.Keys, StringComparer.Ordinal))
        {
            // The file is what counts: whoever restores a database without the secrets has none of them.
            var isStored = await CanBeReadAsync(name, cancellationToken);
            if (isStored || needed.Contains(name))
            {
                var row = isStored ? known.GetValueOrDefault(name) : null;
                all.Add(new SecretView(name, isStored, row?.StoredAt, row?.StoredBy, [.. needed[name]]));
            }
        }

        var items = all.OrderBy(secret => secret.IsStored).ThenBy(secret => secret.Name, StringComparer.OrdinalIgnoreCase).Skip((page - 1) * pageSize).Take(pageSize);
        return new PagedList<SecretView>([.. items], all.Count, page, pageSize);
    }

    /// <summary>One that was kept under keys that are gone is as good as none: it has to be stored again.</summary>
    private async Task<bool> CanBeReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await secrets.GetAsync(MachineSecrets.Reference(name), cancellationToken) is not null;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Stores one in the place of the one before.</summary>
    public async Task StoreAsync(string name, string value, string who, CancellationToken cancellationToken)
    {
        await secrets.PutAsync(MachineSecrets.StoredName(name), value, cancellationToken);
        var now = timeProvider.GetUtcNow();
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.InOneTurnAsync(
            async () =>
            {
                var row = await context.Secrets.FirstOrDefaultAsync(known => known.Name == name, cancellationToken) ?? context.Secrets.Add(new SecretRow { Name = name, StoredBy = who }).Entity;
                (row.StoredAt, row.StoredBy) = (now, who);
                await context.SaveChangesAsync(cancellationToken);
                return (true, row);
            },
            cancellationToken);
    }

    /// <summary>Forgets one; harmless when it is gone.</summary>
    public async Task ForgetAsync(string name, CancellationToken cancellationToken)
    {
        await secrets.DeleteAsync(MachineSecrets.Reference(name), cancellationToken);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        await context.InOneTurnAsync(async () => (true, await context.Secrets.Where(row => row.Name == name).ExecuteDeleteAsync(cancellationToken)), cancellationToken);
    }
}

/// <summary>What is known of a secret; never the secret.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="IsStored">Whether there is one of that name.</param>
/// <param name="StoredAt">When it was stored; null when it is not, or was before that was written down.</param>
/// <param name="StoredBy">Who stored it; null as above.</param>
/// <param name="NeededBy">The settings that name it; none for one that only scripts use.</param>
internal sealed record SecretView(string Name, bool IsStored, DateTimeOffset? StoredAt, string? StoredBy, IReadOnlyList<string> NeededBy);

/// <summary>That a secret was stored.</summary>
internal sealed class SecretRow
{
    public required string Name { get; init; }

    public DateTimeOffset StoredAt { get; set; }

    public required string StoredBy { get; set; }
}
