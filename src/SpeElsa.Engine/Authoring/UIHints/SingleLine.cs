namespace Elsa.Workflows.UIHints.SingleLine;

/// <summary>What an editor of one line may have.</summary>
public class SingleLineProps
{
    /// <summary>Shown before what is entered, such as the start of an address.</summary>
    public string? AdornmentText { get; set; }

    /// <summary>Whether it has a button that copies the whole.</summary>
    public bool EnableCopyAdornment { get; set; }
}
