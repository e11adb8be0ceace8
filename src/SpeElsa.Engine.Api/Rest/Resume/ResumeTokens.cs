using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;

namespace SpeElsa.Engine.Api.Rest.Resume;

/// <summary>What a link to a bookmark says.</summary>
/// <param name="BookmarkId">The bookmark.</param>
/// <param name="WorkflowInstanceId">The instance that waits there.</param>
/// <param name="ExpiresAt">When the link ends; null: with the bookmark.</param>
internal sealed record BookmarkToken(string BookmarkId, string WorkflowInstanceId, DateTimeOffset? ExpiresAt);

/// <summary>What a link to an event says.</summary>
/// <param name="EventName">The event.</param>
/// <param name="WorkflowInstanceId">The instance that it is for.</param>
/// <param name="ExpiresAt">When the link ends; null: never by itself.</param>
internal sealed record EventToken(string EventName, string WorkflowInstanceId, DateTimeOffset? ExpiresAt);

/// <summary>Signs and encrypts what links say, with the keys of the host's data protection. A link of one kind is none of the other.</summary>
internal sealed class ResumeTokens(IDataProtectionProvider protection, TimeProvider timeProvider)
{
    private const string Purpose = "SpeElsa.Engine.Api.Links";
    private const string BookmarkPurpose = "bookmark.v1";
    private const string EventPurpose = "event.v1";

    private readonly IDataProtector _bookmarks = protection.CreateProtector(Purpose, BookmarkPurpose);
    private readonly IDataProtector _events = protection.CreateProtector(Purpose, EventPurpose);

    public string Write(BookmarkToken token) => Write(_bookmarks, token);

    public string Write(EventToken token) => Write(_events, token);

    /// <exception cref="BadRestRequestException">It is not one of ours, or its time is over.</exception>
    public BookmarkToken ReadBookmark(string? text)
    {
        var token = Read<BookmarkToken>(_bookmarks, text);
        return InTime(token, token.ExpiresAt);
    }

    /// <exception cref="BadRestRequestException">It is not one of ours, or its time is over.</exception>
    public EventToken ReadEvent(string? text)
    {
        var token = Read<EventToken>(_events, text);
        return InTime(token, token.ExpiresAt);
    }

    private T InTime<T>(T token, DateTimeOffset? expiresAt) =>
        expiresAt <= timeProvider.GetUtcNow() ? throw new BadRestRequestException("generalErrors", "The link has expired. Ask for a new one.") : token;

    private static string Write<T>(IDataProtector protector, T token) => WebEncoders.Base64UrlEncode(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(token)));

    private static T Read<T>(IDataProtector protector, string? text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(protector.Unprotect(WebEncoders.Base64UrlDecode(text ?? ""))) ?? throw Invalid();
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException or JsonException)
        {
            throw Invalid();
        }
    }

    private static BadRestRequestException Invalid() => new("generalErrors", "Invalid token.");
}
