namespace SpeElsa.Engine.Persistence;

/// <summary>What is run for every burst. Tables and columns are those of <see cref="EngineDbContext"/>.</summary>
internal static class EngineStatements
{
    public const string Instance =
        """SELECT "Id", "DefinitionId", "DefinitionVersionId", "DefinitionVersion", "DefinitionHash", "Status", "SubStatus", "CorrelationId", "Name", "ParentInstanceId", "IncidentCount", "CreatedAt", "UpdatedAt", "FinishedAt", "StateVersion", "JournalSequence", "JournalHash", "SetAside", "IsSystem" FROM "Instances" WHERE "Id" = $1""";

    public const string AddInstance =
        """INSERT INTO "Instances" ("Id", "DefinitionId", "DefinitionVersionId", "DefinitionVersion", "DefinitionHash", "Status", "SubStatus", "CorrelationId", "Name", "ParentInstanceId", "IncidentCount", "CreatedAt", "UpdatedAt", "FinishedAt", "StateVersion", "JournalSequence", "JournalHash", "SetAside", "IsSystem", "Ready", "Epoch") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 0, 0)""";

    public const string UpdateInstance =
        """UPDATE "Instances" SET "DefinitionVersionId" = $5, "DefinitionVersion" = $6, "DefinitionHash" = $7, "Status" = $8, "SubStatus" = $9, "CorrelationId" = $10, "Name" = $11, "IncidentCount" = $12, "UpdatedAt" = $13, "FinishedAt" = $14, "StateVersion" = $15, "JournalSequence" = $16, "JournalHash" = $17, "Owner" = $18 WHERE "Id" = $1 AND "Owner" = $2 AND "Epoch" = $3 AND "StateVersion" = $4""";

    public const string Standing = """SELECT "Status", "SubStatus" FROM "Instances" WHERE "Id" = $1""";

    public const string IsExecuting =
        """SELECT 1 FROM "Instances" WHERE "Id" = $1 AND ("Ready" = 1 OR ("Owner" IS NOT NULL AND "Status" <> 'Finished')) AND "SetAside" IS NULL""";

    public const string RunsOfDefinition = """SELECT 1 FROM "Instances" WHERE "Status" = 'Running' AND "DefinitionId" = $1 LIMIT 1""";

    public const string RunsOfDefinitionAndCorrelation = """SELECT 1 FROM "Instances" WHERE "Status" = 'Running' AND "DefinitionId" = $1 AND "CorrelationId" = $2 LIMIT 1""";

    public const string RunsOfCorrelation = """SELECT 1 FROM "Instances" WHERE "Status" = 'Running' AND "CorrelationId" = $1 LIMIT 1""";

    public const string DefinitionDiffers = """SELECT 1 FROM "Definitions" WHERE "Id" = $1 AND "ContentHash" <> $2""";

    /// <summary>Who became ready first is first, whenever it was changed last: nobody waits while others go before him again and again.</summary>
    public const string Ready =
        """SELECT "Id" FROM "Instances" WHERE "Ready" = 1 AND "SetAside" IS NULL AND ("Owner" IS NULL OR "LeaseUntil" <= $1 OR "LeaseUntil" > $2) ORDER BY "ReadyAt" LIMIT $3""";

    public const string Claim =
        """UPDATE "Instances" SET "Owner" = $2, "LeaseUntil" = $3, "Epoch" = "Epoch" + 1 WHERE "Id" = $1 AND "Ready" = 1 AND "SetAside" IS NULL AND ("Owner" IS NULL OR "LeaseUntil" <= $4 OR "LeaseUntil" > $5) RETURNING "Epoch" """;

    public const string Wake = """UPDATE "Instances" SET "ReadyAt" = CASE WHEN "Ready" = 1 THEN "ReadyAt" ELSE $2 END, "Ready" = 1 WHERE "Id" = $1""";

    public const string SetReady = """UPDATE "Instances" SET "Ready" = $2, "ReadyAt" = $3 WHERE "Id" = $1""";

    public const string State = """SELECT "State" FROM "InstanceStates" WHERE "InstanceId" = $1""";

    public const string KeepState = """INSERT INTO "InstanceStates" ("InstanceId", "State") VALUES ($1, $2) ON CONFLICT ("InstanceId") DO UPDATE SET "State" = excluded."State" """;

    public const string OpenStimuli = SelectStimulus + """WHERE "InstanceId" = $1 AND "State" IN ('Pending', 'Waiting') ORDER BY "Sequence" """;

    public const string StimulusOfKey = SelectStimulus + """WHERE "Key" = $1""";

    public const string StimulusOfTarget = SelectStimulus + """WHERE "Target" = $1""";

    public const string AddStimulus =
        """INSERT INTO "Inbox" ("Key", "Kind", "InstanceId", "BookmarkId", "Hash", "Target", "Fingerprint", "Input", "Receipt", "ReceivedAt", "State") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'Pending') RETURNING "Sequence" """;

    public const string MarkStimulus = """UPDATE "Inbox" SET "State" = $2 WHERE "Sequence" = $1""";

    public const string HasPending = """SELECT 1 FROM "Inbox" WHERE "InstanceId" = $1 AND "State" = 'Pending' LIMIT 1""";

    public const string AddBookmark =
        """INSERT INTO "Bookmarks" ("Id", "InstanceId", "Name", "Hash", "ActivityId", "ActivityNodeId", "ActivityInstanceId", "Payload", "CreatedAt") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ("Id") DO NOTHING""";

    public const string RemoveBookmark = """DELETE FROM "Bookmarks" WHERE "Id" = $1""";

    public const string AddTimer = """INSERT INTO "Timers" ("BookmarkId", "InstanceId", "DueAt") VALUES ($1, $2, $3)""";

    public const string RemoveTimer = """DELETE FROM "Timers" WHERE "BookmarkId" = $1""";

    public const string IsTimerDue = """SELECT 1 FROM "Timers" WHERE "DueAt" <= $1 LIMIT 1""";

    public const string DueTimers = """SELECT "BookmarkId", "InstanceId", "DueAt" FROM "Timers" WHERE "DueAt" <= $1 ORDER BY "DueAt" LIMIT $2""";

    public const string IsTriggerDue = """SELECT 1 FROM "Triggers" WHERE "DueAt" IS NOT NULL AND "DueAt" <= $1 LIMIT 1""";

    public const string NextDue =
        """SELECT min("DueAt") FROM (SELECT min("DueAt") AS "DueAt" FROM "Timers" UNION ALL SELECT min("DueAt") FROM "Triggers" WHERE "DueAt" IS NOT NULL)""";

    public const string MoveTrigger = """UPDATE "Triggers" SET "DueAt" = $3 WHERE "Id" = $1 AND "DueAt" = $2""";

    public const string AddJournalPage = """INSERT INTO "JournalPages" ("InstanceId", "FirstSequence", "Count", "Hash", "Content") VALUES ($1, $2, $3, $4, $5)""";

    public const string AddExecution = """INSERT INTO "Executions" ("Id", "InstanceId") VALUES ($1, $2) ON CONFLICT ("Id") DO NOTHING""";

    public const string InstanceOfExecution = """SELECT "InstanceId" FROM "Executions" WHERE "Id" = $1""";

    /// <summary>The page that a row stands in, and all after it.</summary>
    public const string JournalPagesFrom =
        """SELECT "FirstSequence", "Count", "Hash", "Content" FROM "JournalPages" WHERE "InstanceId" = $1 AND "FirstSequence" >= coalesce((SELECT max("FirstSequence") FROM "JournalPages" WHERE "InstanceId" = $1 AND "FirstSequence" <= $2), 0) ORDER BY "FirstSequence" """;

    public const string JournalHashBefore = """SELECT "Hash" FROM "JournalPages" WHERE "InstanceId" = $1 AND "FirstSequence" < $2 ORDER BY "FirstSequence" DESC LIMIT 1""";

    public const string AddOutbox = """INSERT INTO "Outbox" ("Id", "InstanceId", "Kind", "Payload", "CreatedAt") VALUES ($1, $2, $3, $4, $5)""";

    public const string NextOutbox = """SELECT "Id", "InstanceId", "Kind", "Payload", "CreatedAt" FROM "Outbox" ORDER BY "Sequence" LIMIT $1""";

    public const string Definition = SelectDefinition + """WHERE "Id" = $1""";

    public const string PublishedDefinition = SelectDefinition + """WHERE "DefinitionId" = $1 AND "IsPublished" = 1""";

    private const string SelectDefinition =
        """SELECT "Id", "DefinitionId", "Version", "Revision", "Name", "Description", "ContentHash", "IsLatest", "IsPublished", "IsReadonly", "IsSystem", "UsableAsActivity", "ProviderName", "MaterializerName", "ToolVersion", "Source", "SourceHash", "CreatedAt", "PublishedAt", "Json" FROM "Definitions" """;

    private const string SelectStimulus =
        """SELECT "Sequence", "Key", "Kind", "InstanceId", "BookmarkId", "Hash", "Target", "Fingerprint", "Input", "Receipt", "ReceivedAt", "State" FROM "Inbox" """;
}
