using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using SpeElsa.Engine.Storage;

namespace SpeElsa.Engine.Persistence;

/// <summary>The engine's tables.</summary>
public sealed class EngineDbContext(DbContextOptions<EngineDbContext> options) : DbContext(options)
{
    internal DbSet<InstanceRow> Instances => Set<InstanceRow>();

    internal DbSet<InstanceStateRow> States => Set<InstanceStateRow>();

    internal DbSet<StimulusRow> Stimuli => Set<StimulusRow>();

    internal DbSet<BookmarkRecord> Bookmarks => Set<BookmarkRecord>();

    internal DbSet<TimerRecord> Timers => Set<TimerRecord>();

    internal DbSet<JournalPageRow> JournalPages => Set<JournalPageRow>();

    internal DbSet<ExecutionRow> Executions => Set<ExecutionRow>();

    internal DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    internal DbSet<DefinitionRecord> Definitions => Set<DefinitionRecord>();

    internal DbSet<TriggerRecord> Triggers => Set<TriggerRecord>();

    /// <inheritdoc />
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicksConverter>();
    }

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<InstanceRow>(entity =>
        {
            entity.ToTable("Instances").HasKey(row => row.Id);
            entity.Property(row => row.Status).HasConversion<string>();
            entity.Property(row => row.SubStatus).HasConversion<string>();
            entity.HasIndex(row => row.ReadyAt).HasFilter("\"Ready\" = 1");
            entity.HasIndex(row => new { row.DefinitionId, row.CreatedAt });
            entity.HasIndex(row => row.Owner).HasFilter("\"Owner\" IS NOT NULL");
            entity.HasIndex(row => new { row.Status, row.DefinitionId });
            entity.HasIndex(row => new { row.DefinitionId, row.DefinitionVersion });
            entity.HasIndex(row => row.DefinitionVersionId);
            entity.HasIndex(row => row.CorrelationId).HasFilter("\"CorrelationId\" IS NOT NULL");
            entity.HasIndex(row => row.ParentInstanceId).HasFilter("\"ParentInstanceId\" IS NOT NULL");
            entity.HasIndex(row => row.CreatedAt);
            entity.HasIndex(row => row.UpdatedAt);
            entity.HasIndex(row => row.FinishedAt);
            entity.HasIndex(row => row.Name);
        });
        modelBuilder.Entity<InstanceStateRow>(entity =>
        {
            entity.ToTable("InstanceStates").HasKey(row => row.InstanceId);
            entity.HasOne<InstanceRow>().WithOne().HasForeignKey<InstanceStateRow>(row => row.InstanceId);
        });
        modelBuilder.Entity<StimulusRow>(entity =>
        {
            entity.ToTable("Inbox").HasKey(row => row.Sequence);
            entity.Property(row => row.Kind).HasConversion<string>();
            entity.Property(row => row.State).HasConversion<string>();
            entity.HasIndex(row => row.Key).IsUnique();
            entity.HasIndex(row => row.Target).IsUnique().HasFilter("\"Target\" IS NOT NULL");
            entity.HasIndex(row => new { row.InstanceId, row.State });
        });
        modelBuilder.Entity<BookmarkRecord>(entity =>
        {
            entity.ToTable("Bookmarks").HasKey(row => row.Id);
            entity.HasIndex(row => row.Hash);
            entity.HasIndex(row => new { row.Name, row.CreatedAt });
            entity.HasIndex(row => row.InstanceId);
        });
        modelBuilder.Entity<TimerRecord>(entity =>
        {
            entity.ToTable("Timers").HasKey(row => row.BookmarkId);
            entity.HasIndex(row => row.DueAt);
        });
        modelBuilder.Entity<JournalPageRow>().ToTable("JournalPages").HasKey(row => new { row.InstanceId, row.FirstSequence });
        modelBuilder.Entity<ExecutionRow>().ToTable("Executions").HasKey(row => row.Id);
        modelBuilder.Entity<OutboxRow>(entity =>
        {
            entity.ToTable("Outbox").HasKey(row => row.Sequence);
            entity.HasIndex(row => row.Id).IsUnique();
        });
        modelBuilder.Entity<DefinitionRecord>(entity =>
        {
            entity.ToTable("Definitions").HasKey(row => row.Id);
            entity.HasIndex(row => new { row.DefinitionId, row.Version }).IsUnique();

            // Flags stand in a row behind its JSON: a list that sorts or counts reads them here instead.
            entity.HasIndex(row => new { row.Name, row.DefinitionId, row.Version, row.IsLatest, row.IsPublished, row.IsSystem, row.UsableAsActivity }, "IX_Definitions_Name");
            entity.HasIndex(row => new { row.CreatedAt, row.DefinitionId, row.Version, row.IsLatest, row.IsPublished, row.IsSystem }, "IX_Definitions_CreatedAt");
            entity.HasIndex(row => row.DefinitionId, "IX_Definitions_Latest").IsUnique().HasFilter("\"IsLatest\" = 1");
            entity.HasIndex(row => row.DefinitionId, "IX_Definitions_Published").IsUnique().HasFilter("\"IsPublished\" = 1");
        });
        modelBuilder.Entity<TriggerRecord>(entity =>
        {
            entity.ToTable("Triggers").HasKey(row => row.Id);
            entity.HasIndex(row => row.Hash);
            entity.HasIndex(row => row.DefinitionId);
            entity.HasIndex(row => row.DueAt).HasFilter("\"DueAt\" IS NOT NULL");
        });
    }
}

/// <summary>Lets the migrations tool make the context.</summary>
internal sealed class DesignTimeFactory : IDesignTimeDbContextFactory<EngineDbContext>
{
    public EngineDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<EngineDbContext>().UseSqlite("Data Source=design.db").Options);
}
