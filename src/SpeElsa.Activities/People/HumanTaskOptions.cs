namespace SpeElsa.Activities;

/// <summary>Which tasks need a second person on this host, besides those whose definition says so. The host may register one; without it there are none.</summary>
public sealed class HumanTaskOptions
{
    /// <summary>The names of tasks that a second person has to approve before they are done, such as transfer-licence. Default: none.</summary>
    public IList<string> ApproveBefore { get; set; } = [];

    /// <summary>The names of tasks that a second person has to confirm after they were done. Default: none.</summary>
    public IList<string> ConfirmAfter { get; set; } = [];
}
