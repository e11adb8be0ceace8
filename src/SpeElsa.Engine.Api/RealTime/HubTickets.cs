using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.Options;

namespace SpeElsa.Engine.Api.RealTime;

/// <summary>
/// Who has negotiated which connection. A browser that signs in with an API key can not send it when it opens the WebSocket; what it has is the connection's
/// token, which the negotiation gave to that user only. It is random, good once, and for a short time.
/// </summary>
internal sealed class HubTickets(IOptions<RealTimeOptions> options, TimeProvider timeProvider)
{
    private readonly ConcurrentDictionary<string, Ticket> _tickets = new(StringComparer.Ordinal);

    public void Add(string connectionToken, ClaimsPrincipal user)
    {
        var now = timeProvider.GetUtcNow();
        foreach (var (token, ticket) in _tickets)
        {
            if (ticket.ExpiresAt <= now)
            {
                _tickets.TryRemove(token, out _);
            }
        }

        _tickets[connectionToken] = new Ticket(user, now + options.Value.TicketLifetime);
    }

    /// <summary>The user who has negotiated a connection; null when nobody has, it was used, or it is too late.</summary>
    public ClaimsPrincipal? Take(string connectionToken) =>
        _tickets.TryRemove(connectionToken, out var ticket) && ticket.ExpiresAt > timeProvider.GetUtcNow() ? ticket.User : null;

    private sealed record Ticket(ClaimsPrincipal User, DateTimeOffset ExpiresAt);
}
