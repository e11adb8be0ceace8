using Elsa.Http;
using Microsoft.AspNetCore.Http;
using SpeElsa.Engine.Api.Http;
using SpeElsa.Engine.Definitions;
using SpeElsa.Engine.Execution;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Runtime.Services;
using SpeElsa.Engine.Serialization;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Api.Rest.Resume;

/// <summary>Stores resumptions of bookmarks and waits for what comes of them.</summary>
internal sealed class BookmarkResumption(StimulusInbox inbox, IInstanceReader reader, WorkflowClients clients, StoredResponses responses, TimeProvider timeProvider)
{
    /// <summary>Resumes a bookmark, whether its wait is stored already or not; one that is burnt stays burnt.</summary>
    /// <returns>What the workflow wrote, else an empty 200.</returns>
    public async Task<IResult> ResumeAsync(BookmarkToken token, Dictionary<string, object?> input, bool asynchronous, CancellationToken cancellationToken)
    {
        var key = await KeyOfAsync(token.BookmarkId, cancellationToken);
        var requestId = DerivedId.Of(key, 1);
        var options = new StartOptions { Properties = new Dictionary<string, object?> { [WriteHttpResponse.RequestKey] = requestId } };
        var result = await inbox.SendAsync(
            new Stimulus
            {
                Key = key,
                Kind = StimulusKind.Resume,
                InstanceId = token.WorkflowInstanceId,
                BookmarkId = token.BookmarkId,
                Input = EngineJson.Write(options.AddTo(input)),
                ReceivedAt = timeProvider.GetUtcNow(),
            },
            CancellationToken.None);
        if (asynchronous || result.Acceptance is not (Acceptance.Accepted or Acceptance.Duplicate))
        {
            return Results.Ok();
        }

        try
        {
            await clients.SettleAsync(token.WorkflowInstanceId, false, cancellationToken);
        }
        catch (InvalidDefinitionException exception)
        {
            return RestAnswers.Conflict(exception.Message);
        }

        return await responses.FindAsync(token.WorkflowInstanceId, requestId, cancellationToken) is { } written ? StoredResponses.Result(written) : Results.Ok();
    }

    /// <summary>A bookmark is resumed once, so all who ask for that ask for the same. One that outlives its resumption is resumed anew each time.</summary>
    private async Task<string> KeyOfAsync(string bookmarkId, CancellationToken cancellationToken)
    {
        var key = $"resume:{bookmarkId}";
        return await reader.FindStimulusAsync(key, cancellationToken) is { State: StimulusState.Consumed }
            && await reader.FindBookmarkAsync(bookmarkId, cancellationToken) is not null
            ? $"{key}:{Guid.NewGuid():N}"
            : key;
    }
}
