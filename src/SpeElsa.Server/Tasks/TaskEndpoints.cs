using System.ComponentModel;
using Elsa.Http.Options;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using SpeElsa.Engine.Runtime;
using SpeElsa.Engine.Storage;
using SpeElsa.Server.Access;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves;

namespace SpeElsa.Server.Tasks;

/// <summary>What waits for people, their answers, and who looks after what.</summary>
internal static class TaskEndpoints
{
    public static IServiceCollection AddTasks(this IServiceCollection services, TaskSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<TaskStore>();
        services.AddSingleton<TaskFiles>();
        services.AddSingleton<TaskActs>();
        services.AddSingleton<TaskLinks>();
        services.AddSingleton<TaskProofs>();
        services.AddSingleton<TaskReader>();
        services.AddSingleton<TaskAnswers>();
        services.AddSingleton<TaskBoard>();
        services.AddSingleton<ICommitObserver>(provider => provider.GetRequiredService<TaskBoard>());
        services.AddHostedService(provider => provider.GetRequiredService<TaskBoard>());
        return services;
    }

    public static void MapTasks(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/api/tasks").WithTags("Tasks");
        group.MapGet("/", ListAsync).RequireAuthorization(Policies.Read).WithSummary("What waits for a person, longest waiting first");
        group.MapGet("/{id}", GetAsync).RequireAuthorization(Policies.Read).WithSummary("A task with what happened to it and its files").ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPost("/{id}/complete", CompleteAsync).RequireAuthorization(Policies.Answer).WithSummary("Answer a task")
            .WithDescription("With an Idempotency-Key header a repeat is harmless: it gets the first answer again. Without one, an equal answer counts as a repeat.")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        Act<ClaimTaskRequest>(group, "claim", "Take a task for a while", (acts, id, caller, request, http) => acts.ClaimAsync(id, caller, request, http.RequestAborted))
            .WithDescription("For Tasks:ClaimFor, after which others may take it; taken again it is kept longer. takeOver with a reason takes it from somebody else.");
        Act<TaskActRequest>(group, "release", "Give back a task that one has taken", (acts, id, caller, request, http) => acts.ReleaseAsync(id, caller, request, http.RequestAborted));
        Act<AssignTaskRequest>(group, "assign", "Give a task to somebody who may do it",
            (acts, id, caller, request, http) => acts.AssignAsync(id, caller, request, http.RequestServices.GetRequiredService<UserManager<Account>>(), http.RequestAborted));
        Act<TaskActRequest>(group, "send-back", "Give a task back to everybody who may do it, with the reason", (acts, id, caller, request, http) => acts.SendBackAsync(id, caller, request, http.RequestAborted));
        Act<TaskActRequest>(group, "comments", "Say something about a task, also when it is closed", (acts, id, caller, request, http) => acts.CommentAsync(id, caller, request, http.RequestAborted));
        group.MapPost("/{id}/links", LinkAsync).RequireAuthorization(Policies.Answer).WithSummary("Make a link with which somebody answers a task without signing in")
            .WithDescription("It is good for this task, this person and one answer, and for Tasks:LinkLifetime; a new one takes the place of an older one. It is told once: only its hash is stored.")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{id}/files", AddFileAsync).RequireAuthorization(Policies.Answer).WithSummary("Give a file as evidence; the body is its content")
            .WithDescription("The id that comes back goes into the answer, in a field of the type file. Kinds: png, jpg, pdf, zip, and text. Its SHA-256 goes into the journal with the answer.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("/{id}/files/{fileId}", GetFileAsync).RequireAuthorization(Policies.Read).WithSummary("What a file holds").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static RouteHandlerBuilder Act<T>(RouteGroupBuilder group, string verb, string summary, Func<TaskActs, string, Caller, T, HttpContext, Task<AnswerResult?>> act) =>
        group.MapPost($"/{{id}}/{verb}", async Task<Results<Ok<TaskDetail>, ValidationProblem, ProblemHttpResult>> (string id, T request, HttpContext http, TaskActs acts, TaskReader tasks) =>
                await act(acts, id, await Caller.ReadAsync(http), request, http) switch
                {
                    null => TypedResults.Ok((await tasks.FindAsync(id, http.RequestAborted))!),
                    AnswerResult.Wrong wrong => Invalid(wrong),
                    AnswerResult.Refused refused => Problem(refused),
                    var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}"),
                })
            .RequireAuthorization(Policies.Answer).WithSummary(summary)
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Ok<PagedList<TaskView>>, ValidationProblem, ProblemHttpResult>> ListAsync(
        HttpContext http,
        IInstanceReader reader,
        TaskBoard board,
        TaskReader tasks,
        CancellationToken cancellationToken,
        [Description("Only of this move")] string? moveId = null,
        [Description("open (default), unclaimed, overdue or closed")] string state = TaskFilter.Open,
        [Description("Only for this role")] string? role = null,
        [Description("Only what you have taken or were given")] bool mine = false,
        [Description("Only what you may answer")] bool forMe = false,
        [Description("Which page, from 1")] int page = 1,
        [Description("How many rows a page has, at most 200")] int pageSize = 25)
    {
        if (MoveEndpoints.CheckPage(page, pageSize) is { } problem)
        {
            return problem;
        }

        if (!TaskFilter.States.Contains(state, StringComparer.Ordinal))
        {
            return MoveEndpoints.Invalid("state", $"'state' is one of {string.Join(", ", TaskFilter.States)}.");
        }

        if (moveId is not null)
        {
            if (await reader.FindAsync(moveId, cancellationToken) is null)
            {
                return MoveEndpoints.Unknown(moveId);
            }

            // Whoever asks for one move has often just done something to it.
            await board.FollowAsync(moveId, cancellationToken);
        }

        var caller = await Caller.ReadAsync(http);
        IReadOnlyCollection<string>? roles = role is not null ? [role] : forMe ? caller.Answers : null;
        return TypedResults.Ok(await tasks.ListAsync(new TaskFilter(moveId, roles, mine ? caller.OwnerId(caller.Name) : null, state), page, pageSize, cancellationToken));
    }

    private static async Task<Results<Ok<TaskDetail>, ProblemHttpResult>> GetAsync(string id, TaskReader tasks, CancellationToken cancellationToken) =>
        await tasks.FindAsync(id, cancellationToken) is { } task ? TypedResults.Ok(task) : Problem(TaskAnswers.Unknown(id));

    private static async Task<Results<Ok<TaskReceipt>, Accepted<TaskReceipt>, ValidationProblem, ProblemHttpResult>> CompleteAsync(
        string id, CompleteTaskRequest request, HttpContext http, TaskAnswers answers, CancellationToken cancellationToken)
    {
        var (key, keyError) = Idempotency.Read(http.Request);
        if (keyError is not null)
        {
            return TypedResults.ValidationProblem(new Dictionary<string, string[]> { [Idempotency.HeaderName] = [keyError] });
        }

        return await answers.CompleteAsync(id, key, request, await Caller.ReadAsync(http), cancellationToken) switch
        {
            AnswerResult.Stored { Receipt: { Status: "accepted" } receipt } => TypedResults.Ok(receipt),
            AnswerResult.Stored { Receipt: var receipt } => TypedResults.Accepted($"/api/moves/{receipt.MoveId}", receipt),
            AnswerResult.Wrong wrong => TypedResults.ValidationProblem(
                new Dictionary<string, string[]>(wrong.Errors), "Nothing was stored; correct the answer and send it again.", title: "The answer does not fit the task"),
            AnswerResult.Refused refused => Problem(refused),
            var other => throw new InvalidOperationException($"Unknown result {other.GetType().Name}"),
        };
    }

    private static async Task<Results<Created<TaskFileView>, ValidationProblem, ProblemHttpResult>> AddFileAsync(
        string id,
        HttpContext http,
        TaskActs acts,
        TaskFiles files,
        TaskSettings settings,
        CancellationToken cancellationToken,
        [Description("What it is called; its ending says what it is")] string? name = null,
        [Description("For whom a key speaks")] string? by = null)
    {
        var (row, who, refusal) = await acts.FindOpenAsync(id, await Caller.ReadAsync(http), by, cancellationToken);
        if (row is null)
        {
            return refusal is AnswerResult.Wrong about ? Invalid(about) : Problem((AnswerResult.Refused)refusal!);
        }

        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = settings.LargestFile + 1;
        }

        var (file, wrong) = await files.KeepAsync(id, name, http.Request.Body, who, cancellationToken);
        return file is null ? MoveEndpoints.Invalid("file", wrong!) : TypedResults.Created($"/api/tasks/{id}/files/{file.Id}", TaskReader.View(file));
    }

    private static async Task<Results<Created<TaskLinkView>, ValidationProblem, ProblemHttpResult>> LinkAsync(
        string id,
        LinkTaskRequest request,
        HttpContext http,
        TaskActs acts,
        TaskLinks links,
        UserManager<Account> accounts,
        IOptions<HttpActivityOptions> address,
        CancellationToken cancellationToken)
    {
        if (request.Lifetime is { } lifetime && (lifetime < TimeSpan.FromMinutes(1) || lifetime > TimeSpan.FromDays(30)))
        {
            return MoveEndpoints.Invalid("lifetime", "A link is good for one minute to 30 days.");
        }

        var (row, by, refusal) = await acts.FindOpenAsync(id, await Caller.ReadAsync(http), request.By, cancellationToken);
        if (row is null)
        {
            return refusal is AnswerResult.Wrong about ? Invalid(about) : Problem((AnswerResult.Refused)refusal!);
        }

        var (person, unfit) = await TaskActs.ForAsync(row, request.To, accounts);
        if (person is null)
        {
            return Invalid(unfit!);
        }

        var (code, expires, wrong) = await links.IssueAsync(row, person, by, request.Lifetime, cancellationToken);
        if (code is null)
        {
            return MoveEndpoints.Invalid("to", wrong!);
        }

        var root = address.Value.BaseUrl ?? new Uri($"{http.Request.Scheme}://{http.Request.Host}");
        return TypedResults.Created((string?)null, new TaskLinkView(new Uri(root, $"{TaskLinks.Path}/{code}").ToString(), person.Name, expires));
    }

    private static async Task<Results<FileStreamHttpResult, ProblemHttpResult>> GetFileAsync(string id, string fileId, TaskStore tasks, TaskFiles files, CancellationToken cancellationToken)
    {
        if (await tasks.FindFileAsync(id, fileId, cancellationToken) is not { } file)
        {
            return TypedResults.Problem($"The task {id} has no file '{fileId}'. GET /api/tasks/{id} lists them.", statusCode: StatusCodes.Status404NotFound, title: "Unknown file");
        }

        if (files.Open(file) is not { } content)
        {
            return TypedResults.Problem(
                $"'{file.Name}' (SHA-256 {file.Digest}) is not in the folder evidence-files of the data directory any more. Bring it back from a backup under that name.",
                statusCode: StatusCodes.Status404NotFound,
                title: "The file is gone");
        }

        return TypedResults.File(content, file.Type, file.Name);
    }

    private static ValidationProblem Invalid(AnswerResult.Wrong wrong) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]>(wrong.Errors), "Nothing was changed.", title: "The request can not be used as it stands");

    private static ProblemHttpResult Problem(AnswerResult.Refused refused) =>
        TypedResults.Problem(refused.Detail, statusCode: refused.StatusCode, title: refused.Title, extensions: refused.Facts?.ToDictionary());
}
