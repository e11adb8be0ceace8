namespace Elsa.Workflows
{
    /// <summary>Stores a variable with the instance. Every variable is stored so here, whichever driver it names.</summary>
    public sealed class WorkflowInstanceStorageDriver;

    /// <summary>Elsa keeps such a variable in memory only; here it is stored too, since a wait may outlive the process.</summary>
    public sealed class MemoryStorageDriver;
}

namespace Elsa.Workflows.Services
{
    /// <summary>The older name of <see cref="WorkflowInstanceStorageDriver"/>.</summary>
    public sealed class WorkflowStorageDriver;
}
