using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Server.Access;
using SpeElsa.Server.Moves.Windows;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Moves.Plans;

/// <summary>Keeps plans.</summary>
internal sealed class PlanStore(IDbContextFactory<ServerDbContext> contexts, TimeProvider timeProvider)
{
    /// <summary>The plan that a request with this key has saved, or is to save.</summary>
    public static string IdOf(string key) => Idempotency.Hash($"plan:{key}")[..12];

    /// <summary>Saves a new plan.</summary>
    /// <returns>It; where the key has saved one before, that one as it stands.</returns>
    public async Task<PlanRow> AddAsync(
        string name, string scenario, IReadOnlyDictionary<string, JsonElement> plan, WindowRequest? window, (string Key, string Fingerprint)? once, string who, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var row = new PlanRow
        {
            Id = once is { } request ? IdOf(request.Key) : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)),
            Fingerprint = once?.Fingerprint,
            Name = name,
            Scenario = scenario,
            Inputs = JsonSerializer.Serialize(plan, JsonSerializerOptions.Web),
            Window = window is null ? null : JsonSerializer.Serialize(window, JsonSerializerOptions.Web),
            Version = 1,
            CreatedAt = now,
            CreatedBy = who,
            UpdatedAt = now,
            UpdatedBy = who,
        };
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        context.Plans.Add(row);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return row;
        }
        catch (DbUpdateException) when (once is not null)
        {
            // Two requests of one key at once: the first has saved it.
            if (await FindAsync(row.Id, cancellationToken) is not { } first)
            {
                throw;
            }

            return first;
        }
    }

    public async Task<PlanRow?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Plans.AsNoTracking().FirstOrDefaultAsync(row => row.Id == id, cancellationToken);
    }

    /// <summary>Lists plans, those that start first, then the newest.</summary>
    public async Task<(IReadOnlyList<PlanRow> Items, int Total)> ListAsync(PlanState? state, int skip, int take, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.Plans.AsNoTracking().Where(row => state == null || row.State == state);
        var items = await rows
            .OrderBy(row => row.State == PlanState.Scheduled ? 0 : 1)
            .ThenBy(row => row.State == PlanState.Scheduled ? row.StartAt : null)
            .ThenByDescending(row => row.CreatedAt)
            .ThenBy(row => row.Id)
            .Skip(skip).Take(take)
            .ToListAsync(cancellationToken);
        return (items, await rows.CountAsync(cancellationToken));
    }

    /// <summary>The plans that start, or are being started, by themselves.</summary>
    public async Task<IReadOnlyList<PlanRow>> ListWaitingAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.Plans.AsNoTracking().Where(row => row.State == PlanState.Scheduled || row.State == PlanState.Starting).OrderBy(row => row.StartAt).ToListAsync(cancellationToken);
    }

    /// <summary>Changes a plan, if nobody else has since it was read.</summary>
    /// <returns>False when somebody has.</returns>
    public async Task<bool> ChangeAsync(PlanRow row, string who, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var entry = context.Plans.Update(row);
        entry.Property(plan => plan.Version).OriginalValue = row.Version;
        row.Version++;
        row.UpdatedAt = timeProvider.GetUtcNow();
        row.UpdatedBy = who;
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }
}
