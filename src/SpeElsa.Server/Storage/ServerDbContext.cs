using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using SpeElsa.Engine.Persistence;
using SpeElsa.Server.Audit;
using SpeElsa.Server.Identity;
using SpeElsa.Server.Moves.Plans;
using SpeElsa.Server.Moves.Windows;
using SpeElsa.Server.Notices;
using SpeElsa.Server.Secrets;
using SpeElsa.Server.Tasks;

namespace SpeElsa.Server.Storage;

/// <summary>What the server itself keeps, in the engine's file: accounts, their roles and keys, plans. It writes when it is its turn.</summary>
/// <param name="options">How the file is reached.</param>
/// <param name="turn">Whose turn it is; null for the migrations tool.</param>
internal sealed class ServerDbContext(DbContextOptions<ServerDbContext> options, WriterTurn? turn) : IdentityDbContext<Account>(options)
{
    /// <summary>Where the migrations of these tables are noted.</summary>
    public const string MigrationsTable = "__AccessMigrationsHistory";

    public DbSet<SetUpLinkRow> SetUpLinks => Set<SetUpLinkRow>();

    public DbSet<ApplicationRow> Applications => Set<ApplicationRow>();

    public DbSet<PlanRow> Plans => Set<PlanRow>();

    public DbSet<SecretRow> Secrets => Set<SecretRow>();

    public DbSet<WindowRow> Windows => Set<WindowRow>();

    public DbSet<TaskRow> Tasks => Set<TaskRow>();

    public DbSet<TaskNoteRow> TaskNotes => Set<TaskNoteRow>();

    public DbSet<TaskFileRow> TaskFiles => Set<TaskFileRow>();

    public DbSet<TaskLinkRow> TaskLinks => Set<TaskLinkRow>();

    public DbSet<NoticeRow> Notices => Set<NoticeRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    /// <summary>Runs writes that belong together: all of them or none.</summary>
    public async Task<T> InOneTurnAsync<T>(Func<Task<(bool Commit, T Result)>> work, CancellationToken cancellationToken)
    {
        using var held = turn is null ? null : await turn.TakeAsync(cancellationToken);
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var (commit, result) = await work();
        if (commit)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return result;
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (turn is null || Database.CurrentTransaction is not null || !ChangeTracker.HasChanges())
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        using var held = await turn.TakeAsync(cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Nothing here may write outside of its turn.</summary>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) => throw new NotSupportedException("Use SaveChangesAsync: it waits for its turn.");

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Account>().ToTable("Users");
        builder.Entity<IdentityRole>().ToTable("Roles").HasData(
            ServerRoles.All.Select(role => new IdentityRole(role.Id) { Id = role.Id, NormalizedName = role.Id.ToUpperInvariant(), ConcurrencyStamp = role.Id }));
        builder.Entity<IdentityUserRole<string>>().ToTable("UserRoles");
        builder.Entity<IdentityUserClaim<string>>().ToTable("UserClaims");
        builder.Entity<IdentityUserLogin<string>>().ToTable("UserLogins");
        builder.Entity<IdentityUserToken<string>>().ToTable("UserTokens");
        builder.Entity<IdentityRoleClaim<string>>().ToTable("RoleClaims");
        builder.Entity<SetUpLinkRow>().ToTable("SetUpLinks").HasKey(row => row.Hash);
        builder.Entity<PlanRow>(entity =>
        {
            entity.ToTable("Plans").HasKey(row => row.Id);
            entity.Property(row => row.State).HasConversion<string>();
            entity.Property(row => row.Version).IsConcurrencyToken();
            entity.HasIndex(row => new { row.State, row.StartAt });
            entity.HasIndex(row => row.CreatedAt);
        });
        builder.Entity<SecretRow>(entity => entity.ToTable("Secrets").HasKey(row => row.Name));
        builder.Entity<WindowRow>(entity =>
        {
            entity.ToTable("MoveWindows").HasKey(row => row.MoveId);
            entity.Property(row => row.DowntimeBudget).HasConversion<long?>();
            entity.HasIndex(row => row.IsClosed);
        });
        builder.Entity<TaskRow>(entity =>
        {
            entity.ToTable("Tasks").HasKey(row => row.Id);
            entity.Property(row => row.State).HasConversion<string>();
            entity.Property(row => row.Version).IsConcurrencyToken();
            entity.HasIndex(row => new { row.MoveId, row.State });
            entity.HasIndex(row => new { row.State, row.CreatedAt });
            entity.HasIndex(row => new { row.State, row.Role, row.CreatedAt });
            entity.HasIndex(row => new { row.State, row.DueAt });
            entity.HasIndex(row => new { row.State, row.NudgeAt });
            entity.HasIndex(row => new { row.State, row.ClosedAt });
        });
        builder.Entity<TaskNoteRow>(entity =>
        {
            entity.ToTable("TaskNotes").HasKey(row => row.Id);
            entity.HasIndex(row => row.TaskId);
        });
        builder.Entity<TaskFileRow>(entity =>
        {
            entity.ToTable("TaskFiles").HasKey(row => row.Id);
            entity.HasIndex(row => row.TaskId);
        });
        builder.Entity<TaskLinkRow>(entity =>
        {
            entity.ToTable("TaskLinks").HasKey(row => row.Hash);
            entity.HasIndex(row => row.TaskId);
        });
        builder.Entity<NoticeRow>(entity =>
        {
            entity.ToTable("Notices").HasKey(row => row.Id);
            entity.HasIndex(row => row.NextAt);
            entity.HasIndex(row => row.CreatedAt);
        });
        builder.Entity<AuditRow>(entity =>
        {
            entity.ToTable("Audit").HasKey(row => row.Id);
            entity.HasIndex(row => row.At);
            entity.HasIndex(row => row.Actor);
        });
        builder.Entity<ApplicationRow>(entity =>
        {
            entity.ToTable("Applications").HasKey(row => row.Id);
            entity.HasIndex(row => row.ClientId).IsUnique();
            entity.Property(row => row.Name).UseCollation("NOCASE");
            entity.HasIndex(row => row.Name).IsUnique();
        });
    }
}

/// <summary>Lets the migrations tool make the context.</summary>
internal sealed class ServerDesignTimeFactory : IDesignTimeDbContextFactory<ServerDbContext>
{
    public ServerDbContext CreateDbContext(string[] args) => new(
        new DbContextOptionsBuilder<ServerDbContext>().UseSqlite("Data Source=design.db", sqlite => sqlite.MigrationsHistoryTable(ServerDbContext.MigrationsTable)).Options,
        turn: null);
}
