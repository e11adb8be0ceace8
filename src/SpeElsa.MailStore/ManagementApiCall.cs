using System.Text.Json;

namespace SpeElsa.MailStore;

/// <summary>
/// A call that may run on at the server. While it runs it is its token: the three values that are needed to ask on are plain and can be
/// stored, also over a restart of ours. Over a restart of the server's the token is lost.
/// </summary>
/// <param name="Function">The function.</param>
/// <param name="Token">The server's token; null when the call has ended.</param>
/// <param name="StatusVersion">The last status that was seen; the server answers early when there is a newer one.</param>
/// <param name="Percent">How far it is, where the server says so.</param>
/// <param name="Text">What it is at, where the server says so.</param>
/// <param name="Result">The function's result once it has ended.</param>
public sealed record ManagementApiCall(
    string Function, string? Token, long StatusVersion = 0, double? Percent = null, string? Text = null, JsonElement? Result = null)
{
    /// <summary>Whether the server is still at it.</summary>
    public bool IsRunning => Token is not null;
}
