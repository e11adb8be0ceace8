namespace Elsa.Workflows.Models;

/// <summary>A place where a workflow instance waits, and where a stimulus makes it go on.</summary>
public class Bookmark
{
    /// <summary>Unique among all instances.</summary>
    public string Id { get; set; } = "";

    /// <summary>What kind of stimulus it waits for; by default the activity type.</summary>
    public string Name { get; set; } = "";

    /// <summary>SHA-256 of name and payload, upper-case hex: equal for equal stimuli.</summary>
    public string Hash { get; set; } = "";

    /// <summary>The stimulus it waits for.</summary>
    public object? Payload { get; set; }

    /// <summary>The waiting activity.</summary>
    public string ActivityId { get; set; } = "";

    /// <summary>The waiting node.</summary>
    public string ActivityNodeId { get; set; } = "";

    /// <summary>The waiting execution.</summary>
    public string? ActivityInstanceId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When time resumes it, or null where only a stimulus does.</summary>
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>Whether the first stimulus removes it. Default true.</summary>
    public bool AutoBurn { get; set; } = true;

    /// <summary>The activity's method that goes on; null: the activity completes.</summary>
    public string? CallbackMethodName { get; set; }

    /// <summary>Whether the activity completes when there is no callback. Default true.</summary>
    public bool AutoComplete { get; set; } = true;

    /// <summary>Facts for whoever lists bookmarks.</summary>
    public IDictionary<string, string>? Metadata { get; set; }
}

/// <summary>How to make a <see cref="Bookmark"/>.</summary>
public class CreateBookmarkArgs
{
    /// <summary>A chosen id; default is one derived from the instance, the same after a crash.</summary>
    public string? BookmarkId { get; set; }

    /// <summary>The stimulus to wait for.</summary>
    public object? Stimulus { get; set; }

    /// <summary>A method of the activity that goes on; its name is stored.</summary>
    public ExecuteActivityDelegate? Callback { get; set; }

    /// <summary>What kind of stimulus; default is the activity type.</summary>
    public string? BookmarkName { get; set; }

    /// <summary>Whether the first stimulus removes it. Default true.</summary>
    public bool AutoBurn { get; set; } = true;

    /// <summary>Whether only a stimulus addressed to this execution matches. Default false.</summary>
    public bool IncludeActivityInstanceId { get; set; }

    /// <summary>Whether the activity completes when there is no callback. Default true.</summary>
    public bool AutoComplete { get; set; } = true;

    /// <summary>Facts for whoever lists bookmarks.</summary>
    public IDictionary<string, string>? Metadata { get; set; }
}
