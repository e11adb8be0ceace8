using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SpeElsa.Engine.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class JournalPages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Without a number of its own for each row, of which nobody asks, it is half as large.
            migrationBuilder.Sql("""
                CREATE TABLE "Executions" ("Id" TEXT NOT NULL PRIMARY KEY, "InstanceId" TEXT NOT NULL) WITHOUT ROWID;
                """);

            migrationBuilder.CreateTable(
                name: "JournalPages",
                columns: table => new
                {
                    InstanceId = table.Column<string>(type: "TEXT", nullable: false),
                    FirstSequence = table.Column<long>(type: "INTEGER", nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false),
                    Content = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JournalPages", x => new { x.InstanceId, x.FirstSequence });
                });

            // Each row of before becomes a page of its own, not compressed: its hash goes on to hold for it.
            migrationBuilder.Sql("""
                INSERT INTO "JournalPages" ("InstanceId", "FirstSequence", "Count", "Hash", "Content")
                SELECT "InstanceId", "Sequence", 1, "Hash", CAST(char(1) || json_array(json_array(
                    "Timestamp", "EventName", "ActivityId", "NodeId", "ActivityInstanceId", "ParentActivityInstanceId", "ActivityType", "ActivityTypeVersion",
                    "ActivityName", "Message", "Source", CASE "Role" WHEN 'Intent' THEN 1 WHEN 'Result' THEN 2 ELSE 0 END, "Attempt", "Payload")) AS BLOB)
                FROM "Journal";
                INSERT OR IGNORE INTO "Executions" ("Id", "InstanceId") SELECT "ActivityInstanceId", "InstanceId" FROM "Journal" WHERE "EventName" IN ('Started', 'Faulted');
                """);

            migrationBuilder.DropTable(
                name: "Journal");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // SQL can not read compressed pages: the journals of before the way down are gone.
            migrationBuilder.DropTable(
                name: "Executions");

            migrationBuilder.DropTable(
                name: "JournalPages");

            migrationBuilder.CreateTable(
                name: "Journal",
                columns: table => new
                {
                    InstanceId = table.Column<string>(type: "TEXT", nullable: false),
                    Sequence = table.Column<long>(type: "INTEGER", nullable: false),
                    ActivityId = table.Column<string>(type: "TEXT", nullable: false),
                    ActivityInstanceId = table.Column<string>(type: "TEXT", nullable: false),
                    ActivityName = table.Column<string>(type: "TEXT", nullable: true),
                    ActivityType = table.Column<string>(type: "TEXT", nullable: false),
                    ActivityTypeVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    Attempt = table.Column<int>(type: "INTEGER", nullable: false),
                    EventName = table.Column<string>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false),
                    Message = table.Column<string>(type: "TEXT", nullable: true),
                    NodeId = table.Column<string>(type: "TEXT", nullable: false),
                    ParentActivityInstanceId = table.Column<string>(type: "TEXT", nullable: true),
                    Payload = table.Column<string>(type: "TEXT", nullable: true),
                    Role = table.Column<string>(type: "TEXT", nullable: false),
                    Source = table.Column<string>(type: "TEXT", nullable: true),
                    Timestamp = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Journal", x => new { x.InstanceId, x.Sequence });
                });

            migrationBuilder.CreateIndex(
                name: "IX_Journal_ActivityInstanceId",
                table: "Journal",
                column: "ActivityInstanceId",
                filter: "\"EventName\" IN ('Started', 'Faulted')");
        }
    }
}
