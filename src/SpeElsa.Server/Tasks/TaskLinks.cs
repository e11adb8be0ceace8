using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using SpeElsa.Activities;
using SpeElsa.Server.Configuration;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Storage;

namespace SpeElsa.Server.Tasks;

/// <summary>A link with which one person answers one task without signing in, as it is stored: only the hash of its code.</summary>
internal sealed class TaskLinkRow
{
    public required string Hash { get; init; }

    public required string TaskId { get; init; }

    public required string AccountId { get; init; }

    public required string IssuedBy { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>When a newer link took its place.</summary>
    public DateTimeOffset? ReplacedAt { get; set; }
}

/// <summary>How a link stands.</summary>
/// <param name="Row">The link; null when nobody knows it.</param>
/// <param name="Task">Its task.</param>
/// <param name="Person">Whose it is.</param>
/// <param name="Why">Why nothing can be answered with it, with what to do; null while it can.</param>
internal sealed record TaskLink(TaskLinkRow? Row, TaskRow? Task, Caller? Person, string? Why);

/// <summary>
/// Links for people who have no console at hand. A link is good for one task, one round of it, one person and one answer, and for a while; a newer one for the same
/// person takes its place. To look at it does nothing, so a mail scanner that opens it does no harm.
/// </summary>
internal sealed class TaskLinks(IDbContextFactory<ServerDbContext> contexts, TaskStore tasks, ServerOptions options, TimeProvider timeProvider)
{
    public const string Path = "/answer";
    private const int CodeBytes = 32;

    /// <summary>Makes a link; one that the same person has for the same task ends.</summary>
    /// <returns>The code, or what is wrong by field.</returns>
    public async Task<(string? Code, DateTimeOffset ExpiresAt, string? Error)> IssueAsync(TaskRow task, Caller to, string by, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        if (HumanTasks.ReadStimulus(task.Asked)!.NeedsPerson)
        {
            return (null, default, "This takes people who are signed in: a link could be anybody's.");
        }

        var (now, code) = (timeProvider.GetUtcNow(), Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(CodeBytes)));
        var expires = now + (lifetime ?? options.Tasks.LinkLifetime);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        foreach (var older in await context.TaskLinks.Where(row => row.TaskId == task.Id && row.AccountId == to.Account && row.UsedAt == null && row.ReplacedAt == null).ToListAsync(cancellationToken))
        {
            older.ReplacedAt = now;
        }

        context.TaskLinks.Add(new TaskLinkRow { Hash = HashOf(code), TaskId = task.Id, AccountId = to.Account!, IssuedBy = by, IssuedAt = now, ExpiresAt = expires });
        context.TaskNotes.Add(new TaskNoteRow { TaskId = task.Id, At = now, By = by, Kind = TaskNotes.Linked, Text = $"For {to.Name}, until {expires:u}" });
        await context.SaveChangesAsync(cancellationToken);
        return (code, expires, null);
    }

    /// <summary>Keeps a link whose code is made elsewhere; one that is there already stays as it is.</summary>
    public async Task KeepAsync(string code, TaskRow task, Caller to, string by, CancellationToken cancellationToken)
    {
        var (hash, now) = (HashOf(code), timeProvider.GetUtcNow());
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.TaskLinks.FirstOrDefaultAsync(row => row.Hash == hash, cancellationToken) is not { } known)
        {
            context.TaskLinks.Add(new TaskLinkRow { Hash = hash, TaskId = task.Id, AccountId = to.Account!, IssuedBy = by, IssuedAt = now, ExpiresAt = now + options.Tasks.LinkLifetime });
            context.TaskNotes.Add(new TaskNoteRow { TaskId = task.Id, At = now, Kind = TaskNotes.Linked, Text = $"For {to.Name}, by mail" });
        }
        else
        {
            known.ExpiresAt = now + options.Tasks.LinkLifetime;
        }

        await context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>How a link stands. Nothing is changed by looking.</summary>
    public async Task<TaskLink> FindAsync(string code, UserManager<Account> accounts, CancellationToken cancellationToken)
    {
        var hash = HashOf(code);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.TaskLinks.AsNoTracking().FirstOrDefaultAsync(link => link.Hash == hash, cancellationToken);
        if (row is null || await tasks.FindAsync(row.TaskId, cancellationToken) is not { } task)
        {
            return new TaskLink(null, null, null, "This link is not known here. Look whether all of it was copied; otherwise ask whoever sent it for a new one.");
        }

        var person = await accounts.FindByIdAsync(row.AccountId) is { } account ? await Caller.OfAsync(account, accounts) : null;
        var why = row switch
        {
            { UsedAt: { } used } => $"This link was used at {used:u}: its answer has been stored.",
            _ when task.State is TaskState.Closed => task.ClosedBy is null
                ? $"The move has ended at {task.ClosedAt:u}; nothing is asked any more."
                : $"{task.ClosedBy} answered '{task.Outcome}' at {task.ClosedAt:u}. If it is asked again, that is a new task with a new link.",
            { ReplacedAt: { } replaced } => $"A newer link took the place of this one at {replaced:u}. Use that, or ask for another.",
            _ when row.ExpiresAt <= timeProvider.GetUtcNow() => $"This link was good until {row.ExpiresAt:u}. Ask whoever sent it for a new one.",
            _ when person is null => "The account that this link was made for is gone. Ask for a link of your own.",
            _ => null,
        };
        return new TaskLink(row, task, person, why);
    }

    /// <summary>Uses a link up. An answer that was stored before is found by its key, so a stop in between does no harm.</summary>
    public async Task UseAsync(TaskLinkRow link, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        if (await context.TaskLinks.FirstOrDefaultAsync(row => row.Hash == link.Hash, cancellationToken) is { } row)
        {
            row.UsedAt ??= timeProvider.GetUtcNow();
            await context.SaveChangesAsync(cancellationToken);
        }
    }

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
