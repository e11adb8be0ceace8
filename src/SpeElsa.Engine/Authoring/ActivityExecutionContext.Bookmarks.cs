using Elsa.Workflows.Models;
using SpeElsa.Engine.Execution;

namespace Elsa.Workflows;

public partial class ActivityExecutionContext
{
    /// <summary>Waits; a stimulus for this execution goes on in the callback.</summary>
    public Bookmark CreateBookmark(ExecuteActivityDelegate callback, IDictionary<string, string>? metadata = null) =>
        CreateBookmark(new CreateBookmarkArgs { Callback = callback, IncludeActivityInstanceId = true, Metadata = metadata });

    /// <summary>Waits for a stimulus; it goes on in the callback.</summary>
    public Bookmark CreateBookmark(
        object stimulus,
        ExecuteActivityDelegate? callback,
        bool includeActivityInstanceId = true,
        IDictionary<string, string>? customProperties = null) =>
        CreateBookmark(new CreateBookmarkArgs
        {
            Stimulus = stimulus,
            Callback = callback,
            IncludeActivityInstanceId = includeActivityInstanceId,
            Metadata = customProperties,
        });

    /// <summary>Waits for a stimulus; the activity completes.</summary>
    public Bookmark CreateBookmark(object stimulus, bool includeActivityInstanceId, IDictionary<string, string>? customProperties = null) =>
        CreateBookmark(stimulus, null, includeActivityInstanceId, customProperties);

    /// <summary>Waits for a stimulus; the activity completes.</summary>
    public Bookmark CreateBookmark(object stimulus, IDictionary<string, string>? metadata = null) =>
        CreateBookmark(stimulus, null, true, metadata);

    /// <summary>Waits.</summary>
    public Bookmark CreateBookmark(CreateBookmarkArgs? options = null)
    {
        options ??= new CreateBookmarkArgs();
        var name = options.BookmarkName ?? Activity.Type;
        var bookmark = new Bookmark
        {
            Id = options.BookmarkId ?? WorkflowExecutionContext.NewId(),
            Name = name,
            Hash = StimulusHash.Compute(name, options.Stimulus, options.IncludeActivityInstanceId ? Id : null),
            Payload = options.Stimulus,
            ActivityId = Activity.Id,
            ActivityNodeId = NodeId,
            ActivityInstanceId = Id,
            CreatedAt = WorkflowExecutionContext.Now,
            AutoBurn = options.AutoBurn,
            AutoComplete = options.AutoComplete,
            CallbackMethodName = ActivityMethods.NameOf(options.Callback, Activity),
            Metadata = options.Metadata,
        };
        WorkflowExecutionContext.AddBookmark(bookmark);
        return bookmark;
    }

    /// <summary>Waits for each of several stimuli.</summary>
    public void CreateBookmarks(IEnumerable<object> payloads, ExecuteActivityDelegate? callback = null, bool includeActivityInstanceId = true, string? bookmarkName = null)
    {
        ArgumentNullException.ThrowIfNull(payloads);
        foreach (var payload in payloads)
        {
            CreateBookmark(new CreateBookmarkArgs
            {
                Stimulus = payload,
                Callback = callback,
                IncludeActivityInstanceId = includeActivityInstanceId,
                BookmarkName = bookmarkName,
            });
        }
    }

    /// <summary>Stops waiting.</summary>
    public void ClearBookmarks() => WorkflowExecutionContext.RemoveBookmarks(bookmark => bookmark.ActivityInstanceId == Id);
}
