using SpeElsa.Engine.Runtime;

namespace SpeElsa.Server.Moves.Rehearsals;

/// <summary>Adds rehearsals.</summary>
internal static class RehearsalServices
{
    public static void AddRehearsals(this IServiceCollection services)
    {
        services.AddSingleton<RehearsalStore>();
        services.AddSingleton<RehearsalReader>();
        services.AddSingleton<StandIn>();
        services.AddSingleton<RehearsalCopies>();
        services.AddHostedService(provider => provider.GetRequiredService<RehearsalCopies>());
        services.AddSingleton<RehearsalRunner>();
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<RehearsalRunner>());
        services.AddHostedService(provider => provider.GetRequiredService<RehearsalRunner>());
    }
}
