using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SpeElsa.Engine.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Versions : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "IsSystem",
                table: "Instances",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsReadonly",
                table: "Definitions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "IsSystem",
                table: "Definitions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<string>(
                name: "MaterializerName",
                table: "Definitions",
                type: "TEXT",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "ProviderName",
                table: "Definitions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "PublishedAt",
                table: "Definitions",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Revision",
                table: "Definitions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Source",
                table: "Definitions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "SourceHash",
                table: "Definitions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "ToolVersion",
                table: "Definitions",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "UsableAsActivity",
                table: "Definitions",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            // So far all versions were published, and came from files named like their definition.
            migrationBuilder.Sql(
                """
                UPDATE "Definitions" SET
                    "Revision" = 1,
                    "MaterializerName" = 'Json',
                    "PublishedAt" = "CreatedAt",
                    "Source" = "DefinitionId" || '.json',
                    "SourceHash" = "ContentHash";
                """);

            migrationBuilder.CreateTable(
                name: "Triggers",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", nullable: false),
                    DefinitionId = table.Column<string>(type: "TEXT", nullable: false),
                    DefinitionVersionId = table.Column<string>(type: "TEXT", nullable: false),
                    DefinitionVersion = table.Column<int>(type: "INTEGER", nullable: false),
                    ActivityId = table.Column<string>(type: "TEXT", nullable: false),
                    Name = table.Column<string>(type: "TEXT", nullable: false),
                    Hash = table.Column<string>(type: "TEXT", nullable: false),
                    Payload = table.Column<string>(type: "TEXT", nullable: true),
                    DueAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Triggers", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Instances_CorrelationId",
                table: "Instances",
                column: "CorrelationId",
                filter: "\"CorrelationId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_CreatedAt",
                table: "Instances",
                column: "CreatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_DefinitionId_DefinitionVersion",
                table: "Instances",
                columns: new[] { "DefinitionId", "DefinitionVersion" });

            migrationBuilder.CreateIndex(
                name: "IX_Instances_DefinitionVersionId",
                table: "Instances",
                column: "DefinitionVersionId");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_FinishedAt",
                table: "Instances",
                column: "FinishedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_Name",
                table: "Instances",
                column: "Name");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_ParentInstanceId",
                table: "Instances",
                column: "ParentInstanceId",
                filter: "\"ParentInstanceId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Instances_Status_DefinitionId",
                table: "Instances",
                columns: new[] { "Status", "DefinitionId" });

            migrationBuilder.CreateIndex(
                name: "IX_Instances_UpdatedAt",
                table: "Instances",
                column: "UpdatedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Definitions_Latest",
                table: "Definitions",
                column: "DefinitionId",
                unique: true,
                filter: "\"IsLatest\" = 1");

            migrationBuilder.CreateIndex(
                name: "IX_Definitions_Published",
                table: "Definitions",
                column: "DefinitionId",
                unique: true,
                filter: "\"IsPublished\" = 1");

            migrationBuilder.CreateIndex(
                name: "IX_Triggers_DefinitionId",
                table: "Triggers",
                column: "DefinitionId");

            migrationBuilder.CreateIndex(
                name: "IX_Triggers_DueAt",
                table: "Triggers",
                column: "DueAt",
                filter: "\"DueAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_Triggers_Hash",
                table: "Triggers",
                column: "Hash");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "Triggers");

            migrationBuilder.DropIndex(
                name: "IX_Instances_CorrelationId",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Instances_CreatedAt",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Instances_DefinitionId_DefinitionVersion",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Instances_DefinitionVersionId",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Instances_FinishedAt",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Instances_Name",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Instances_ParentInstanceId",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Instances_Status_DefinitionId",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Instances_UpdatedAt",
                table: "Instances");

            migrationBuilder.DropIndex(
                name: "IX_Definitions_Latest",
                table: "Definitions");

            migrationBuilder.DropIndex(
                name: "IX_Definitions_Published",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "IsSystem",
                table: "Instances");

            migrationBuilder.DropColumn(
                name: "IsReadonly",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "IsSystem",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "MaterializerName",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "ProviderName",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "PublishedAt",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "Revision",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "Source",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "SourceHash",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "ToolVersion",
                table: "Definitions");

            migrationBuilder.DropColumn(
                name: "UsableAsActivity",
                table: "Definitions");
        }
    }
}
