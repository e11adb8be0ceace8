using SpeElsa.Activities;
using SpeElsa.Engine.Runtime;

namespace SpeElsa.Server.Moves.Undo;

/// <summary>Adds the way back.</summary>
internal static class UndoServices
{
    public static void AddMoveUndo(this IServiceCollection services)
    {
        services.AddSingleton<EndingMoves>();
        services.AddSingleton<IMoveEnd>(provider => provider.GetRequiredService<EndingMoves>());
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<EndingMoves>());
        services.AddSingleton<MoveHistoryReader>();
        services.AddSingleton<UndoPreviews>();
        services.AddSingleton<MoveUndo>();
        services.AddSingleton<UndoStarter>();
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<UndoStarter>());
        services.AddHostedService(provider => provider.GetRequiredService<UndoStarter>());
    }
}
