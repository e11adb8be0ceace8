using System.Text;
using SpeElsa.Activities;
using SpeElsa.Lab;
using SpeElsa.Server.Access;
using SpeElsa.Server.Fleet;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>Makes, opens and removes the copies of rehearsals. What is there is opened before any move goes on.</summary>
internal sealed partial class RehearsalCopies(
    RehearsalStore store, LabSites sites, CopiedMachines machines, ISecretStore secrets, TimeProvider timeProvider, ILoggerFactory loggers, ILogger<RehearsalCopies> logger)
    : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var file in store.Load())
        {
            CannotRead(logger, file);
        }

        foreach (var rehearsal in store.All.Where(rehearsal => rehearsal is { HasCopies: true, Stage: not RehearsalStage.Preparing }))
        {
            try
            {
                await OpenAsync(rehearsal, cancellationToken);
            }
#pragma warning disable CA1031 // The edge of a start: copies that can not be opened must not keep the server from real moves.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                CannotOpen(logger, rehearsal.Id, exception);
                store.Change(rehearsal.PlanId, last => last.Note($"Its copies can not be opened any more: {exception.Message}") with { Stage = RehearsalStage.Failed, EndedAt = timeProvider.GetUtcNow() });
            }
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Last, so that what moves still ask while they stop is answered.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        foreach (var rehearsal in store.All)
        {
            await CloseAsync(rehearsal.PlanId);
        }
    }

    /// <summary>The copies of a plan's rehearsal; null when they are not open.</summary>
    public LabSite? Find(string planId) => sites.FindCopy(planId);

    /// <summary>What they were made from.</summary>
    public CopyOrder? OrderOf(string planId) => RehearsalStore.Read<CopyOrder>(store.OrderOf(planId));

    /// <summary>Makes copies where there are none.</summary>
    public async Task MakeAsync(Rehearsal rehearsal, CopyOrder order, CancellationToken cancellationToken)
    {
        RehearsalStore.Write(store.OrderOf(rehearsal.PlanId), order);
        await OpenAsync(rehearsal, cancellationToken);
    }

    /// <summary>Removes the copies of a plan's rehearsal: folder, ports and secrets. Harmless when there are none.</summary>
    public async Task RemoveAsync(string planId)
    {
        await CloseAsync(planId);
        if (Directory.Exists(store.FarmOf(planId)))
        {
            Directory.Delete(store.FarmOf(planId), recursive: true);
        }

        File.Delete(store.OrderOf(planId));
        File.Delete(store.SmtpPasswordOf(planId));
        await secrets.DeleteAsync(HumanTasks.SecretPrefix + ConfiguredFleet.CopySecret(planId), CancellationToken.None);
    }

    private async Task OpenAsync(Rehearsal rehearsal, CancellationToken cancellationToken)
    {
        var planId = rehearsal.PlanId;
        var order = OrderOf(planId) ?? throw new FileNotFoundException($"There is no {store.OrderOf(planId)}.");
        var options = order.ToOptions();
        options.SecretsCreated = created =>
        {
            secrets.PutAsync(ConfiguredFleet.CopySecret(planId), created.ServiceAdministratorPassword, CancellationToken.None).AsTask().GetAwaiter().GetResult();
            PrivateFile.Write(store.SmtpPasswordOf(planId), Encoding.UTF8.GetBytes(created.SmtpPassword));
        };
        PrivateFile.CreateDirectory(store.FarmOf(planId));
        var farm = LabFarm.Open(new LabOptions { Directory = store.FarmOf(planId), Domain = order.Domain }, timeProvider, loggers);
        var product = new LabProduct(farm, options, timeProvider, loggers);
        try
        {
            await product.StartAsync(cancellationToken);
        }
        catch
        {
            await product.DisposeAsync();
            await farm.DisposeAsync();
            throw;
        }

        foreach (var (copy, original) in rehearsal.Machines.Where(machine => machine.Value is not null))
        {
            machines.Add(copy, original!);
        }

        sites.Add(new LabSite(planId, farm, product));
        Opened(logger, rehearsal.Id, farm.Servers.Count);
    }

    private async Task CloseAsync(string planId)
    {
        if (sites.Remove(planId) is { } site)
        {
            foreach (var server in site.Farm.Servers)
            {
                machines.Remove(site.NameOf(server.Name));
            }

            await site.Product.DisposeAsync();
            await site.Farm.DisposeAsync();
        }
    }

    [LoggerMessage(EventId = 7601, Level = LogLevel.Information, Message = "The rehearsal {RehearsalId} has {Servers} copies in the lab")]
    private static partial void Opened(ILogger logger, string rehearsalId, int servers);

    [LoggerMessage(EventId = 7602, Level = LogLevel.Error, Message = "The copies of the rehearsal {RehearsalId} can not be opened; everything else goes on")]
    private static partial void CannotOpen(ILogger logger, string rehearsalId, Exception exception);

    [LoggerMessage(EventId = 7603, Level = LogLevel.Error, Message = "{File} can not be read, so that rehearsal is forgotten. Remove the folder; the plan can be rehearsed again")]
    private static partial void CannotRead(ILogger logger, string file);
}
